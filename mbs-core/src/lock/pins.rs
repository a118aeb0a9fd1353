//! What a lock leaves to choose from.

use super::model::Lock;
use crate::resolve::{ModuleFacts, Provider, ProviderError};
use crate::source::CommitHash;
use crate::{ComponentName, ModuleName, Nsvc, Version};
use async_trait::async_trait;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The choices of a lock, for those who would choose otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// The builds that are built against, base modules included.
    pub modules: BTreeSet<Nsvc>,
    /// The builds that come out.
    pub builds: BTreeSet<Nsvc>,
    /// The commit of each component.
    pub commits: BTreeMap<ComponentName, CommitHash>,
}

impl Lock {
    /// What the lock leaves to choose from.
    pub fn pins(&self) -> Pins {
        Pins {
            modules: self.builds.iter().flat_map(|build| &build.modules).map(|module| module.nsvc.clone()).collect(),
            builds: self.builds.iter().map(|build| build.nsvc.clone()).collect(),
            commits: self.components.iter().map(|(name, one)| (name.clone(), one.commit.clone())).collect(),
        }
    }
}

impl Pins {
    /// Whether a build may be picked.
    pub fn allows(&self, nsvc: &Nsvc) -> bool {
        self.modules.contains(nsvc)
    }

    /// The commit that stands in place of a component's ref.
    pub fn commit(&self, component: &ComponentName) -> Option<&CommitHash> {
        self.commits.get(component)
    }

    /// The version that all builds of the lock have; none if they differ or there are none. A document without history
    /// would get another one each time.
    pub fn version(&self) -> Option<Version> {
        let mut versions = self.builds.iter().map(|nsvc| nsvc.version);
        let first = versions.next()?;
        versions.all(|version| version == first).then_some(first)
    }
}

/// Another provider, of which only locked builds are seen.
#[derive(Debug)]
pub struct PinnedProvider<'p> {
    provider: &'p dyn Provider,
    pins: &'p Pins,
}

impl<'p> PinnedProvider<'p> {
    /// Lets only those builds of a provider through that may be picked.
    pub fn new(provider: &'p dyn Provider, pins: &'p Pins) -> Self {
        Self { provider, pins }
    }
}

#[async_trait]
impl Provider for PinnedProvider<'_> {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        let mut builds = self.provider.builds(name).await?;
        builds.retain(|facts| self.pins.allows(&facts.nsvc));
        let gone: Vec<String> = self
            .pins
            .modules
            .iter()
            .filter(|nsvc| nsvc.name == *name && !builds.iter().any(|facts| facts.nsvc == **nsvc))
            .map(|nsvc| format!("`{nsvc}`"))
            .collect();
        if gone.is_empty() {
            return Ok(builds);
        }
        let problem = format!(
            "locked are {}, which nobody knows any more; build or import them, or make the lock file anew",
            gone.join(", ")
        );
        Err(ProviderError { name: name.clone(), problem, source: None })
    }
}
