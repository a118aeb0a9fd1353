//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::TaskError;
use crate::fuzz::{self, FuzzOptions};

/// What `cargo xtask help` prints.
pub(crate) const USAGE: &str = "\
usage: cargo xtask TASK

  demo [--no-install] [--keep DIR] [-- OPTION...]
                    install missing system packages, build the example module,
                    print its repository; options behind `--` go to `mbs build`
  test [--no-install] [ARG...]
                    install what the tests need, then `cargo test --workspace ARG...`
  ci [--no-install] every check, then test and simulate: what continuous integration runs
  bench [NAME] [--format text|json] [ARG...]
                    run a benchmark; without a name list them
  simulate [--seeds N] [--from S] [--seed X]
                    run the simulator with N seeds from S on, or replay one seed
  fuzz [--target NAME]... [--minutes N] [--jobs N] [--replay FILE]
                    run the fuzz targets one after the other, N minutes each (1);
                    needs a C++ compiler; `--replay` runs one input instead
  check-size        lines per Rust file
  check-core        mbs-core opens no file, socket or process
  check-bans        packages that must not be in the dependency tree

`--no-install` prints the command that would install what is missing and fails.";

/// One task with its options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Help,
    Demo(DemoOptions),
    Test(TestOptions),
    Ci(Install),
    CheckSize,
    CheckCore,
    CheckBans,
    Bench(BenchOptions),
    Simulate(Vec<OsString>),
    Fuzz(FuzzOptions),
}

