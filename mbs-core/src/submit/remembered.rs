//! A provider that is asked for each module once.

use crate::ModuleName;
use crate::resolve::{ModuleFacts, Provider, ProviderError};
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Remembers what another provider answered, so that all steps of a submission see the same builds.
#[derive(Debug)]
pub(super) struct Remembered<'a> {
    inner: &'a dyn Provider,
    known: Mutex<BTreeMap<ModuleName, Vec<Arc<ModuleFacts>>>>,
}

impl<'a> Remembered<'a> {
    pub(super) fn new(inner: &'a dyn Provider) -> Self {
        Self { inner, known: Mutex::default() }
    }
}

#[async_trait]
impl Provider for Remembered<'_> {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        if let Some(known) = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(name) {
            return Ok(known.clone());
        }
        let builds = self.inner.builds(name).await?;
        self.known.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), builds.clone());
        Ok(builds)
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        self.inner.names().await
    }
}
