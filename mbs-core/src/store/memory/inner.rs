//! What a store in memory holds, and what changes it.

use crate::build::{
    Decided, EffectSeq, LogEntry, ModuleBuild, NewBuild, ReplayError, StoredEffect, apply_entry, check_components,
    submitted,
};
use crate::store::error::StoreError;
use crate::store::notes::ModuleNotes;
use crate::store::part::SubmitPart;
use crate::store::place::{Sibling, place};
use crate::store::store_trait::{Append, Appended, Created, SlotToken};
use crate::{BuildId, ModuleName, Nsvc, StreamName, Version};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

type VersionKey = (ModuleName, StreamName, Version);

fn version_of(nsvc: &Nsvc) -> VersionKey {
    (nsvc.name.clone(), nsvc.stream.clone(), nsvc.version)
}

/// Takes a build out of an index.
fn forget<K: Ord>(index: &mut BTreeMap<K, BTreeSet<BuildId>>, key: &K, id: BuildId) {
    if let Some(ids) = index.get_mut(key) {
        ids.remove(&id);
        if ids.is_empty() {
            index.remove(key);
        }
    }
}

#[derive(Debug, Default)]
pub(super) struct Inner {
    pub(super) builds: BTreeMap<BuildId, Stored>,
    /// Builds of one name, stream and version.
    versions: BTreeMap<VersionKey, BTreeSet<BuildId>>,
    /// Result folders that are taken.
    folders: BTreeSet<String>,
    /// Builds of one name.
    names: BTreeMap<ModuleName, BTreeSet<BuildId>>,
    last_id: u64,
    pub(super) tokens: BTreeMap<String, SlotToken>,
}

#[derive(Debug)]
pub(super) struct Stored {
    pub(super) log: Vec<LogEntry>,
    pub(super) effects: BTreeMap<EffectSeq, StoredEffect>,
    pub(super) current: ModuleBuild,
    pub(super) notes: Arc<ModuleNotes>,
    pub(super) fence: u64,
    pub(super) holder: Option<(String, DateTime<Utc>)>,
}

impl Inner {
    pub(super) fn get(&self, id: BuildId) -> Result<&Stored, StoreError> {
        self.builds.get(&id).ok_or(StoreError::NotFound(id))
    }

    pub(super) fn get_mut(&mut self, id: BuildId) -> Result<&mut Stored, StoreError> {
        self.builds.get_mut(&id).ok_or(StoreError::NotFound(id))
    }

    fn create(&mut self, new: &NewBuild, now: DateTime<Utc>) -> Result<Created, StoreError> {
        let siblings: Vec<Sibling> = self
            .versions
            .get(&version_of(&new.nsvc))
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
        let notes = Arc::new(ModuleNotes::of(&header));
        let mut stored = Stored { log: Vec::new(), effects: BTreeMap::new(), current, notes, fence: 0, holder: None };
        stored.keep(id, &decided);
        self.last_id = id.0;
        self.insert(id, stored);
        Ok(Created { header })
    }

    fn insert(&mut self, id: BuildId, stored: Stored) {
        let header = stored.current.header();
        self.versions.entry(version_of(&header.nsvc)).or_default().insert(id);
        self.names.entry(header.nsvc.name.clone()).or_default().insert(id);
        self.folders.insert(header.folder.clone());
        self.builds.insert(id, stored);
    }

    /// Takes a build out, if nothing of it is in use.
    pub(super) fn remove(&mut self, id: BuildId) -> Result<Stored, StoreError> {
        let stored = self.get(id)?;
        let state = stored.current.state();
        let why = if state.is_active() {
            "cancel it first"
        } else if !stored.current.closing().is_empty() {
            "tasks of it are still being ended"
        } else if !stored.effects.is_empty() {
            "effects of it still wait for delivery"
        } else {
            return self.take(id).ok_or(StoreError::NotFound(id));
        };
        Err(StoreError::InUse { build: id, state, why })
    }

    fn take(&mut self, id: BuildId) -> Option<Stored> {
        let stored = self.builds.remove(&id)?;
        let header = stored.current.header();
        self.folders.remove(&header.folder);
        forget(&mut self.versions, &version_of(&header.nsvc), id);
        forget(&mut self.names, &header.nsvc.name, id);
        Some(stored)
    }

    /// Builds of a module, the oldest first.
    pub(super) fn named(&self, name: &ModuleName) -> impl DoubleEndedIterator<Item = &Stored> {
        self.names.get(name).into_iter().flatten().filter_map(|id| self.builds.get(id))
    }

    /// Does what a submission comes to, all or nothing.
    pub(super) fn submit(&mut self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        let before = self.last_id;
        let (mut replaced, mut created) = (Vec::new(), Vec::new());
        let done = self.submit_parts(parts, now, &mut replaced, &mut created);
        if let Err(error) = done {
            for one in &created {
                self.take(one.header.id);
            }
            for old in replaced {
                self.insert(old.current.id(), old);
            }
            self.last_id = before;
            return Err(error);
        }
        Ok(created)
    }

    fn submit_parts(
        &mut self,
        parts: &[SubmitPart],
        now: DateTime<Utc>,
        replaced: &mut Vec<Stored>,
        created: &mut Vec<Created>,
    ) -> Result<(), StoreError> {
        for part in parts {
            if let SubmitPart::Replace { old, expected_revision, .. } = part {
                let found = self.get(*old)?.current.revision();
                if found != *expected_revision {
                    return Err(StoreError::Stale { build: *old, expected: *expected_revision, found });
                }
                replaced.push(self.remove(*old)?);
            }
        }
        for new in parts.iter().filter_map(SubmitPart::new_build) {
            created.push(self.create(new, now)?);
        }
        let writes = parts.iter().filter_map(|part| match part {
            SubmitPart::Append(write) => Some(Append::clone(write)),
            SubmitPart::Create(_) | SubmitPart::Replace { .. } => None,
        });
        self.append(&writes.collect::<Vec<_>>())?;
        Ok(())
    }

    /// Writes to stored builds, all or nothing.
    pub(super) fn append(&mut self, writes: &[Append]) -> Result<Appended, StoreError> {
        let taken = self.check(writes)?;
        for write in writes {
            let id = write.build;
            let stored = self.get_mut(id)?;
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
        self.tokens.extend(taken);
        Ok(Appended { slots })
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
