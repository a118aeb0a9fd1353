//! The identities of what builds take from this machine and from other modules.

use super::against::{Against, AgainstError};
use super::config::RpmbuildConfig;
use super::generic_builder::RpmbuildBuilder;
use super::layout::Layout;
use crate::modules::{ModulesError, Remote, offered_module};
use mbs_core::build::BuiltAgainst;
use mbs_core::builder::BuilderError;
use mbs_core::reuse::LocalFingerprint;
use mbs_core::{Arch, BuildId, Failure, Nsvc};
use std::io;
use std::sync::Arc;

/// What a build took from outside of itself, as it was when the build began.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct BuiltWith {
    /// The platform, see [`platform_digest`](crate::host::platform_digest); none if the build went on on another one.
    pub platform: Option<String>,
    /// What each module offered that it is built against, see
    /// [`repository_digest`](crate::modules::repository_digest): in the order of its request, without base modules.
    pub dependencies: Vec<(Nsvc, String)>,
}

impl RpmbuildConfig {
    /// What a build took from outside; none if it has never begun, or began with a release that did not note it.
    ///
    /// # Errors
    /// If what is kept of the build cannot be read.
    pub fn built_with(&self, build: BuildId) -> io::Result<Option<BuiltWith>> {
        let layout = Layout { config: self.clone() };
        let kept = Against::read(&layout, build).map_err(|error| error.source)?;
        Ok(kept.map(|against| BuiltWith {
            platform: against.platform,
            dependencies: against.modules.into_iter().map(|module| (module.nsvc, module.digest)).collect(),
        }))
    }
}

impl BuiltWith {
    /// The same as it is compared with other builds; none if the platform changed while it was made.
    pub fn fingerprint(&self) -> Option<LocalFingerprint> {
        let dependencies = self.dependencies.iter().map(|(nsvc, digest)| (nsvc.to_string(), digest.clone())).collect();
        Some(LocalFingerprint { platform: self.platform.clone()?, dependencies })
    }
}

impl RpmbuildBuilder {
    /// As [`RpmbuildConfig::platform_digest`](super::RpmbuildConfig::platform_digest), found out once. Blocks until the
    /// machine has been looked at.
    ///
    /// # Errors
    /// [`BuilderError`] if the machine cannot be looked at.
    pub fn platform_digest(&self) -> Result<String, BuilderError> {
        let refused = |problem: String| BuilderError::Refused(Failure::infra(problem));
        let machine = Self::machine(&self.layout, &self.machine).map_err(|error| refused(error.to_string()))?;
        machine.platform_digest().map_err(|error| refused(error.to_string()))
    }

    /// The identity of what a module offers to builds here, see
    /// [`repository_digest`](crate::modules::repository_digest). Blocks: reads the module's repository, and fetches
    /// packages from a server. Not for threads that run futures.
    ///
    /// # Errors
    /// [`ModulesError`] naming the module, its repository and what to do.
    pub fn repository_digest(&self, against: &BuiltAgainst, arch: &Arch) -> Result<String, ModulesError> {
        Ok(offered_module(against, arch, self.remote().as_ref())?.digest)
    }

    /// What a build on this machine depends on beside its sources, if it is built against these modules. Blocks as
    /// [`RpmbuildBuilder::repository_digest`] does.
    ///
    /// # Errors
    /// [`BuilderError::Refused`] with the failure that the build would have.
    pub fn fingerprint(&self, against: &[BuiltAgainst], arch: &Arch) -> Result<LocalFingerprint, BuilderError> {
        let refused = |error: ModulesError| BuilderError::Refused(AgainstError::from(error).failure());
        let mut print = LocalFingerprint { platform: self.platform_digest()?, ..LocalFingerprint::default() };
        for module in against.iter().filter(|module| !module.base) {
            let digest = self.repository_digest(module, arch).map_err(refused)?;
            print.dependencies.insert(module.nsvc.to_string(), digest);
        }
        Ok(print)
    }

    /// As [`RpmbuildConfig::built_with`].
    ///
    /// # Errors
    /// If what is kept of the build cannot be read.
    pub fn built_with(&self, build: BuildId) -> io::Result<Option<BuiltWith>> {
        self.layout.config.built_with(build)
    }

    /// What fetches packages.
    pub(super) fn remote(&self) -> Option<Remote> {
        let (source, runtime) = (self.packages.as_ref()?, self.runtime.as_ref()?);
        Some(Remote { source: Arc::clone(source), runtime: runtime.handle().clone() })
    }
}
