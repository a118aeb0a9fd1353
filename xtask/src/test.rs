//! `test`: install what the tests need and run them all.

use std::ffi::OsString;

use crate::cli::TestOptions;
use crate::error::TaskError;
use crate::host::{self, TESTS};
use crate::{command, out};

/// What the test binaries counted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    binaries: u64,
    passed: u64,
    failed: u64,
    ignored: u64,
}

impl Totals {
    /// Adds a line such as `test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; ...`.
    fn add(&mut self, line: &str) {
        let Some(counts) = line.strip_prefix("test result: ") else { return };
        self.binaries += 1;
        for part in counts.split([';', '.']) {
            let Some((number, word)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            match word {
                "passed" => self.passed += number,
                "failed" => self.failed += number,
                "ignored" => self.ignored += number,
                _ => {}
            }
        }
    }

    /// One line for people.
    pub(crate) fn line(&self) -> String {
        format!(
            "tests: {} passed, {} failed, {} ignored, in {} binaries and doc test runs",
            self.passed, self.failed, self.ignored, self.binaries
        )
    }
}

/// Runs the tests of every member, or of the packages the arguments name, doc tests included.
pub(crate) fn run(options: &TestOptions) -> Result<Totals, TaskError> {
    host::ensure(TESTS, options.install)?;
    let mut totals = Totals::default();
    let mut cargo = command::cargo("test");
    if !names_packages(&options.args) {
        cargo.arg("--workspace");
    }
    cargo.args(&options.args);
    let ended = command::run_watched(&mut cargo, |line| totals.add(line));
    out::say(&totals.line());
    ended.map(|()| totals)
}

/// Does the caller choose packages? Cargo would test everything if `--workspace` stood beside them.
fn names_packages(args: &[OsString]) -> bool {
    let for_cargo = args.iter().take_while(|arg| *arg != "--").filter_map(|arg| arg.to_str());
    for_cargo.into_iter().any(|arg| arg == "-p" || arg == "--package" || arg.starts_with("--package="))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chosen_packages_replace_the_whole_workspace() {
        let words = |line: &str| line.split(' ').map(OsString::from).collect::<Vec<_>>();
        assert!(names_packages(&words("-p mbs-core name")));
        assert!(names_packages(&words("--package=mbs-core")));
        assert!(!names_packages(&words("name -- -p")));
    }

    #[test]
    fn the_counts_of_all_binaries_are_added() {
        let mut totals = Totals::default();
        totals.add("running 3 tests");
        totals.add("test result: ok. 3 passed; 0 failed; 1 ignored; 0 measured; 2 filtered out; finished in 0.00s");
        totals.add("test result: FAILED. 4 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.50s");
        assert_eq!(totals, Totals { binaries: 2, passed: 7, failed: 2, ignored: 1 });
    }
}
