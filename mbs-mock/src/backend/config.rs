//! What the backend is told, and why it cannot start.

use super::layout::Layout;
use super::machine::Machine;
use crate::host::{HostError, platform_digest};
use crate::prerequisites::MissingTools;
use crate::sandbox::SandboxError;
use mbs_core::BuildId;
use std::io;
use std::num::NonZeroU32;
use std::path::PathBuf;

/// Folders and settings of the backend.
#[derive(Debug, Clone)]
pub struct RpmbuildConfig {
    /// State folder: finished attempts, locks, logs.
    pub state: PathBuf,
    /// Folder that gets one result folder for each module build.
    pub results: PathBuf,
    /// Folder for the package that stands for this machine, shared by all builds.
    pub cache: PathBuf,
    /// Folder for running attempts; must be able to hold a layer of an overlay.
    pub work: PathBuf,
    /// How many processes one build may run at once.
    pub processes: NonZeroU32,
    /// Capabilities that the host is said to offer beside what is found, such as `foo-devel = 1.2`.
    pub extra_provides: Vec<String>,
}

impl RpmbuildConfig {
    /// Removes everything that is kept of a build, but not its result folder. Works on machines that cannot build.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn forget(&self, build: BuildId) -> io::Result<()> {
        Layout { config: self.clone() }.forget(build)
    }

    /// The repository of a build: a folder of the result folder, whether it exists yet or not.
    pub fn repository(&self, folder: &str) -> PathBuf {
        Layout { config: self.clone() }.results(folder)
    }

    /// The identity of this machine as a platform, see [`platform_digest`], with what is configured beside it. Blocks for
    /// some tenths of a second; [`RpmbuildBuilder::platform_digest`](super::RpmbuildBuilder::platform_digest) keeps it.
    ///
    /// # Errors
    /// [`OpenError`] if the machine cannot be looked at.
    pub fn platform_digest(&self) -> Result<String, OpenError> {
        Ok(platform_digest(&Machine::look(self)?)?)
    }

    /// The repository with the package that stands for the machine that made a build; none before it has begun, and
    /// where the distribution itself is made of RPMs.
    ///
    /// What is built may require what the machine offers, and dnf can only know that from this package.
    pub fn host_repository(&self, build: BuildId) -> Option<PathBuf> {
        let folder = std::fs::read_link(Layout { config: self.clone() }.host(build)).ok()?;
        folder.join("repodata/repomd.xml").is_file().then_some(folder)
    }
}

/// Why the backend cannot work on this machine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// Programs are missing or too old.
    #[error(transparent)]
    Tools(#[from] MissingTools),
    /// No sandbox can be made.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The host cannot be looked at.
    #[error(transparent)]
    Host(#[from] HostError),
    /// A folder cannot be used.
    #[error("cannot {action} `{}`: {source}", path.display())]
    Folder {
        /// What was tried.
        action: &'static str,
        /// The folder.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A configured capability cannot be read.
    #[error("the configured host capability `{text}` cannot be read: {problem}")]
    Capability {
        /// As configured.
        text: String,
        /// What is wrong with it.
        problem: String,
    },
}
