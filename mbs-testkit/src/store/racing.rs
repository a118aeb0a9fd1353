//! A store to which somebody else writes first.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::{EffectSeq, LogEntry, ModuleBuild, NewBuild, StoredEffect};
use mbs_core::store::{
    Append, Appended, BuildQuery, BuildSummary, Created, Lease, Page, Slots, Store, StoreError, StoredModule,
    SubmitPart,
};
use mbs_core::{BuildId, ComponentName, ModuleName, StreamName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

/// A store in which a rival stores a build just before the first submission is written.
pub(super) struct Racing {
    store: Arc<dyn Store>,
    rival: Mutex<Option<NewBuild>>,
}

impl Racing {
    pub(super) fn new(store: &Arc<dyn Store>, rival: NewBuild) -> Self {
        Self { store: Arc::clone(store), rival: Mutex::new(Some(rival)) }
    }
}

#[async_trait]
impl Store for Racing {
    async fn submit(&self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        let rival = self.rival.lock().expect("nobody panics").take();
        if let Some(rival) = rival {
            self.store.create(&[rival], now).await?;
        }
        self.store.submit(parts, now).await
    }

    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
        self.store.load(build).await
    }

    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError> {
        self.store.append(writes).await
    }

    async fn history(&self, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        self.store.history(build, after, limit).await
    }

    async fn pending(&self, build: BuildId) -> Result<Vec<StoredEffect>, StoreError> {
        self.store.pending(build).await
    }

    async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError> {
        self.store.unfinished(now).await
    }

    async fn defer(
        &self,
        build: BuildId,
        effect: EffectSeq,
        fence: u64,
        due: DateTime<Utc>,
        failures: u32,
    ) -> Result<(), StoreError> {
        self.store.defer(build, effect, fence, due, failures).await
    }

    async fn revisions(&self, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, StoreError> {
        self.store.revisions(builds).await
    }

    async fn slots(&self, backend: &str) -> Result<Slots, StoreError> {
        self.store.slots(backend).await
    }

    async fn undriven(&self, builds: &[BuildId], now: DateTime<Utc>) -> Result<BTreeSet<BuildId>, StoreError> {
        self.store.undriven(builds, now).await
    }

    async fn acquire_lease(&self, build: BuildId, holder: &str, now: DateTime<Utc>) -> Result<Lease, StoreError> {
        self.store.acquire_lease(build, holder, now).await
    }

    async fn renew_lease(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.renew_lease(lease, now).await
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        self.store.release_lease(lease).await
    }

    fn lease_time(&self) -> Option<TimeDelta> {
        self.store.lease_time()
    }

    async fn find(&self, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), StoreError> {
        self.store.find(query, page).await
    }

    async fn remove(&self, build: BuildId) -> Result<(), StoreError> {
        self.store.remove(build).await
    }

    async fn modules(&self, name: &ModuleName) -> Result<Vec<StoredModule>, StoreError> {
        self.store.modules(name).await
    }

    async fn reusable(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, StoreError> {
        self.store.reusable(name, stream).await
    }

    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<ComponentName, u64>, StoreError> {
        self.store.durations(name, stream).await
    }
}
