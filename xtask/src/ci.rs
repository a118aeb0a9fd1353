//! `ci`: everything continuous integration runs, in order, up to the first failure.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::cli::{Install, TestOptions};
use crate::error::TaskError;
use crate::{check, command, out, simulate, test};

/// Seeds that every run tries, so that a change is compared with the run before it.
const FIXED_SEEDS: &str = "2000";
/// Seeds that no run before has tried.
const FRESH_SEEDS: &str = "1000";

/// What a step has to say at the end, beside success.
type StepResult = Result<Option<String>, TaskError>;
type Step = Box<dyn Fn() -> StepResult>;

/// Runs all steps; the summary is printed on success and on failure.
pub(crate) fn run(install: Install) -> Result<(), TaskError> {
    let fresh = fresh_seed();
    let steps: Vec<(&str, Step)> = vec![
        ("fmt", Box::new(|| silent(fmt()))),
        ("clippy", Box::new(|| silent(clippy()))),
        ("doc", Box::new(|| silent(doc()))),
        ("check-size", Box::new(|| silent(check::size::run()))),
        ("check-core", Box::new(|| silent(check::core::run()))),
        ("fuzz lock", Box::new(|| silent(fuzz_lock()))),
        ("check-bans", Box::new(|| silent(check::bans::run()))),
        ("deny", Box::new(deny)),
        ("test", Box::new(move || tests(install))),
        ("simulate", Box::new(|| silent(seeds("0", FIXED_SEEDS)))),
        ("simulate fresh", Box::new(move || fresh_seeds(fresh))),
    ];
    let mut done = Vec::new();
    let mut last_words = Vec::new();
    let mut failed = None;
    for (name, step) in &steps {
        out::note(&format!("==> {name}"));
        let begin = now();
        let result = step();
        let took = begin.elapsed();
        out::note(&format!("<== {name}: {}", seconds(took)));
        done.push((*name, took, result.is_ok()));
        match result {
            Ok(words) => last_words.extend(words),
            Err(err) => {
                failed = Some(TaskError::Check(format!("`{name}` failed: {err}")));
                break;
            }
        }
    }
    out::say(&summary(&done, steps.len()));
    out::say("skipped: advisories of dependencies (needs the advisory database)");
    out::say("skipped: set-up on Fedora (needs a Fedora machine)");
    for line in &last_words {
        out::say(line);
    }
    failed.map_or(Ok(()), Err)
}

fn silent(result: Result<(), TaskError>) -> StepResult {
    result.map(|()| None)
}

fn fmt() -> Result<(), TaskError> {
    command::run(command::cargo("fmt").args(["--all", "--check"]))?;
    // Not a member of the workspace. What it runs is, so that formatting is all that is left to check without libFuzzer.
    command::run(command::cargo("fmt").args(["--manifest-path", "fuzz/Cargo.toml", "--check"]))
}

/// The package `fuzz` has its own lock file, which must know what the members it uses depend on today.
fn fuzz_lock() -> Result<(), TaskError> {
    let mut tree = command::cargo("tree");
    command::output(tree.args(["--locked", "--manifest-path", "fuzz/Cargo.toml"])).map(drop).map_err(|err| {
        TaskError::Check(format!(
            "{err}\nhint: `cargo tree --manifest-path fuzz/Cargo.toml` brings the lock file up to date"
        ))
    })
}

fn clippy() -> Result<(), TaskError> {
    let mut cargo = command::cargo("clippy");
    command::run(cargo.args(["--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]))
}

fn doc() -> Result<(), TaskError> {
    let mut cargo = command::cargo("doc");
    command::run(cargo.args(["--workspace", "--no-deps", "--locked"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Licences and bans need no database; the tool itself is not everywhere.
fn deny() -> StepResult {
    let known = command::output(&mut command::cargo("--list"))?;
    if !known.lines().any(|line| line.split_whitespace().next() == Some("deny")) {
        return Ok(Some("skipped: licences and bans of dependencies (cargo-deny is not installed)".into()));
    }
    let mut cargo = command::cargo("deny");
    silent(command::run(cargo.args(["--offline", "check", "licenses", "bans"])))
}

fn tests(install: Install) -> StepResult {
    let totals = test::run(&TestOptions { install, args: vec!["--locked".into()] })?;
    Ok(Some(totals.line()))
}

fn seeds(from: &str, count: &str) -> Result<(), TaskError> {
    simulate::run(&["--seeds", count, "--from", from].map(Into::into))
}

fn fresh_seeds(from: u64) -> StepResult {
    out::note(&format!("fresh seeds from {from}"));
    seeds(&from.to_string(), FRESH_SEEDS)?;
    Ok(Some(format!("simulator: {FIXED_SEEDS} fixed seeds, {FRESH_SEEDS} fresh ones from {from}")))
}

/// A seed that differs from run to run. Half of the range, so that counting up from it never overflows.
#[expect(clippy::disallowed_methods, reason = "the point is to differ from the run before")]
fn fresh_seed() -> u64 {
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let mixed = clock.as_secs().rotate_left(20) ^ u64::from(clock.subsec_nanos()) ^ u64::from(std::process::id()) << 32;
    mixed >> 1
}

#[expect(clippy::disallowed_methods, reason = "steps are timed for people; nothing is decided by it")]
fn now() -> Instant {
    Instant::now()
}

fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

fn summary(done: &[(&str, Duration, bool)], planned: usize) -> String {
    let mut lines = vec!["summary:".to_owned()];
    for (name, took, ok) in done {
        let word = if *ok { "ok" } else { "FAILED" };
        lines.push(format!("  {name:<16} {word:<7} {:>8}", seconds(*took)));
    }
    if done.len() < planned {
        lines.push(format!("  {} steps were not reached", planned - done.len()));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_says_what_failed_and_what_was_not_reached() {
        let done = [("fmt", Duration::from_millis(1250), true), ("clippy", Duration::from_secs(3), false)];
        let text = summary(&done, 4);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "  fmt              ok         1.2 s");
        assert_eq!(lines[2], "  clippy           FAILED     3.0 s");
        assert_eq!(lines[3], "  2 steps were not reached");
    }

    #[test]
    fn a_fresh_seed_leaves_room_to_count_up() {
        assert!(fresh_seed() <= u64::MAX / 2);
    }
}
