//! `mbs build` of the example: how long it takes, and what mbs adds to the programs it calls.
//!
//! `mbs` itself is run, optimised, as a user runs it, with empty state, cache and result folders each time. It tells when
//! each program it called ran (git, and in the sandbox rpm, rpmbuild and whatever else; `createrepo_c` and the programs
//! that look at the machine), in time of a clock that all processes share. Where at least one of them runs, the build
//! waits for it; what is left between the start of `mbs` and its end is what mbs adds, its own start, waiting, copying,
//! synchronising and setting sandboxes up included.

use mbs_benches::{Format, Row, Span, build, covered, median, monotonic};
use std::error::Error;
use std::path::Path;
use std::process::{Command, Stdio};

/// Builds that are measured.
const BUILDS: usize = 7;

/// Programs without which there is nothing to measure.
const NEEDED: [&str; 4] = ["git", "rpm", "rpmbuild", "createrepo_c"];

#[expect(clippy::print_stderr, reason = "tells why there is no figure")]
fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let is_missing = |program: &&str| !std::env::split_paths(&path).any(|folder| folder.join(program).is_file());
    if let Some(program) = NEEDED.iter().find(|program| is_missing(program)) {
        eprintln!("skipped: there is no `{program}` on this machine");
        return Ok(());
    }
    let mbs = build("mbs-cli", "mbs")?;
    let folder = tempfile::tempdir()?;
    let repos = folder.path().join("repos");
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("examples");
    let mut script = command("sh");
    script.arg(examples.join("make-repos.sh")).arg(examples.join("greenhouse")).arg(&repos);
    successful(&mut script)?;
    let module = repos.join("modules/greenhouse/greenhouse.yaml");

    let (mut times, mut shares) = (Vec::new(), Vec::new());
    for number in 0..BUILDS {
        let place = folder.path().join(format!("build-{number}"));
        let (whole, programs) = measure(&mbs, &module, &place)?;
        let lasted = whole.1 - whole.0;
        let outside = covered(whole, &programs);
        #[expect(clippy::cast_precision_loss, reason = "figures for people")]
        let (seconds, share) = (lasted as f64 / 1e9, (lasted - outside) as f64 / outside as f64 * 100.0);
        times.push(seconds);
        shares.push(share);
    }
    let format = Format::from_args(&args);
    let row = |case: &str, value, unit| Row { bench: "example", case: case.to_owned(), value, unit, peer: None };
    row("greenhouse", median(&mut times), "s").print(format);
    row("greenhouse best", times[0], "s").print(format);
    row("added to programs", median(&mut shares), "%").print(format);
    row("added to programs best", shares[0], "%").print(format);
    Ok(())
}

/// Builds the module in empty folders: from when to when, and the same of each program that was called.
fn measure(mbs: &Path, module: &Path, place: &Path) -> Result<(Span, Vec<Span>), Box<dyn Error>> {
    let mut build = command(mbs);
    build.arg("--quiet").arg("build").arg(module);
    for (option, name) in [("--results", "results"), ("--state-dir", "state"), ("--cache-dir", "cache")] {
        build.arg(option).arg(place.join(name));
    }
    build.env("MBS_LOG", "error,mbs::external=trace");
    let began = monotonic();
    let told = successful(&mut build)?;
    let whole = (began, monotonic());
    let programs: Vec<Span> = told.lines().filter_map(span).collect();
    if programs.is_empty() {
        return Err("mbs told of no program that it called".into());
    }
    Ok((whole, programs))
}

/// Reads `began=N ended=N` from a line of the log.
fn span(line: &str) -> Option<Span> {
    let field = |name: &str| line.split(' ').find_map(|word| word.strip_prefix(name)?.parse().ok());
    Some((field("began=")?, field("ended=")?))
}

#[expect(clippy::disallowed_methods, reason = "the programs that are measured, or make what they need")]
fn command(program: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(program);
    command.stdin(Stdio::null());
    command
}

/// Runs a program; returns what it wrote to standard error.
fn successful(command: &mut Command) -> Result<String, Box<dyn Error>> {
    let output = command.output()?;
    let told = String::from_utf8(output.stderr)?;
    if output.status.success() { Ok(told) } else { Err(format!("{command:?} failed: {told}").into()) }
}
