//! The store over [`Inner`]: each method of the trait under one lock.

use super::inner::{Inner, Stored};
use crate::build::{EffectSeq, LogEntry, ModuleBuild, ModuleState, StoredEffect};
use crate::store::error::StoreError;
use crate::store::notes::StoredModule;
use crate::store::part::SubmitPart;
use crate::store::query::{BuildQuery, BuildSummary, Page};
use crate::store::store_trait::{Append, Appended, Created, Lease, Slots, Store};
use crate::{BuildId, ComponentName, ModuleName, StreamName};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Leases of a driver that does not renew them lapse after this time.
const LEASE: TimeDelta = TimeDelta::seconds(60);

/// A [`Store`] in memory. Clones share the content; the content ends with the last clone.
#[derive(Debug, Clone, Default)]
pub struct MemoryStore {
    inner: Arc<Mutex<Inner>>,
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        Self::default()
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        // Every change is made on checked input and cannot stop half-way, so the content is whole even then.
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn submit(&self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        self.lock().submit(parts, now)
    }

    async fn modules(&self, name: &ModuleName) -> Result<Vec<StoredModule>, StoreError> {
        let inner = self.lock();
        let builds = inner.named(name).filter(|stored| !stored.current.header().scratch);
        let module = |stored: &Stored| StoredModule {
            id: stored.current.id(),
            nsvc: stored.current.nsvc().clone(),
            state: stored.current.state(),
            folder: stored.current.header().folder.clone(),
            notes: Arc::clone(&stored.notes),
        };
        Ok(builds.map(module).collect())
    }

    async fn reusable(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, StoreError> {
        let inner = self.lock();
        let mut found: Vec<_> = inner
            .named(name)
            .filter(|stored| stored.current.nsvc().stream == *stream && stored.current.state() == ModuleState::Ready)
            .map(|stored| BuildSummary::of(&stored.current))
            .filter(|build| !build.scratch && !build.imported)
            .collect();
        found.sort_by_key(|build| std::cmp::Reverse((build.completed, build.id)));
        Ok(found)
    }

    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
        // The same as replaying the log, which is what `apply_entry` did entry by entry; the simulator compares.
        Ok(self.lock().get(build)?.current.clone())
    }

    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError> {
        self.lock().append(writes)
    }

    async fn history(&self, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        let inner = self.lock();
        let log = &inner.get(build)?.log;
        // Entry number n stands at n - 1.
        let start = usize::try_from(after).unwrap_or(usize::MAX);
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        Ok(log.iter().skip(start).take(limit).cloned().collect())
    }

    async fn pending(&self, build: BuildId) -> Result<Vec<StoredEffect>, StoreError> {
        Ok(self.lock().get(build)?.effects.values().cloned().collect())
    }

    async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError> {
        let wanted = |stored: &Stored| {
            stored.current.state().is_active() || stored.effects.values().any(|waiting| waiting.effect.due <= now)
        };
        Ok(self.lock().builds.iter().filter(|(_, stored)| wanted(stored)).map(|(id, _)| *id).collect())
    }

    async fn defer(
        &self,
        build: BuildId,
        effect: EffectSeq,
        fence: u64,
        due: DateTime<Utc>,
        failures: u32,
    ) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let stored = inner.get_mut(build)?;
        if stored.fence != fence {
            return Err(StoreError::Fenced { build, ours: fence, found: stored.fence });
        }
        if let Some(waiting) = stored.effects.get_mut(&effect) {
            waiting.effect.due = due;
            waiting.failures = failures;
        }
        Ok(())
    }

    async fn revisions(&self, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, StoreError> {
        let inner = self.lock();
        Ok(builds.iter().filter_map(|id| Some((*id, inner.builds.get(id)?.current.revision()))).collect())
    }

    async fn slots(&self, backend: &str) -> Result<Slots, StoreError> {
        let inner = self.lock();
        let builds = inner
            .builds
            .iter()
            .filter(|(_, stored)| stored.current.request().backend == backend && stored.current.running_count() > 0)
            .map(|(id, stored)| (*id, (stored.current.owner().clone(), stored.current.running_count())))
            .collect();
        Ok(Slots { token: inner.tokens.get(backend).copied().unwrap_or_default(), builds })
    }

    async fn undriven(&self, builds: &[BuildId], now: DateTime<Utc>) -> Result<BTreeSet<BuildId>, StoreError> {
        let inner = self.lock();
        let driven = |id: &BuildId| {
            inner.builds.get(id).and_then(|stored| stored.holder.as_ref()).is_some_and(|(_, until)| *until > now)
        };
        Ok(builds.iter().filter(|id| !driven(id)).copied().collect())
    }

    async fn acquire_lease(&self, build: BuildId, holder: &str, now: DateTime<Utc>) -> Result<Lease, StoreError> {
        let mut inner = self.lock();
        let stored = inner.get_mut(build)?;
        if let Some((other, until)) = &stored.holder
            && *until > now
        {
            return Err(StoreError::LeaseHeld { build, holder: other.clone() });
        }
        stored.fence += 1;
        stored.holder = Some((holder.to_owned(), now + LEASE));
        Ok(Lease { build, fence: stored.fence })
    }

    async fn renew_lease(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut inner = self.lock();
        let stored = inner.get_mut(lease.build)?;
        match &mut stored.holder {
            Some((_, until)) if stored.fence == lease.fence => *until = now + LEASE,
            _ => return Err(StoreError::Fenced { build: lease.build, ours: lease.fence, found: stored.fence }),
        }
        Ok(())
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut inner = self.lock();
        if let Some(stored) = inner.builds.get_mut(&lease.build)
            && stored.fence == lease.fence
        {
            stored.holder = None;
        }
        Ok(())
    }

    fn lease_time(&self) -> Option<TimeDelta> {
        Some(LEASE)
    }

    async fn find(&self, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), StoreError> {
        let inner = self.lock();
        let all: Vec<_> = inner
            .builds
            .values()
            .rev()
            .map(|stored| BuildSummary::of(&stored.current))
            .filter(|summary| query.matches(summary))
            .collect();
        let total = all.len() as u64;
        let skip = usize::try_from(page.offset).unwrap_or(usize::MAX);
        let take = usize::try_from(page.limit).unwrap_or(usize::MAX);
        Ok((all.into_iter().skip(skip).take(take).collect(), total))
    }

    async fn remove(&self, build: BuildId) -> Result<(), StoreError> {
        self.lock().remove(build).map(drop)
    }

    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<ComponentName, u64>, StoreError> {
        let inner = self.lock();
        let mut durations = BTreeMap::new();
        for stored in inner.named(name) {
            let build = &stored.current;
            if build.nsvc().stream == *stream {
                for (_, spec, component) in build.components() {
                    if let Some(ms) = component.built.as_ref().and_then(|built| built.milliseconds) {
                        durations.insert(spec.name.clone(), ms);
                    }
                }
            }
        }
        Ok(durations)
    }
}
