//! Starts the programs that this crate calls outside the sandbox, and waits for them.
//!
//! Only programs that read or write files this crate names run here; whatever reads a spec file runs in the sandbox.
//! Calls block: asynchronous callers wrap them in `spawn_blocking`.

use std::ffi::{OsStr, OsString};
use std::process::{ExitStatus, Stdio};

use crate::external;
use thiserror::Error;

/// How many bytes of the error output a message keeps.
const KEPT_STDERR: usize = 2000;

/// A program could not be started or failed.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ProgramError {
    /// The program is absent or cannot be executed.
    #[error("cannot start `{program}`")]
    Start {
        /// The program.
        program: String,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The program ended with another status than 0.
    #[error("`{program}` ended with {status}: {stderr}")]
    Failed {
        /// The program.
        program: String,
        /// Its exit status.
        status: ExitStatus,
        /// The end of its error output.
        stderr: String,
    },
}

/// Runs a program with closed input in the C locale and returns its standard output.
pub(crate) fn run(program: impl AsRef<OsStr>, arguments: &[OsString]) -> Result<Vec<u8>, ProgramError> {
    let program = program.as_ref();
    let name = || program.display().to_string();
    let began = external::monotonic();
    #[expect(clippy::disallowed_methods, reason = "this file owns starting the programs named above")]
    let output = std::process::Command::new(program)
        .args(arguments)
        .env("LC_ALL", "C")
        .env_remove("SOURCE_DATE_EPOCH")
        .stdin(Stdio::null())
        .output()
        .map_err(|source| ProgramError::Start { program: name(), source })?;
    external::ran(&name(), began, external::monotonic());
    if output.status.success() {
        return Ok(output.stdout);
    }
    let tail = output.stderr.len().saturating_sub(KEPT_STDERR);
    let stderr = output.stderr[tail..].escape_ascii().to_string().replace("\\n", "\n");
    Err(ProgramError::Failed { program: name(), status: output.status, stderr: stderr.trim().to_owned() })
}

/// Arguments from anything that is text.
pub(crate) fn arguments<T: AsRef<OsStr>>(list: impl IntoIterator<Item = T>) -> Vec<OsString> {
    list.into_iter().map(|one| one.as_ref().to_owned()).collect()
}
