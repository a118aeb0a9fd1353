//! Why a task failed.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::{fmt, io};

/// Why a task failed. Written by hand, because this crate has no dependencies.
#[derive(Debug)]
pub(crate) enum TaskError {
    /// A command line nobody can understand.
    Usage(String),
    /// A file or folder could not be read or written.
    Io { what: &'static str, path: PathBuf, source: io::Error },
    /// A program could not be started.
    Start { program: OsString, source: io::Error },
    /// A program ended without success.
    Exit { command: String, status: ExitStatus },
    /// System packages are missing and were not installed.
    MissingPackages { programs: Vec<&'static str>, how: String },
    /// A check found something.
    Check(String),
}

impl TaskError {
    /// For `map_err` after file operations.
    pub(crate) fn io(what: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { what, path, source }
    }
}

impl fmt::Display for TaskError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Check(text) => f.write_str(text),
            Self::Io { what, path, source } => write!(f, "cannot {what} `{}`: {source}", path.display()),
            Self::Start { program, source } => write!(f, "cannot start `{}`: {source}", program.display()),
            Self::Exit { command, status } => write!(f, "`{command}` ended with {status}"),
            Self::MissingPackages { programs, how } => {
                write!(f, "missing on this machine: {}\nhint: {how}", programs.join(", "))
            }
        }
    }
}

impl std::error::Error for TaskError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } | Self::Start { source, .. } => Some(source),
            Self::Usage(_) | Self::Exit { .. } | Self::MissingPackages { .. } | Self::Check(_) => None,
        }
    }
}
