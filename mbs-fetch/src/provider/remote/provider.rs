//! The provider over another build service.

use super::address::list_address;
use super::ask::all;
use super::error::RemoteError;
use crate::http::Http;
use crate::place::Means;
use crate::provider::documents::ProviderWarning;
use crate::provider::options::ProviderOptions;
use async_trait::async_trait;
use mbs_core::modulemd::ReadOptions;
use mbs_core::resolve::{DocumentProvider, KnownBuild, ModuleFacts, Provider, ProviderError};
use mbs_core::source::{CacheUrl, SourceError, UrlError};
use mbs_core::{ModuleName, StreamName};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::OnceCell;

/// Builds that another build service tells of, over its REST interface, version 1 or 2.
///
/// Each module is asked for once, in all states that the options name, and the answer is kept in memory, so that all
/// questions of a resolution see the same builds; a failed question can be asked again. State and tag are what the service
/// says, the rest is what the build's document says. Scratch builds, which can never be dependencies, are left out.
///
/// Status 500, 502, 503 and 504, and a connection that breaks, are met by asking again, as often as the options allow.
/// Needs a tokio runtime with I/O and time enabled.
pub struct RemoteProvider {
    list: CacheUrl,
    http: Http,
    options: ProviderOptions,
    known: Mutex<BTreeMap<ModuleName, Arc<OnceCell<Vec<KnownBuild>>>>>,
    warnings: Mutex<Vec<ProviderWarning>>,
}

impl std::fmt::Debug for RemoteProvider {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RemoteProvider").field("list", &self.list).finish_non_exhaustive()
    }
}

impl RemoteProvider {
    /// A provider over the service at an address: its list of builds, the service with the number of its interface, or the
    /// service, which is asked in version 1. `mbs+` may stand before it. Opens no connection yet.
    ///
    /// # Errors
    /// [`UrlError`] for what is no address of a server.
    pub fn new(address: &str, options: &ProviderOptions) -> Result<Self, UrlError> {
        Ok(Self {
            list: list_address(address)?,
            http: Http::new(&options.fetch),
            options: options.clone(),
            known: Mutex::default(),
            warnings: Mutex::default(),
        })
    }

    /// Address of the list of builds, with `***` for credentials.
    pub fn address(&self) -> String {
        self.list.to_string()
    }

    /// What was left out so far: builds whose documents cannot be read, of the modules that were asked for.
    pub fn warnings(&self) -> Vec<ProviderWarning> {
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// All builds of a module with what the service knows of them.
    ///
    /// # Errors
    /// [`RemoteError`]: the network, a refusal, an answer that is not that of a build service.
    pub async fn known(&self, name: &ModuleName) -> Result<Vec<KnownBuild>, RemoteError> {
        let cell = self.known.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_default().clone();
        Ok(cell.get_or_try_init(|| self.ask(name)).await?.clone())
    }

    async fn ask(&self, name: &ModuleName) -> Result<Vec<KnownBuild>, RemoteError> {
        if self.options.offline {
            return Err(SourceError::NotCached { address: self.list.to_string() }.into());
        }
        let means = Means {
            http: &self.http,
            clock: &*self.options.clock,
            options: &self.options.fetch,
            kept: None,
            offline: false,
        };
        let items = all(&self.list, name, &self.options.states, self.options.max_pages, &means).await?;
        let read = ReadOptions::lenient().with_limits(self.options.limits);
        let mut builds: BTreeMap<_, KnownBuild> = BTreeMap::new();
        let mut warnings = Vec::new();
        for item in items.into_iter().filter(|item| !item.scratch) {
            let nsvc = item.nsvc.clone();
            match item.known(&self.options.base_modules, &read) {
                Ok(build) => {
                    builds.entry(nsvc).or_insert(build);
                }
                Err(problem) => warnings.push(ProviderWarning { place: format!("{} {nsvc}", self.list), problem }),
            }
        }
        self.warnings.lock().unwrap_or_else(PoisonError::into_inner).append(&mut warnings);
        Ok(builds.into_values().collect())
    }

    async fn provide(&self, name: &ModuleName) -> Result<Vec<KnownBuild>, ProviderError> {
        self.known(name).await.map_err(|error| ProviderError {
            name: name.clone(),
            problem: error.to_string(),
            source: Some(Box::new(error)),
        })
    }
}

#[async_trait]
impl Provider for RemoteProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        Ok(self.provide(name).await?.into_iter().map(|build| build.facts).collect())
    }
}

#[async_trait]
impl DocumentProvider for RemoteProvider {
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        let mut builds = self.provide(name).await?;
        builds.retain(|build| build.facts.nsvc.stream == *stream);
        Ok(builds)
    }
}
