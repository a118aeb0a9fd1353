//! Running the targets.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use super::options::FuzzOptions;
use super::report::Figures;
use super::{build, seeds};
use crate::error::TaskError;
use crate::{command, out};

/// Which target the program runs; `list` prints their names.
const TARGET: &str = "MBS_FUZZ_TARGET";

/// Longest input, in bytes. Nothing in the readers depends on more, and short inputs are tried more often.
const LONGEST: &str = "-max_len=16384";
/// An input may take so many seconds and MiB; more is a finding.
const TIME: &str = "-timeout=10";
const MEMORY: &str = "-rss_limit_mb=2048";

/// Builds everything, runs the targets and tells what came out. A finding is an error.
pub(crate) fn run(options: &FuzzOptions) -> Result<(), TaskError> {
    let program = build::run()?;
    let known = command::output(command::program(&program).env(TARGET, "list"))?;
    let known: Vec<&str> = known.lines().collect();
    if let Some(name) = options.targets.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(TaskError::Usage(format!("no target `{name}`; there is: {}", known.join(", "))));
    }
    let chosen: Vec<&str> =
        if options.targets.is_empty() { known } else { options.targets.iter().map(String::as_str).collect() };
    if let Some(input) = &options.replay {
        return chosen.iter().try_for_each(|target| replay(&program, target, input));
    }
    let seeds = build::folder().join("seeds");
    out::note(&format!("{} inputs of this repository to start from", seeds::copy(&seeds)?));

    let queue = Mutex::new(chosen.iter());
    let found = Mutex::new(Vec::new());
    let worker = || -> Result<(), TaskError> {
        loop {
            // The lock is gone before the target runs.
            let next = queue.lock().map_or(None, |mut queue| queue.next());
            let Some(target) = next else { return Ok(()) };
            let figures = one(&program, target, options.minutes, &seeds)?;
            out::say(&figures.line(target));
            if let (Some(finding), Ok(mut found)) = (figures.finding, found.lock()) {
                found.push(format!("`cargo xtask fuzz --target {target} --replay {finding}`"));
            }
        }
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.jobs.min(chosen.len())).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().try_for_each(|one| one.join().unwrap_or_else(|_| Err(died())))
    })?;
    let found = found.into_inner().unwrap_or_default();
    if found.is_empty() {
        return Ok(());
    }
    Err(TaskError::Check(format!("a target failed; see it with {}", found.join(", "))))
}

fn died() -> TaskError {
    TaskError::Check("a worker of this program panicked".into())
}

/// Runs one target for a while; its own output goes to a log.
fn one(program: &Path, target: &str, minutes: u64, seeds: &Path) -> Result<Figures, TaskError> {
    let folder = build::folder();
    let made = |name: &str| -> Result<PathBuf, TaskError> {
        let path = folder.join(name).join(target);
        std::fs::create_dir_all(&path).map_err(TaskError::io("create", &path))?;
        Ok(path)
    };
    let (corpus, artifacts) = (made("corpus")?, made("artifacts")?);
    let log = made("logs")?.join("last");
    let mut fuzz = command::program(program);
    fuzz.env(TARGET, target).args([LONGEST, TIME, MEMORY, "-print_final_stats=1", "-dict=fuzz/modulemd.dict"]);
    fuzz.arg(format!("-max_total_time={}", minutes.saturating_mul(60)));
    fuzz.arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzz.arg(&corpus).arg(seeds);
    fuzz.stderr(File::create(&log).map_err(TaskError::io("create", &log))?);
    let ended = command::run(&mut fuzz);
    let written = std::fs::read(&log).map_err(TaskError::io("read", &log))?;
    // Inputs are shown in the log, and those are any bytes.
    let text: String = written.iter().filter(|byte| byte.is_ascii()).map(|byte| char::from(*byte)).collect();
    let figures = Figures::of(&text);
    match ended {
        Ok(()) => Ok(figures),
        Err(_) if figures.finding.is_some() => Ok(figures),
        Err(err) => Err(TaskError::Check(format!("{err}; its output is in `{}`", log.display()))),
    }
}

/// Runs one target on one input, with its output on the terminal.
fn replay(program: &Path, target: &str, input: &Path) -> Result<(), TaskError> {
    // Programs are started in the workspace's folder, whatever the caller's is.
    let input = std::path::absolute(input).map_err(TaskError::io("find", input))?;
    let mut fuzz = command::program(program);
    command::run(fuzz.env(TARGET, target).env("RUST_BACKTRACE", "1").args([TIME, MEMORY]).arg(input))
}
