//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::TaskError;

/// What to run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FuzzOptions {
    /// Names of targets; empty: all.
    pub(crate) targets: Vec<String>,
    /// Minutes for each of them.
    pub(crate) minutes: u64,
    /// Targets that run at the same time.
    pub(crate) jobs: usize,
    /// Run the targets on this one input instead.
    pub(crate) replay: Option<PathBuf>,
}

/// Reads the arguments behind `fuzz`.
pub(crate) fn parse(rest: Vec<OsString>) -> Result<FuzzOptions, TaskError> {
    let mut options = FuzzOptions { targets: Vec::new(), minutes: 1, jobs: 1, replay: None };
    let mut rest = rest.into_iter();
    while let Some(arg) = rest.next() {
        let name = arg.display().to_string();
        let mut value = || rest.next().ok_or_else(|| TaskError::Usage(format!("`{name}` needs a value")));
        match arg.to_str() {
            Some("--target") => options.targets.push(value()?.display().to_string()),
            Some("--minutes") => options.minutes = number(&name, &value()?)?,
            Some("--jobs") => options.jobs = usize::try_from(number(&name, &value()?)?).unwrap_or(usize::MAX),
            Some("--replay") => options.replay = Some(value()?.into()),
            _ => return Err(TaskError::Usage(format!("`fuzz` takes no `{name}`"))),
        }
    }
    Ok(options)
}

fn number(option: &str, value: &OsString) -> Result<u64, TaskError> {
    let number = value.to_str().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
    number.ok_or_else(|| TaskError::Usage(format!("`{option} {}`: expected a number above 0", value.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<FuzzOptions, String> {
        parse(line.split_whitespace().map(OsString::from).collect()).map_err(|err| err.to_string())
    }

    #[test]
    fn all_targets_run_for_a_minute_each_unless_told_otherwise() {
        assert_eq!(parsed(""), Ok(FuzzOptions { targets: vec![], minutes: 1, jobs: 1, replay: None }));
        let expected = FuzzOptions { targets: vec!["a".into(), "b".into()], minutes: 30, jobs: 2, replay: None };
        assert_eq!(parsed("--target a --minutes 30 --target b --jobs 2"), Ok(expected));
        assert_eq!(parsed("--replay x").map(|options| options.replay), Ok(Some("x".into())));
    }

    #[test]
    fn what_is_no_number_or_no_option_is_refused() {
        assert_eq!(parsed("--minutes 0"), Err("`--minutes 0`: expected a number above 0".into()));
        assert_eq!(parsed("--jobs"), Err("`--jobs` needs a value".into()));
        assert_eq!(parsed("read"), Err("`fuzz` takes no `read`".into()));
    }
}
