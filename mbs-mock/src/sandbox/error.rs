//! Why a sandbox could not be made.

use std::io;
use std::path::PathBuf;

/// A sandbox that could not be made or lost. All of these are faults of the machine (blame: infra), never of
/// what runs inside.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// The work folder or something in it cannot be used.
    #[error("cannot use `{}` for a sandbox, {action}: {source}; choose another folder with `--work-dir`", .path.display())]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// A path that no sandbox can be made with.
    #[error("cannot use path `{}` in a sandbox: {reason}", .path.display())]
    BadPath {
        /// The path.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The kernel refused a step of the set-up.
    #[error("the kernel refused {step}{place}: {source}; {remedy}")]
    Refused {
        /// The step, in words.
        step: &'static str,
        /// ` on PATH` for mounts, else empty.
        place: String,
        /// What the kernel said.
        source: io::Error,
        /// What a user can do about it.
        remedy: String,
    },
    /// The program could not be run inside.
    #[error("cannot run `{program}` in the sandbox: {source}")]
    Program {
        /// The program.
        program: String,
        /// What the kernel said.
        source: io::Error,
    },
    /// A means of this process ran out: descriptors, threads, processes.
    #[error("cannot start a sandbox, {action}: {source}")]
    Resources {
        /// What was tried.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// The supervising process ended without saying how the command ended: something else killed it, for
    /// example the kernel when memory ran out.
    #[error("the sandbox was killed from outside (out of memory?); look at the kernel log")]
    Lost,
    /// The sandbox works, but not as it should: the probe saw this.
    #[error("the sandbox made in `{}` does not hold: {what}; choose another folder with `--work-dir`", .path.display())]
    Unsound {
        /// The work folder.
        path: PathBuf,
        /// What was expected and not seen.
        what: String,
    },
}
