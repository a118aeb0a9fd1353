//! This machine as a builder sees it: what it offers, and the package that stands for it.

use super::config::{OpenError, RpmbuildConfig};
use super::files::{FileError, failed, link_or_copy, make_folder, remove_folder};
use crate::deps::Capability;
use crate::host::{
    HOST_PACKAGE, HOST_PACKAGE_VERSION, Host, HostError, HostKind, HostOptions, platform_digest, probe, render_spec,
};
use crate::platform::machine_arch;
use crate::repo::{RepoError, RepoRequest, write_repository};
use crate::runner::rpmbuild::{Input, RpmBuild, RunnerError, Settings, StepContext};
use crate::sandbox::{Sandbox, SandboxError, reclaim};
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// What the machine offers, and its package.
#[derive(Debug)]
pub(super) struct Machine {
    pub(super) host: Host,
    /// The package that stands for the host.
    pub(super) package: PathBuf,
    /// The macros that the host's rpm lacks, once an attempt has asked.
    pub(super) host_macros: OnceLock<String>,
    digest: Mutex<Option<String>>,
}

/// Why the machine cannot be prepared.
#[derive(Debug, thiserror::Error)]
pub(super) enum MachineError {
    #[error("the package that stands for this machine cannot be made: {0}")]
    Runner(#[from] RunnerError),
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Repo(#[from] RepoError),
    #[error(transparent)]
    Open(#[from] OpenError),
}

impl Machine {
    /// Looks at the machine. Blocks for some tenths of a second.
    pub(super) fn look(config: &RpmbuildConfig) -> Result<Host, OpenError> {
        let extra = config
            .extra_provides
            .iter()
            .map(|text| text.parse::<Capability>())
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| OpenError::Capability { text: error.text.clone(), problem: error.to_string() })?;
        let options = HostOptions { extra, ..HostOptions::this_machine(machine_arch()) };
        Ok(probe(&options)?)
    }

    /// The identity of the machine as a platform, found out once.
    pub(super) fn platform_digest(&self) -> Result<String, HostError> {
        let mut digest = self.digest.lock().unwrap_or_else(PoisonError::into_inner);
        if digest.is_none() {
            *digest = Some(platform_digest(&self.host)?);
        }
        Ok(digest.clone().unwrap_or_default())
    }

    /// Looks at the machine, and makes its package unless the cache has it. Blocks for up to a second.
    pub(super) fn prepare(config: &RpmbuildConfig) -> Result<Self, MachineError> {
        let host = Self::look(config)?;
        let folder = Self::repository(config, &host.digest);
        let file = format!("{HOST_PACKAGE}-{HOST_PACKAGE_VERSION}.noarch.rpm");
        let package = folder.join(&file);
        if !folder.join("repodata/repomd.xml").is_file() {
            make_folder(&folder)?;
            make_folder(&config.work)?;
            let work = tempfile::Builder::new()
                .prefix("host-")
                .tempdir_in(&config.work)
                .map_err(failed("make a folder in", &config.work))?;
            let log = config.cache.join("host").join(format!("{}.log", host.digest));
            let settings = Settings {
                source_date_epoch: 0,
                processes: NonZeroU32::MIN,
                debuginfo: false,
                host_macros: None,
                definitions: Vec::new(),
            };
            let context = StepContext::new(&log);
            let build = RpmBuild::new(Sandbox::new(work.path())?, settings, "", &context)?;
            let spec = build.sources().join("platform-host.spec");
            fs::write(&spec, render_spec(&host)).map_err(failed("write", &spec))?;
            build.create_tree(None, &context)?;
            let built = build.build(&Input::Spec("platform-host.spec".to_owned()), &context)?;
            reclaim(work.path())?;
            if let Some(binary) = built.binaries.first() {
                link_or_copy(binary, &package)?;
            }
            // A repository, so that dnf can resolve against this machine too.
            write_repository(&RepoRequest {
                folder: &folder,
                files: &[file],
                revision: 0,
                durable: true,
                modules: None,
            })?;
            remove_folder(work.path())?;
        }
        Ok(Self { host, package, host_macros: OnceLock::new(), digest: Mutex::default() })
    }

    /// The folder with the package of a host, which is a repository.
    fn repository(config: &RpmbuildConfig, digest: &str) -> PathBuf {
        config.cache.join("host").join(digest)
    }

    /// The repository that dnf needs beside a module built here; none where the distribution's own do.
    pub(super) fn needed_repository(&self) -> Option<&Path> {
        match self.host.kind {
            HostKind::RpmDatabase => None,
            HostKind::Files => self.package.parent(),
        }
    }

    /// Whether this machine makes debuginfo packages by itself.
    pub(super) fn makes_debuginfo(&self) -> bool {
        self.host.kind == HostKind::RpmDatabase
    }
}
