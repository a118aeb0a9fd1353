//! Builds that package repositories tell of.

use super::documents::{DocumentSet, ProviderWarning};
use super::error::OpenError;
use super::index::{named_sidecars, off_thread};
use super::options::ProviderOptions;
use super::sidecar::Sidecar;
use crate::place::Place;
use crate::repository::RepositoryClient;
use async_trait::async_trait;
use mbs_core::resolve::{DocumentProvider, KnownBuild, ModuleFacts, Provider, ProviderError};
use mbs_core::{ModuleName, Nsvc, StreamName};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Builds that a package repository tells of: the documents of its part `modules`.
///
/// All of them are ready unless a named sidecar says otherwise. Their documents usually have no `xmd.mbs`; they then count
/// as built on the base streams that they require, and are marked as assumed. The packages are in the repository, whose
/// path or address, without credentials, is in the facts.
///
/// With a cache folder in the options the repository is only fetched again when it has changed; offline, the cache is all
/// that is looked at.
#[derive(Debug)]
pub struct RepositoryProvider {
    place: String,
    set: DocumentSet,
}

impl RepositoryProvider {
    /// Reads the module documents of a repository: a path, or an address with the scheme `file`, `http` or `https`.
    ///
    /// # Errors
    /// [`OpenError`]: no repository, a file that differs from the list, trouble with the network, a named sidecar that is
    /// refused.
    pub async fn open(place: &str, options: &ProviderOptions) -> Result<Self, OpenError> {
        let mut provider = Self::open_bare(place, options).await?;
        for sidecar in named_sidecars(options).await? {
            if let Some(unknown) = provider.set.state_all(&sidecar).first() {
                return Err(sidecar.unknown_everywhere(unknown).into());
            }
        }
        Ok(provider)
    }

    /// The same without the sidecars that were named.
    pub(super) async fn open_bare(place: &str, options: &ProviderOptions) -> Result<Self, OpenError> {
        let public = Place::parse(place, "repository")?.public();
        let mut client = RepositoryClient::new(options.fetch.clone(), options.clock.clone()).offline(options.offline);
        if let Some(cache) = &options.cache {
            client = client.with_cache(cache.clone());
        }
        let found = client.modules(place, &options.limits).await?;
        let mut set = DocumentSet::new(options, Some(public.clone()));
        let set = off_thread(move || {
            set.add(found.text, &found.file, None)?;
            Ok(set)
        })
        .await?;
        Ok(Self { place: public, set })
    }

    /// Path or address of the repository, without credentials.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What was left out: documents that cannot be read, or that no build can have.
    pub fn warnings(&self) -> &[ProviderWarning] {
        self.set.warnings()
    }

    /// The names of the modules.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = &ModuleName> {
        self.set.names()
    }

    pub(super) fn state_all(&mut self, sidecar: &Sidecar) -> BTreeSet<Nsvc> {
        self.set.state_all(sidecar)
    }
}

#[async_trait]
impl Provider for RepositoryProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        self.set.facts(name)
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        Ok(self.set.names().cloned().collect())
    }
}

#[async_trait]
impl DocumentProvider for RepositoryProvider {
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        self.set.stream(name, stream)
    }
}
