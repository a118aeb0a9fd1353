//! Where earlier builds are known from.

use super::candidate::ReuseCandidate;
use crate::build::ModuleState;
use crate::resolve::ProviderError;
use crate::store::{BuildQuery, Page, Store, StoreError};
use crate::{BuildId, ModuleName, Nsvc, StreamName};
use async_trait::async_trait;
use std::sync::Arc;

/// Tells which earlier builds components may be taken from.
#[async_trait]
pub trait ReuseSource: Send + Sync {
    /// All builds of a stream that are ready, in any order. Others may be among them; they are passed over.
    ///
    /// # Errors
    /// [`ProviderError`] if that cannot be found out; that there are none is no error.
    async fn candidates(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError>;

    /// The build of an identity, in whatever state; none if it is not known.
    ///
    /// # Errors
    /// As [`Self::candidates`].
    async fn find(&self, nsvc: &Nsvc) -> Result<Option<Arc<ReuseCandidate>>, ProviderError> {
        let all = self.candidates(&nsvc.name, &nsvc.stream).await?;
        Ok(all.into_iter().find(|one| one.nsvc == *nsvc))
    }
}

/// Earlier builds in memory, such as those of index documents.
#[derive(Debug, Clone, Default)]
pub struct MemoryReuse(Vec<Arc<ReuseCandidate>>);

impl MemoryReuse {
    /// A source that knows these builds.
    pub fn new(builds: impl IntoIterator<Item = ReuseCandidate>) -> Self {
        Self(builds.into_iter().map(Arc::new).collect())
    }
}

#[async_trait]
impl ReuseSource for MemoryReuse {
    async fn candidates(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError> {
        let fits = |one: &&Arc<ReuseCandidate>| one.nsvc.name == *name && one.nsvc.stream == *stream;
        Ok(self.0.iter().filter(fits).cloned().collect())
    }
}

/// Earlier builds of a store.
pub struct StoreReuse<'a> {
    store: &'a dyn Store,
}

impl<'a> StoreReuse<'a> {
    /// A source over a store.
    pub fn new(store: &'a dyn Store) -> Self {
        Self { store }
    }

    /// The build of a number; none if there is no such build.
    ///
    /// # Errors
    /// What the store says.
    pub async fn load(&self, build: BuildId) -> Result<Option<Arc<ReuseCandidate>>, StoreError> {
        match self.store.load(build).await {
            Ok(build) => Ok(Some(Arc::new(ReuseCandidate::from_build(&build)))),
            Err(StoreError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn matching(&self, query: &BuildQuery) -> Result<Vec<Arc<ReuseCandidate>>, StoreError> {
        let (found, _) = self.store.find(query, Page::ALL).await?;
        let mut all = Vec::with_capacity(found.len());
        for summary in found {
            // One that was removed in between is no candidate any more.
            all.extend(self.load(summary.id).await?);
        }
        Ok(all)
    }
}

fn broken(name: &ModuleName) -> impl FnOnce(StoreError) -> ProviderError {
    let name = name.clone();
    move |error| ProviderError { name, problem: error.to_string(), source: Some(Box::new(error)) }
}

#[async_trait]
impl ReuseSource for StoreReuse<'_> {
    async fn candidates(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError> {
        let query = BuildQuery {
            name: Some(name.clone()),
            stream: Some(stream.clone()),
            states: vec![ModuleState::Ready],
            scratch: Some(false),
            ..BuildQuery::default()
        };
        self.matching(&query).await.map_err(broken(name))
    }

    async fn find(&self, nsvc: &Nsvc) -> Result<Option<Arc<ReuseCandidate>>, ProviderError> {
        let found = self.matching(&BuildQuery::nsvc(nsvc)).await.map_err(broken(&nsvc.name))?;
        Ok(found.into_iter().next())
    }
}

/// Builds that go on and take components from this one: as long as there are any, its packages have to stay.
///
/// # Errors
/// What the store says.
pub async fn reused_by(store: &dyn Store, build: BuildId) -> Result<Vec<BuildId>, StoreError> {
    let states = ModuleState::ALL.into_iter().filter(|state| state.is_active()).collect();
    let (active, _) = store.find(&BuildQuery { states, ..BuildQuery::default() }, Page::ALL).await?;
    let mut users = Vec::new();
    for summary in active {
        let other = match store.load(summary.id).await {
            Ok(other) => other,
            Err(StoreError::NotFound(_)) => continue,
            Err(error) => return Err(error),
        };
        if other.request().reuse.takes_from(build) {
            users.push(summary.id);
        }
    }
    Ok(users)
}
