//! A store as a place that module builds are known from.

use super::store_trait::Store;
use crate::ModuleName;
use crate::resolve::{ModuleFacts, Provider, ProviderError};
use async_trait::async_trait;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// The builds of a store, in any state; scratch builds are never among them.
#[derive(Clone)]
pub struct StoreProvider {
    store: Arc<dyn Store>,
    bases: BTreeSet<ModuleName>,
    local: Option<String>,
}

impl StoreProvider {
    /// A provider over a store. `bases` are the names of base modules.
    pub fn new(store: Arc<dyn Store>, bases: impl IntoIterator<Item = ModuleName>) -> Self {
        Self { store, bases: bases.into_iter().collect(), local: None }
    }

    /// Says that what the store built was built on this machine: the facts of such builds are
    /// [`FactsSource::Local`](crate::resolve::FactsSource::Local), and both their tag and their repository are the
    /// folder `results` in their result folder. `results` is the absolute path of the folder that takes result folders
    /// of builds that name no other.
    #[must_use]
    pub fn local(mut self, results: impl Into<String>) -> Self {
        self.local = Some(results.into());
        self
    }
}

impl fmt::Debug for StoreProvider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoreProvider").field("bases", &self.bases).field("local", &self.local).finish_non_exhaustive()
    }
}

#[async_trait]
impl Provider for StoreProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        let found = self.store.modules(name).await.map_err(|error| ProviderError {
            name: name.clone(),
            problem: error.to_string(),
            source: Some(Box::new(error)),
        })?;
        let facts = found.into_iter().map(|module| Arc::new(module.facts(&self.bases, self.local.as_deref())));
        Ok(facts.collect())
    }
}
