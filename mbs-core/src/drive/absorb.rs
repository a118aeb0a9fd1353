//! Deciding and writing: all events that are there, and the slots that can be given, in one transaction.

use super::config::DriveError;
use super::driver::{Driver, Input};
use super::patience::patiently;
use crate::BuildId;
use crate::build::{Decided, EffectSeq, Event, Running, StoredEffect, WaitingBuild, admit, backoff, decide};
use crate::plan::ComponentIx;
use crate::store::{Append, BuildSummary, SlotToken, StoreError};
use std::collections::{BTreeMap, BTreeSet};

/// What is about to be written about a build.
#[derive(Default)]
struct Write {
    expected_revision: u64,
    decided: Vec<Decided>,
    done: Vec<EffectSeq>,
    slots: Option<SlotToken>,
}

impl Driver {
    /// Records everything that has happened and everything that follows from it.
    pub(super) async fn absorb(&mut self) -> Result<(), DriveError> {
        let mut failures = 0;
        loop {
            self.put_off().await?;
            self.refresh_slots().await?;
            let inputs: Vec<Input> = self.inbox.drain(..).collect();
            let mut writes: BTreeMap<BuildId, Write> = BTreeMap::new();
            for input in &inputs {
                self.take(input, &mut writes);
            }
            self.give_slots(&mut writes);
            if writes.is_empty() {
                return Ok(());
            }
            let appends = self.appends(&mut writes);
            match self.ports.store.append(&appends).await {
                Ok(appended) => {
                    failures = 0;
                    if let (Some(slots), Some(token)) = (&mut self.slots, appended.slots) {
                        slots.token = token;
                    }
                    self.written(appends);
                }
                Err(error) => {
                    tracing::debug!("write refused: {error}");
                    match &error {
                        StoreError::Fenced { build, .. } | StoreError::NotFound(build) => self.lost(*build),
                        error if error.is_conflict() => {}
                        error if error.is_transient() && failures < self.config.patience => {
                            failures += 1;
                            let until = self.ports.clock.now() + backoff(failures);
                            self.ports.clock.sleep_until(until).await;
                        }
                        _ => return Err(error.into()),
                    }
                    // Memory is ahead of the log: read again and decide again.
                    self.slots = None;
                    let touched: Vec<BuildId> = appends.iter().map(|append| append.build).collect();
                    for input in inputs.into_iter().rev() {
                        if self.builds.contains_key(&input.build) {
                            self.inbox.push_front(input);
                        }
                    }
                    for id in touched {
                        self.reload(id).await?;
                    }
                }
            }
        }
    }

    /// Decides one event in memory.
    fn take(&mut self, input: &Input, writes: &mut BTreeMap<BuildId, Write>) {
        let Some(held) = self.builds.get_mut(&input.build) else { return };
        let before = held.build.revision();
        let write = || Write { expected_revision: before, ..Write::default() };
        if !input.done.is_empty() {
            writes.entry(input.build).or_insert_with(write).done.extend(&input.done);
        }
        let Some(event) = input.event.clone() else { return };
        match decide(&mut held.build, event, self.ports.clock.now()) {
            Ok(Some(decided)) => writes.entry(input.build).or_insert_with(write).decided.push(decided),
            Ok(None) => {}
            Err(illegal) => tracing::warn!(build = %input.build, "{illegal}"),
        }
    }

    async fn refresh_slots(&mut self) -> Result<(), DriveError> {
        if self.slots.is_none() {
            let Self { ports, config, .. } = &*self;
            let mut slots = patiently(ports, config, || ports.store.slots(ports.builder.name())).await?;
            let others: Vec<BuildId> =
                slots.builds.keys().filter(|id| !self.builds.contains_key(id)).copied().collect();
            if !others.is_empty() && !ports.builder.capabilities().survives_process {
                // Tasks that end with their process hold nothing once nobody drives their build.
                let now = ports.clock.now();
                for id in patiently(ports, config, || ports.store.undriven(&others, now)).await? {
                    slots.builds.remove(&id);
                }
            }
            self.slots = Some(slots);
        }
        Ok(())
    }

