//! What a lock leaves to choose from.

use super::model::Lock;
use crate::identity::DEFAULT_CONTEXT;
use crate::resolve::{ModuleFacts, Provider, ProviderError};
use crate::source::{
    Checkout, CheckoutRequest, CommitHash, RefKind, RefRequest, ResolvedRef, Source, SourceError, resolve_unknown,
};
use crate::{ComponentName, ModuleName, Nsvc, StreamName, Version};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::Path;
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

    /// The time of the document that was locked: that of a document without history, which would get another version
    /// each time. None if no calendar has it.
    pub fn document_time(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(i64::try_from(self.time).ok()?, 0)
    }

    /// The base module that all builds are for, if it looks like one that was assumed or named when there was no build of
    /// it: whoever repeats the submission has to name it again, see
    /// [`AssumedPlatform`](crate::submit::AssumedPlatform).
    pub fn assumed_platform(&self) -> Option<(ModuleName, StreamName)> {
        let modules = self.builds.iter().flat_map(|build| &build.modules);
        let mut bases: BTreeSet<&Nsvc> = modules.filter(|module| module.base).map(|module| &module.nsvc).collect();
        let base = bases.pop_first().filter(|_| bases.is_empty())?;
        let is_assumed = base.version == Version(1) && base.context.as_str() == DEFAULT_CONTEXT;
        is_assumed.then(|| (base.name.clone(), base.stream.clone()))
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
}

/// Another provider, of which only locked builds are seen.
#[derive(Debug)]
pub struct PinnedProvider {
    provider: Arc<dyn Provider>,
    pins: Arc<Pins>,
}

impl PinnedProvider {
    /// Lets only those builds of a provider through that may be picked. A platform that is assumed has to be in it.
    pub fn new(provider: Arc<dyn Provider>, pins: Arc<Pins>) -> Self {
        Self { provider, pins }
    }
}

#[async_trait]
impl Provider for PinnedProvider {
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

/// Another source that is not asked for refs of locked components.
#[derive(Clone, Copy)]
pub struct PinnedSource<'s> {
    source: &'s dyn Source,
    pins: &'s Pins,
}

impl<'s> PinnedSource<'s> {
    /// Answers with locked commits, and with what the source says of components that are not locked.
    pub fn new(source: &'s dyn Source, pins: &'s Pins) -> Self {
        Self { source, pins }
    }
}

impl fmt::Debug for PinnedSource<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PinnedSource").field("pins", &self.pins).finish_non_exhaustive()
    }
}

#[async_trait]
impl Source for PinnedSource<'_> {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        let locked = |request: &RefRequest| {
            let commit = self.pins.commit(&request.component)?.clone();
            Some(ResolvedRef { component: request.component.clone(), commit, kind: RefKind::Commit })
        };
        resolve_unknown(self.source, requests, locked).await
    }

    async fn checkout(&self, request: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
        self.source.checkout(request, dest).await
    }
}
