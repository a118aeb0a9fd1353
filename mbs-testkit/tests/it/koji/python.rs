//! Koji's own client drives the hub.

use mbs_testkit::koji::{FakeHub, Hub, HubVersion};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const NEEDED: [&str; 2] = ["koji", "requests six python-dateutil defusedxml"];

#[expect(clippy::disallowed_methods, reason = "the client is a program of its own")]
fn command(program: &Path) -> Command {
    Command::new(program)
}

fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    if output.status.success() { Ok(output) } else { Err(String::from_utf8(said).unwrap_or_default()) }
}

/// The interpreter with the client, made once; or why there is none.
fn interpreter() -> Result<PathBuf, String> {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("koji-client");
    let python = folder.join("bin/python");
    let probe = |python: &Path| run(command(python).args(["-c", "import koji"])).map(drop);
    if probe(&python).is_ok() {
        return Ok(python);
    }
    run(command(Path::new("python3")).args(["-m", "venv", "--clear"]).arg(&folder))?;
    let pip = |args: &[&str]| {
        run(command(&python).args(["-m", "pip", "install", "--quiet", "--retries", "1", "--timeout", "15"]).args(args))
            .map(drop)
    };
    pip(&["--no-deps", NEEDED[0]])?;
    pip(&NEEDED[1].split(' ').collect::<Vec<_>>())?;
    probe(&python).map(|()| python)
}

#[test]
fn the_original_client_works_with_every_version() {
    let python = match interpreter() {
        Ok(python) => python,
        Err(error) => {
            eprintln!("skipped: the Python package `koji` cannot be installed: {error}");
            return;
        }
    };
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/it/koji/client.py");
    for version in HubVersion::ALL {
        let hub = FakeHub::start(Hub::new(version)).expect("a free port");
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("koji-files-{version}"));
        std::fs::create_dir_all(&folder).expect("a folder");
        let mut client = command(&python);
        client.arg(&script).arg(hub.url()).arg(version.to_string()).arg(&folder).env("PYTHONDONTWRITEBYTECODE", "1");
        run(&mut client).unwrap_or_else(|error| panic!("hub {version}: {error}"));
    }
}
