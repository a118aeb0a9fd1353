//! The store as one driver sees it: calls take time, fail, and any of them may be the driver's last.

use super::trace::What;
use super::world::Shared;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::{EffectSeq, LogEntry, ModuleBuild, StoredEffect};
use mbs_core::store::{
    Append, Appended, BuildQuery, BuildSummary, Created, Lease, Page, Slots, Store, StoreError, StoredModule,
    SubmitPart,
};
use mbs_core::{BuildId, ComponentName, ModuleName, StreamName};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

pub(super) struct CrashStore {
    pub(super) shared: Arc<Shared>,
    pub(super) driver: usize,
}

impl CrashStore {
    /// Time passes, then the call may fail.
    async fn enter(&self, call: &'static str) -> Result<(), StoreError> {
        let until = {
            let mut world = self.shared.lock();
            let slow = world.faults.slow / 4;
            if world.chance(slow) {
                Some(if world.rng.bool() { None } else { Some(world.now() + world.time(1, 2000)) })
            } else {
                None
            }
        };
        if let Some(until) = until {
            self.shared.pause(until).await;
        }
        let mut world = self.shared.lock();
        let busy = world.faults.busy;
        if world.chance(busy) {
            world.note(What::StoreRefused { driver: self.driver, call });
            // Mostly what passes by itself.
            return Err(match world.rng.u8(..4) {
                0 => StoreError::Medium("no space left".into()),
                _ => StoreError::Busy { seconds: 5 },
            });
        }
        Ok(())
    }

    /// The driver may end here: before a write or after it.
    async fn may_crash(&self) {
        let crashes = {
            let mut world = self.shared.lock();
            world.writes += 1;
            let chance = world.faults.crash;
            let crashes = match world.crash_at {
                Some(at) => world.writes == at,
                // Every write has two moments.
                None => world.chance(chance) && world.rng.bool(),
            };
            if crashes {
                world.ports[self.driver].crash = true;
            }
            crashes
        };
        if crashes {
            futures::future::pending::<()>().await;
        }
    }
}

#[async_trait]
impl Store for CrashStore {
    async fn submit(&self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        self.shared.store.submit(parts, now).await
    }

    async fn modules(&self, name: &ModuleName) -> Result<Vec<StoredModule>, StoreError> {
        self.shared.store.modules(name).await
    }

    async fn reusable(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, StoreError> {
        self.shared.store.reusable(name, stream).await
    }

    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
        self.enter("load").await?;
        self.shared.store.load(build).await
    }

    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError> {
        self.enter("append").await?;
        self.may_crash().await;
        let appended = self.shared.store.append(writes).await?;
        self.shared.lock().wrote(self.driver, writes);
        self.may_crash().await;
        Ok(appended)
    }

    async fn history(&self, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        self.shared.store.history(build, after, limit).await
    }

    async fn pending(&self, build: BuildId) -> Result<Vec<StoredEffect>, StoreError> {
        self.enter("pending").await?;
        self.shared.store.pending(build).await
    }

    async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError> {
        self.enter("unfinished").await?;
        self.shared.store.unfinished(now).await
    }

    async fn defer(
        &self,
        build: BuildId,
        effect: EffectSeq,
        fence: u64,
        due: DateTime<Utc>,
        failures: u32,
    ) -> Result<(), StoreError> {
        self.enter("defer").await?;
        self.may_crash().await;
        self.shared.store.defer(build, effect, fence, due, failures).await?;
        self.may_crash().await;
        Ok(())
    }

    async fn revisions(&self, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, StoreError> {
        self.enter("revisions").await?;
        self.shared.store.revisions(builds).await
    }

    async fn slots(&self, backend: &str) -> Result<Slots, StoreError> {
        self.enter("slots").await?;
        self.shared.store.slots(backend).await
    }

    async fn undriven(&self, builds: &[BuildId], now: DateTime<Utc>) -> Result<BTreeSet<BuildId>, StoreError> {
        self.enter("undriven").await?;
        self.shared.store.undriven(builds, now).await
    }

    async fn acquire_lease(&self, build: BuildId, holder: &str, now: DateTime<Utc>) -> Result<Lease, StoreError> {
        self.enter("acquire_lease").await?;
        self.may_crash().await;
        let lease = self.shared.store.acquire_lease(build, holder, now).await?;
        {
            let mut world = self.shared.lock();
            world.ports[self.driver].leases.push(lease.clone());
            world.holders.insert(build, self.driver);
            world.note(What::Attached { driver: self.driver, build: build.0, fence: lease.fence });
        }
        self.may_crash().await;
        Ok(lease)
    }

    async fn renew_lease(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.enter("renew_lease").await?;
        self.shared.store.renew_lease(lease, now).await
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        self.enter("release_lease").await?;
        self.may_crash().await;
        self.shared.store.release_lease(lease).await
    }

    fn lease_time(&self) -> Option<TimeDelta> {
        self.shared.store.lease_time()
    }

    async fn find(&self, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), StoreError> {
        self.shared.store.find(query, page).await
    }

    async fn remove(&self, build: BuildId) -> Result<(), StoreError> {
        self.shared.store.remove(build).await
    }

    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<ComponentName, u64>, StoreError> {
        self.shared.store.durations(name, stream).await
    }
}
