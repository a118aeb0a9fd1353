//! A build that the driver holds, with its effects.

use crate::build::{EffectKind, EffectSeq, ModuleBuild, StoredEffect};
use crate::builder::{ModuleContext, RequestKey};
use crate::plan::ComponentIx;
use crate::store::Lease;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// An effect that waits in memory. The store has it too.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    pub(super) stored: StoredEffect,
    /// Whether an earlier driver may have delivered it already.
    pub(super) recovered: bool,
}

pub(super) struct Held {
    pub(super) build: ModuleBuild,
    pub(super) context: Arc<ModuleContext>,
    pub(super) lease: Lease,
    /// Work by the moment it is due.
    work: BTreeMap<(DateTime<Utc>, EffectSeq), Waiting>,
    /// Messages in their order.
    messages: BTreeMap<EffectSeq, Waiting>,
    /// What is being delivered now.
    pub(super) in_flight: BTreeMap<EffectSeq, EffectKind>,
    /// The ending of attempts whose submission is still being delivered.
    blocked: Vec<Waiting>,
}

impl Held {
    pub(super) fn new(build: ModuleBuild, context: Arc<ModuleContext>, lease: Lease) -> Self {
        Self {
            build,
            context,
            lease,
            work: BTreeMap::new(),
            messages: BTreeMap::new(),
            in_flight: BTreeMap::new(),
            blocked: Vec::new(),
        }
    }

    pub(super) fn enqueue(&mut self, stored: StoredEffect, recovered: bool) {
        if self.in_flight.contains_key(&stored.seq) {
            return;
        }
        let waiting = Waiting { stored, recovered };
        if waiting.stored.effect.kind.is_message() {
            self.messages.insert(waiting.stored.seq, waiting);
        } else {
            self.work.insert((waiting.stored.effect.due, waiting.stored.seq), waiting);
        }
    }

    /// Forgets what a decision withdrew.
    pub(super) fn withdraw(&mut self) {
        self.work.retain(|_, waiting| !waiting.stored.effect.kind.is_withdrawable());
    }

    /// Replaces what waits by what the store holds, after somebody else wrote.
    pub(super) fn replace_queue(&mut self, pending: Vec<StoredEffect>) {
        let old: BTreeSet<EffectSeq> = self.work.values().chain(self.messages.values()).map(|w| w.stored.seq).collect();
        self.work.clear();
        self.messages.clear();
        self.blocked.clear();
        for stored in pending {
            // What was not here before was written by somebody else, but never delivered by him.
            let recovered = old.contains(&stored.seq);
            self.enqueue(stored, recovered);
        }
    }

    /// Whether nothing is to be delivered, now or later.
    pub(super) fn is_quiet(&self) -> bool {
        self.work.is_empty() && self.messages.is_empty() && self.in_flight.is_empty() && self.blocked.is_empty()
    }

    /// The moment the next effect is due.
    pub(super) fn next_due(&self) -> Option<DateTime<Utc>> {
        let message = if self.message_in_flight() { None } else { self.messages.values().next() };
        let work = self.work.keys().next().map(|(due, _)| *due);
        work.into_iter().chain(message.map(|waiting| waiting.stored.effect.due)).min()
    }

    fn message_in_flight(&self) -> bool {
        self.in_flight.values().any(EffectKind::is_message)
    }

    fn submit_in_flight(&self, component: ComponentIx, attempt: u32) -> bool {
        self.in_flight.values().any(|kind| *kind == EffectKind::Submit { component, attempt })
    }

    /// Takes what may be delivered now: messages one at a time and in order, the ending of an attempt only after its
    /// submission has been answered.
    pub(super) fn take_due(&mut self, now: DateTime<Utc>) -> Vec<Waiting> {
        let mut taken = Vec::new();
        let mut candidates = std::mem::take(&mut self.blocked);
        while let Some(entry) = self.work.first_entry() {
            if entry.key().0 > now {
                break;
            }
            candidates.push(entry.remove());
        }
        for waiting in candidates {
            if let EffectKind::Close { component, attempt } = waiting.stored.effect.kind
                && self.submit_in_flight(component, attempt)
            {
                self.blocked.push(waiting);
                continue;
            }
            self.in_flight.insert(waiting.stored.seq, waiting.stored.effect.kind.clone());
            taken.push(waiting);
        }
        if !self.message_in_flight()
            && let Some(first) = self.messages.first_entry()
            && first.get().stored.effect.due <= now
        {
            let waiting = first.remove();
            self.in_flight.insert(waiting.stored.seq, waiting.stored.effect.kind.clone());
            taken.push(waiting);
        }
        taken
    }

    /// Submissions of an attempt that wait or are being delivered.
    pub(super) fn submissions(&self, ix: ComponentIx, attempt: u32) -> Vec<EffectSeq> {
        let wanted = EffectKind::Submit { component: ix, attempt };
        let waiting = self.work.values().filter(|w| w.stored.effect.kind == wanted).map(|w| w.stored.seq);
        let flying = self.in_flight.iter().filter(|(_, kind)| **kind == wanted).map(|(seq, _)| *seq);
        waiting.chain(flying).collect()
    }

    /// Whether a submission of the attempt waits or is being delivered.
    pub(super) fn has_submission(&self, ix: ComponentIx, attempt: u32) -> bool {
        !self.submissions(ix, attempt).is_empty()
    }

    /// Idempotency key of an attempt.
    pub(super) fn key(&self, ix: ComponentIx, attempt: u32) -> Option<RequestKey> {
        let component = self.build.spec(ix)?.name.clone();
        Some(RequestKey { build: self.build.id(), component, attempt })
    }
}
