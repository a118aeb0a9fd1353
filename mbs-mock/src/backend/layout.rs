//! Where things lie.

use super::config::RpmbuildConfig;
use super::files::remove_folder;
use mbs_core::BuildId;
use mbs_core::builder::RequestKey;
use std::io;
use std::path::PathBuf;

/// Paths of the backend.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub(super) config: RpmbuildConfig,
}

impl Layout {
    /// What is kept of a build beside its log.
    pub(super) fn build(&self, build: BuildId) -> PathBuf {
        self.config.state.join("builds").join(build.to_string())
    }

    /// A link to the repository with the package of the machine that the build was last begun on.
    pub(super) fn host(&self, build: BuildId) -> PathBuf {
        self.build(build).join("host")
    }

    /// What the modules offer that the build is built against.
    pub(super) fn modules(&self, build: BuildId) -> PathBuf {
        self.build(build).join("modules.json")
    }

    pub(super) fn locks(&self, build: BuildId) -> PathBuf {
        self.build(build).join("locks")
    }

    pub(super) fn attempts(&self, build: BuildId) -> PathBuf {
        self.build(build).join("attempts")
    }

    pub(super) fn logs(&self, build: BuildId) -> PathBuf {
        self.config.state.join("logs").join(build.to_string())
    }

    /// The folder of a finished attempt.
    pub(super) fn attempt(&self, key: &RequestKey) -> PathBuf {
        self.attempts(key.build).join(name(key))
    }

    /// The file whose existence tells that an attempt was submitted, and whose lock tells that it runs.
    pub(super) fn lock(&self, key: &RequestKey) -> PathBuf {
        self.locks(key.build).join(name(key))
    }

    pub(super) fn log(&self, key: &RequestKey) -> PathBuf {
        self.logs(key.build).join(format!("{}.log", name(key)))
    }

    /// Where the attempts of a build run.
    pub(super) fn works(&self, build: BuildId) -> PathBuf {
        self.config.work.join(build.to_string())
    }

    /// Where an attempt runs.
    pub(super) fn work(&self, key: &RequestKey) -> PathBuf {
        self.works(key.build).join(name(key))
    }

    /// Removes everything that is kept of a build, but not its result folder.
    pub(super) fn forget(&self, build: BuildId) -> io::Result<()> {
        for folder in [self.build(build), self.works(build), self.logs(build)] {
            remove_folder(&folder).map_err(|error| error.source)?;
        }
        Ok(())
    }

    /// The repository of a build.
    pub(super) fn results(&self, folder: &str) -> PathBuf {
        self.config.results.join(folder).join("results")
    }
}

/// `COMPONENT.ATTEMPT`: the last dot separates, so that no two attempts share a name.
fn name(key: &RequestKey) -> String {
    format!("{}.{}", key.component, key.attempt)
}