    /// Gives free slots to components that may start.
    fn give_slots(&mut self, writes: &mut BTreeMap<BuildId, Write>) {
        let Some(slots) = &self.slots else { return };
        if !self.builds.values().any(|held| held.build.ready().next().is_some()) {
            return;
        }
        // Of our own builds memory knows best; of the others the store.
        let mut builds = slots.builds.clone();
        for (id, held) in &self.builds {
            builds.insert(*id, (held.build.owner().clone(), held.build.running_count()));
        }
        let token = slots.token;
        let mut granted: BTreeMap<BuildId, Vec<ComponentIx>> = BTreeMap::new();
        for (id, held) in self.builds.iter().filter(|(_, held)| !held.build.request().reuse.is_empty()) {
            // What is taken from an earlier build is no work: no limit holds it back.
            let free: Vec<ComponentIx> = held.build.ready().filter(|ix| !held.build.takes_slot(*ix)).collect();
            if !free.is_empty() {
                granted.insert(*id, free);
            }
        }
        let mut running = Running { builds, turn: std::mem::take(&mut self.turn) };
        let waiting = self
            .builds
            .iter()
            .map(|(id, held)| WaitingBuild {
                build: *id,
                owner: held.build.owner(),
                ready: Box::new(held.build.ready().filter(|ix| held.build.takes_slot(*ix))),
            })
            .collect();
        let grants = admit(waiting, &mut running, &self.config.limits);
        self.turn = running.turn;
        let mut slotted = BTreeSet::new();
        for grant in grants {
            granted.entry(grant.build).or_default().push(grant.component);
            slotted.insert(grant.build);
        }
        for (id, components) in granted {
            let input = Input { build: id, event: Some(Event::Admitted { components }), done: Vec::new() };
            self.take(&input, writes);
            if let Some(write) = writes.get_mut(&id).filter(|_| slotted.contains(&id)) {
                write.slots = Some(token);
            }
        }
    }

    fn appends(&self, writes: &mut BTreeMap<BuildId, Write>) -> Vec<Append> {
        std::mem::take(writes)
            .into_iter()
            .filter_map(|(id, write)| {
                let held = self.builds.get(&id)?;
                Some(Append {
                    build: id,
                    expected_revision: write.expected_revision,
                    fence: Some(held.lease.fence),
                    decided: write.decided,
                    done: write.done,
                    slots: write.slots,
                    summary: BuildSummary::of(&held.build),
                })
            })
            .collect()
    }

    /// The write is durable: its effects may be delivered.
    fn written(&mut self, appends: Vec<Append>) {
        for append in appends {
            let Some(held) = self.builds.get_mut(&append.build) else { continue };
            for decided in append.decided {
                if decided.withdraw {
                    held.withdraw();
                }
                let revision = decided.entry.revision;
                for (n, effect) in decided.effects.into_iter().enumerate() {
                    let seq = EffectSeq::new(revision, n);
                    if !append.done.contains(&seq) {
                        held.enqueue(StoredEffect { build: append.build, seq, failures: 0, effect }, false);
                    }
                }
            }
        }
    }

    /// Stores that deliveries are put off, and puts them back into the queue.
    async fn put_off(&mut self) -> Result<(), DriveError> {
        for effect in std::mem::take(&mut self.deferred) {
            let Some(held) = self.builds.get_mut(&effect.build) else { continue };
            let fence = held.lease.fence;
            let (build, seq, due) = (effect.build, effect.seq, effect.effect.due);
            let (ports, config) = (&self.ports, &self.config);
            match patiently(ports, config, || ports.store.defer(build, seq, fence, due, effect.failures)).await {
                Ok(()) if held.is_withdrawn(seq) => {}
                Ok(()) => held.enqueue(effect, true),
                Err(StoreError::Fenced { build, .. } | StoreError::NotFound(build)) => self.lost(build),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
