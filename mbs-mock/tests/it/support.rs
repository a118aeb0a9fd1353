//! Helpers of the tests.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use mbs_mock::sandbox::{Ended, Job, Sandbox, SandboxError};

/// A sandbox in a new folder, with its log.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) sandbox: Sandbox,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::below(&std::env::temp_dir())
    }

    pub(crate) fn below(parent: &Path) -> Self {
        let folder = tempfile::Builder::new().prefix("mbs-it-").tempdir_in(parent).expect("a folder");
        let sandbox = Sandbox::new(folder.path()).expect("a sandbox");
        Self { folder, sandbox }
    }

    pub(crate) fn log_path(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    pub(crate) fn log(&self) -> File {
        OpenOptions::new().create(true).append(true).open(self.log_path()).expect("a log")
    }

    pub(crate) fn shell(&self, script: &str) -> Job {
        Job::new("sh", self.log()).args(["-c", script])
    }

    /// Runs a script; gives how it ended and what it wrote.
    pub(crate) fn try_run(&self, job: Job) -> Result<(Ended, String), SandboxError> {
        let ended = self.sandbox.run(job)?;
        Ok((ended, fs::read_to_string(self.log_path()).expect("a log")))
    }

    pub(crate) fn run(&self, script: &str) -> (Ended, String) {
        self.try_run(self.shell(script)).expect("the sandbox starts")
    }
}
