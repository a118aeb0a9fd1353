//! Why a step of the runner did not give its result.

use std::io;
use std::path::PathBuf;

use super::failure::{Blame, FailureKind};
use crate::sandbox::SandboxError;

/// A step that gave no result.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunnerError {
    /// The program of the step failed.
    #[error("{step} failed: {kind}")]
    Failed {
        /// The step, in words.
        step: &'static str,
        /// What went wrong.
        kind: FailureKind,
        /// The end of the step's log.
        last_lines: Vec<String>,
        /// The whole log.
        log: PathBuf,
    },
    /// No sandbox could be made.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// A file of the attempt could not be handled.
    #[error("cannot {action} `{}`: {source}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A step succeeded without giving what it is for.
    #[error("{step} succeeded, but left {found} where one file was expected; its log is `{}`", .log.display())]
    Result {
        /// The step, in words.
        step: &'static str,
        /// How many files it left.
        found: usize,
        /// The whole log.
        log: PathBuf,
    },
}

impl RunnerError {
    /// Whose fault this is.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Failed { kind, .. } => kind.blame(),
            Self::Result { .. } => Blame::User,
            Self::Sandbox(_) | Self::File { .. } => Blame::Infra,
        }
    }
}
