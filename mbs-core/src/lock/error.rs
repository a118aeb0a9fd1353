//! Why there is no lock.

use super::check::LockDifference;
use crate::ComponentName;
use crate::source::{RefError, UrlError};
use crate::submit::SubmitError;
use std::fmt;

/// One thing that is wrong with the text of a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct LockProblem {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Keys from the root to the place; empty at the root and where the text is not YAML.
    pub key: String,
    /// What is wrong, what was found and what was expected.
    pub message: String,
}

impl fmt::Display for LockProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.line, self.column)?;
        if !self.key.is_empty() {
            write!(f, "`{}`: ", self.key)?;
        }
        f.write_str(&self.message)
    }
}

/// Why a text is no lock.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LockError {
    /// The text has errors; all of them.
    #[error("the lock file cannot be read: {}; make it anew with `mbs plan --lock`", shown(.0))]
    Malformed(Vec<LockProblem>),
    /// A later release wrote it.
    #[error(
        "the lock file has version {found}, expected {}; use the release that wrote it, or make it anew",
        super::FORMAT
    )]
    Version {
        /// Its version.
        found: u64,
    },
}

fn shown(problems: &[LockProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// Why no lock can be made of a submission.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum MakeLockError {
    /// Nobody has looked up what a ref names.
    #[error("the commit of component `{component}` is not known; resolve the refs first")]
    NoCommit {
        /// The component.
        component: ComponentName,
    },
    /// The commit is none in full.
    #[error("component `{component}` cannot be locked: {source}")]
    Commit {
        /// The component.
        component: ComponentName,
        /// What is wrong with it.
        source: RefError,
    },
    /// The address of the repository cannot be used.
    #[error("component `{component}` cannot be locked: {source}")]
    Repository {
        /// The component.
        component: ComponentName,
        /// What is wrong with it.
        source: UrlError,
    },
    /// Two builds of the submission have other sources for one component.
    #[error("component `{component}` has other sources in another build of the submission, which no lock can hold")]
    Differs {
        /// The component.
        component: ComponentName,
    },
}

/// What keeps a submission from being repeated as locked.
#[derive(Debug)]
pub struct NotAsLocked {
    /// Every difference that is known, ordered by key.
    pub differences: Vec<LockDifference>,
    /// Why there may be more of them: what could not be found out.
    pub beyond: Option<Box<SubmitError>>,
}

impl fmt::Display for NotAsLocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.differences.len();
        write!(f, "{count} {} not as locked:", if count == 1 { "choice is" } else { "choices are" })?;
        for difference in &self.differences {
            write!(f, "\n  {difference}")?;
        }
        match &self.beyond {
            Some(problem) => write!(f, "\n  the rest is not known: {problem}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for NotAsLocked {}

/// Why a submission is not locked, or not repeated.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LockingError {
    /// No lock can be made of it.
    #[error(transparent)]
    Make(#[from] MakeLockError),
    /// What a lock needs cannot be found out.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// It does not come out as locked.
    #[error(transparent)]
    Differs(#[from] NotAsLocked),
}