/// May system packages be installed?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Install {
    Allowed,
    OnlyShow,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct DemoOptions {
    pub(crate) install: Install,
    /// Folder for the repositories, the state and the results; `target/demo` when absent.
    pub(crate) keep: Option<PathBuf>,
    /// Further options of `mbs build`.
    pub(crate) mbs_args: Vec<OsString>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TestOptions {
    pub(crate) install: Install,
    /// Goes to `cargo test` unchanged.
    pub(crate) args: Vec<OsString>,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BenchOptions {
    /// Name of a binary of `benches`; absent: list them.
    pub(crate) name: Option<String>,
    pub(crate) format: String,
    /// Goes to the benchmark unchanged.
    pub(crate) args: Vec<OsString>,
}

/// Reads the arguments behind the program's name.
pub(crate) fn parse(args: impl IntoIterator<Item = OsString>) -> Result<Task, TaskError> {
    let mut args = args.into_iter();
    let Some(task) = args.next() else {
        return Ok(Task::Help);
    };
    let rest: Vec<OsString> = args.collect();
    match task.to_str() {
        Some("help" | "--help" | "-h") => Ok(Task::Help),
        Some("demo") => demo(rest),
        Some("test") => {
            let (install, args) = test(rest);
            Ok(Task::Test(TestOptions { install, args }))
        }
        Some("ci") => {
            let (install, rest) = test(rest);
            nothing_more("ci", &rest).map(|()| Task::Ci(install))
        }
        Some("check-size") => nothing_more("check-size", &rest).map(|()| Task::CheckSize),
        Some("check-core") => nothing_more("check-core", &rest).map(|()| Task::CheckCore),
        Some("check-bans") => nothing_more("check-bans", &rest).map(|()| Task::CheckBans),
        Some("bench") => bench(rest),
        Some("fuzz") => fuzz::parse(rest).map(Task::Fuzz),
        Some("simulate") => Ok(Task::Simulate(rest)),
        _ => Err(TaskError::Usage(format!("no task `{}`", task.display()))),
    }
}

fn demo(rest: Vec<OsString>) -> Result<Task, TaskError> {
    let mut options = DemoOptions { install: Install::Allowed, keep: None, mbs_args: Vec::new() };
    let mut rest = rest.into_iter();
    while let Some(arg) = rest.next() {
        match arg.to_str() {
            Some("--no-install") => options.install = Install::OnlyShow,
            Some("--keep") => options.keep = Some(value("--keep", rest.next())?.into()),
            Some("--") => options.mbs_args = rest.by_ref().collect(),
            _ => return Err(unknown("demo", &arg)),
        }
    }
    Ok(Task::Demo(options))
}

/// Takes out `--no-install` where it stands before `--`; behind it the words belong to the test binaries.
fn test(rest: Vec<OsString>) -> (Install, Vec<OsString>) {
    let ours = rest.iter().position(|arg| arg == "--").unwrap_or(rest.len());
    let asked = rest[..ours].iter().any(|arg| arg == "--no-install");
    let keep = |(at, arg): (usize, OsString)| (at >= ours || arg != "--no-install").then_some(arg);
    let args = rest.into_iter().enumerate().filter_map(keep).collect();
    (if asked { Install::OnlyShow } else { Install::Allowed }, args)
}

fn bench(rest: Vec<OsString>) -> Result<Task, TaskError> {
    let mut options = BenchOptions { name: None, format: "text".into(), args: Vec::new() };
    let mut rest = rest.into_iter();
    while let Some(arg) = rest.next() {
        match arg.to_str() {
            Some("--format") => {
                let format = value("--format", rest.next())?;
                options.format = match format.to_str() {
                    Some(known @ ("text" | "json")) => known.to_owned(),
                    _ => {
                        return Err(TaskError::Usage(format!(
                            "`--format {}`: expected text or json",
                            format.display()
                        )));
                    }
                };
            }
            Some(name) if options.name.is_none() && !name.starts_with('-') => options.name = Some(name.to_owned()),
            _ => options.args.push(arg),
        }
    }
    Ok(Task::Bench(options))
}

fn value(option: &str, next: Option<OsString>) -> Result<OsString, TaskError> {
    next.ok_or_else(|| TaskError::Usage(format!("`{option}` needs a value")))
}

fn nothing_more(task: &str, rest: &[OsString]) -> Result<(), TaskError> {
    rest.first().map_or(Ok(()), |arg| Err(unknown(task, arg)))
}

fn unknown(task: &str, arg: &OsString) -> TaskError {
    TaskError::Usage(format!("`{task}` takes no `{}`", arg.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(line: &str) -> Vec<OsString> {
        line.split_whitespace().map(OsString::from).collect()
    }

    fn parsed(line: &str) -> Result<Task, String> {
        parse(words(line)).map_err(|err| err.to_string())
    }

    #[test]
    fn demo_takes_its_options_in_any_order_and_passes_on_the_rest() {
        let expected = DemoOptions {
            install: Install::OnlyShow,
            keep: Some("some/where".into()),
            mbs_args: words("--jobs 2 --no-install"),
        };
        assert_eq!(parsed("demo --keep some/where --no-install -- --jobs 2 --no-install"), Ok(Task::Demo(expected)));
        assert_eq!(parsed("demo --keep"), Err("`--keep` needs a value".into()));
        assert_eq!(parsed("demo here"), Err("`demo` takes no `here`".into()));
    }

    #[test]
    fn test_arguments_reach_cargo_unchanged() {
        let expected = TestOptions { install: Install::OnlyShow, args: words("-p mbs-core name -- --no-install") };
        assert_eq!(parsed("test -p mbs-core --no-install name -- --no-install"), Ok(Task::Test(expected)));
    }

    #[test]
    fn bench_checks_the_format_and_keeps_other_options() {
        let expected = BenchOptions { name: Some("plan".into()), format: "json".into(), args: words("--size 10") };
        assert_eq!(parsed("bench plan --format json --size 10"), Ok(Task::Bench(expected)));
        assert_eq!(parsed("bench plan --format xml"), Err("`--format xml`: expected text or json".into()));
    }

    #[test]
    fn no_task_is_a_question_for_help_and_an_unknown_one_is_refused() {
        assert_eq!(parsed(""), Ok(Task::Help));
        assert_eq!(parsed("dance"), Err("no task `dance`".into()));
        assert_eq!(parsed("check-size now"), Err("`check-size` takes no `now`".into()));
    }
}
