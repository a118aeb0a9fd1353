//! A store that lives in memory: for tests, simulations and throw-away builds.

use super::error::StoreError;
use super::place::{Sibling, place};
use super::query::{BuildQuery, BuildSummary, Page};
use super::store_trait::{Append, Appended, Created, Lease, SlotToken, Slots, Store};
use crate::build::{
    Decided, EffectSeq, LogEntry, ModuleBuild, NewBuild, ReplayError, StoredEffect, apply_entry, check_components,
    submitted,
};
use crate::{BuildId, ComponentName, ModuleName, StreamName, Version};
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

#[derive(Debug, Default)]
struct Inner {
    builds: BTreeMap<BuildId, Stored>,
    /// Builds of one name, stream and version.
    versions: BTreeMap<(ModuleName, StreamName, Version), BTreeSet<BuildId>>,
    /// Result folders that are taken.
    folders: BTreeSet<String>,
    last_id: u64,
    tokens: BTreeMap<String, SlotToken>,
}

#[derive(Debug)]
struct Stored {
    log: Vec<LogEntry>,
    effects: BTreeMap<EffectSeq, StoredEffect>,
    current: ModuleBuild,
    fence: u64,
    holder: Option<(String, DateTime<Utc>)>,
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

impl Inner {
    fn get(&self, id: BuildId) -> Result<&Stored, StoreError> {
        self.builds.get(&id).ok_or(StoreError::NotFound(id))
    }

    fn get_mut(&mut self, id: BuildId) -> Result<&mut Stored, StoreError> {
        self.builds.get_mut(&id).ok_or(StoreError::NotFound(id))
    }

    fn create(&mut self, new: &NewBuild, now: DateTime<Utc>) -> Result<Created, StoreError> {
        let key = (new.nsvc.name.clone(), new.nsvc.stream.clone(), new.nsvc.version);
        let siblings: Vec<Sibling> = self
            .versions
            .get(&key)
            .into_iter()
            .flatten()
            .filter_map(|id| self.builds.get(id))
            .map(|stored| Sibling {
                id: stored.current.id(),
                context: stored.current.nsvc().context.clone(),
                scratch: stored.current.header().scratch,
                state: stored.current.state(),
            })
            .collect();
        let id = BuildId(self.last_id + 1);
        let header = place(new, id, &siblings, now, |folder| Ok(self.folders.contains(folder)))?;
        let (current, decided) = submitted(header.clone());
        let mut stored = Stored { log: Vec::new(), effects: BTreeMap::new(), current, fence: 0, holder: None };
        stored.keep(id, &decided);
        self.last_id = id.0;
        self.builds.insert(id, stored);
        self.versions.entry(key).or_default().insert(id);
        self.folders.insert(header.folder.clone());
        Ok(Created { header })
    }

    fn remove(&mut self, id: BuildId) {
        let Some(stored) = self.builds.remove(&id) else { return };
        let header = stored.current.header();
        self.folders.remove(&header.folder);
        let key = (header.nsvc.name.clone(), header.nsvc.stream.clone(), header.nsvc.version);
        if let Some(ids) = self.versions.get_mut(&key) {
            ids.remove(&id);
            if ids.is_empty() {
                self.versions.remove(&key);
            }
        }
    }

    /// Checks a whole call before anything of it is kept. Returns the tokens as they are afterwards.
    fn check(&self, writes: &[Append]) -> Result<BTreeMap<String, SlotToken>, StoreError> {
        let mut revisions = BTreeMap::new();
        let mut taken = BTreeMap::new();
        for write in writes {
            let build = write.build;
            let stored = self.get(build)?;
            if let Some(ours) = write.fence
                && ours != stored.fence
            {
                return Err(StoreError::Fenced { build, ours, found: stored.fence });
            }
            let revision = revisions.entry(build).or_insert(stored.current.revision());
            if *revision != write.expected_revision {
                return Err(StoreError::Stale { build, expected: write.expected_revision, found: *revision });
            }
            if let Some(ours) = write.slots {
                let backend = &stored.current.request().backend;
                if self.tokens.get(backend).copied().unwrap_or_default() != ours {
                    return Err(StoreError::SlotsTaken);
                }
                taken.insert(backend.clone(), SlotToken(ours.0 + 1));
            }
            let damaged = |source| StoreError::Damaged { build, source };
            for entry in write.decided.iter().map(|decided| &decided.entry) {
                *revision += 1;
                if entry.revision != *revision {
                    return Err(damaged(ReplayError::Gap { found: entry.revision, expected: *revision }));
                }
                check_components(entry, stored.current.plan().components.len()).map_err(damaged)?;
            }
            if !write.decided.is_empty() && write.summary.revision != *revision {
                return Err(damaged(ReplayError::Gap { found: write.summary.revision, expected: *revision }));
            }
        }
        Ok(taken)
    }
}

impl Stored {
    fn keep(&mut self, id: BuildId, decided: &Decided) {
        if decided.withdraw {
            self.effects.retain(|_, stored| !stored.effect.kind.is_withdrawable());
        }
        for (n, effect) in decided.effects.iter().enumerate() {
            let seq = EffectSeq::new(decided.entry.revision, n);
            self.effects.insert(seq, StoredEffect { build: id, seq, failures: 0, effect: effect.clone() });
        }
        self.log.push(decided.entry.clone());
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn create(&self, new: &[NewBuild], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        let mut inner = self.lock();
        let before = inner.last_id;
        let mut created: Vec<Created> = Vec::new();
        for build in new {
            match inner.create(build, now) {
                Ok(one) => created.push(one),
                Err(error) => {
                    for one in created {
                        inner.remove(one.header.id);
                    }
                    inner.last_id = before;
                    return Err(error);
                }
            }
        }
        Ok(created)
    }

    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
        // The same as replaying the log, which is what `apply_entry` did entry by entry; the simulator compares.
        Ok(self.lock().get(build)?.current.clone())
    }

    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError> {
        let mut inner = self.lock();
        let taken = inner.check(writes)?;
        for write in writes {
            let id = write.build;
            let stored = inner.get_mut(id)?;
            for decided in &write.decided {
                apply_entry(&mut stored.current, &decided.entry)
                    .map_err(|source| StoreError::Damaged { build: id, source })?;
                stored.keep(id, decided);
            }
            for seq in &write.done {
                stored.effects.remove(seq);
            }
        }
        let slots = taken.values().next_back().copied();
        inner.tokens.extend(taken);
        Ok(Appended { slots })
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
        let mut inner = self.lock();
        let stored = inner.get(build)?;
        let state = stored.current.state();
        let why = if state.is_active() {
            "cancel it first"
        } else if !stored.current.closing().is_empty() {
            "tasks of it are still being ended"
        } else if !stored.effects.is_empty() {
            "effects of it still wait for delivery"
        } else {
            inner.remove(build);
            return Ok(());
        };
        Err(StoreError::InUse { build, state, why })
    }

    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<ComponentName, u64>, StoreError> {
        let inner = self.lock();
        let mut durations = BTreeMap::new();
        for stored in inner.builds.values() {
            let build = &stored.current;
            if build.nsvc().name == *name && build.nsvc().stream == *stream {
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
