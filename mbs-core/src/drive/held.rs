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
    /// What waits for the answer of something else.
    blocked: Vec<Waiting>,
    /// Attempts that nobody has begun to submit: they were decided by this driver, and their submission waits or was
    /// withdrawn.
    unsent: BTreeSet<(ComponentIx, u32)>,
    /// Effects that were withdrawn while they were being delivered: if that fails, they are not tried again.
    withdrawn: BTreeSet<EffectSeq>,
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
            unsent: BTreeSet::new(),
            withdrawn: BTreeSet::new(),
        }
    }

    pub(super) fn enqueue(&mut self, stored: StoredEffect, recovered: bool) {
        if self.in_flight.contains_key(&stored.seq) {
            return;
        }
        if let EffectKind::Submit { component, attempt } = stored.effect.kind
            && !recovered
        {
            self.unsent.insert((component, attempt));
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
        let flying = self.in_flight.iter().filter(|(_, kind)| kind.is_withdrawable()).map(|(seq, _)| *seq);
        self.withdrawn.extend(flying);
        self.blocked.retain(|waiting| !waiting.stored.effect.kind.is_withdrawable());
    }

    /// Whether an effect was withdrawn after its delivery had begun.
    pub(super) fn is_withdrawn(&self, seq: EffectSeq) -> bool {
        self.withdrawn.contains(&seq)
    }

    /// Replaces what waits by what the store holds, after somebody else wrote. What is `taken` does not wait: it is about
    /// to be put off, or answered.
    pub(super) fn replace_queue(&mut self, mut pending: Vec<StoredEffect>, taken: &BTreeSet<EffectSeq>) {
        let there: BTreeSet<EffectSeq> = pending.iter().map(|effect| effect.seq).collect();
        let gone = self.in_flight.keys().chain(taken).filter(|seq| !there.contains(seq));
        self.withdrawn.extend(gone);
        pending.retain(|effect| !taken.contains(&effect.seq));
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

    /// Takes what may be delivered now: messages one at a time and in order; the ending of an attempt only after its
    /// submission has been answered; the buildroot of a resumed build only after the tidying up has been answered.
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
            let blocked = match waiting.stored.effect.kind {
                EffectKind::Close { component, attempt } => self.submit_in_flight(component, attempt),
                EffectKind::Connect => self.in_flight.values().any(|kind| matches!(kind, EffectKind::Finalize { .. })),
                _ => false,
            };
            if blocked {
                self.blocked.push(waiting);
                continue;
            }
            if let EffectKind::Submit { component, attempt } = waiting.stored.effect.kind {
                self.unsent.remove(&(component, attempt));
            }
            self.in_flight.insert(waiting.stored.seq, waiting.stored.effect.kind.clone());
            taken.push(waiting);
        }
        taken.extend(self.take_message(now));
        taken
    }

    /// Takes the next message if it is due and none is being delivered.
    pub(super) fn take_message(&mut self, now: DateTime<Utc>) -> Option<Waiting> {
        if self.messages.is_empty() || self.message_in_flight() {
            return None;
        }
        let first = self.messages.first_entry().filter(|first| first.get().stored.effect.due <= now)?;
        let waiting = first.remove();
        self.in_flight.insert(waiting.stored.seq, waiting.stored.effect.kind.clone());
        Some(waiting)
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

    /// Whether it is certain that no call to submit the attempt was ever begun, by this driver or another one.
    pub(super) fn never_sent(&self, ix: ComponentIx, attempt: u32) -> bool {
        self.unsent.contains(&(ix, attempt))
    }

    /// Whether a submission is being delivered.
    pub(super) fn submitting(&self) -> bool {
        self.in_flight.values().any(|kind| matches!(kind, EffectKind::Submit { .. }))
    }

    /// Idempotency key of an attempt.
    pub(super) fn key(&self, ix: ComponentIx, attempt: u32) -> Option<RequestKey> {
        let component = self.build.spec(ix)?.name.clone();
        Some(RequestKey { build: self.build.id(), component, attempt })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{BuildRequest, Effect, NewBuild};
    use crate::plan::{Order, Plan};
    use crate::store::{MemoryStore, Store};
    use crate::{Arch, BuildId, Owner};
    use futures::executor::block_on;

    /// An empty module is enough: effects are put in by hand.
    fn held() -> Held {
        let request = BuildRequest::new(
            "sample",
            Arch::new("x86_64").expect("arch"),
            Plan { order: Order::Batches, components: Vec::new() },
        );
        let new = NewBuild {
            nsvc: "sample:1:1:c0ffee".parse().expect("identity"),
            owner: Owner::new("ann").expect("owner"),
            scratch: false,
            request: Arc::new(request),
        };
        let store = MemoryStore::new();
        let now = DateTime::UNIX_EPOCH;
        block_on(store.create(&[new], now)).expect("created");
        let build = block_on(store.load(BuildId(1))).expect("loaded");
        let context = Arc::new(ModuleContext::of(&build).expect("context"));
        Held::new(build, context, Lease { build: BuildId(1), fence: 1 })
    }

    fn stored(seq: u64, kind: EffectKind) -> StoredEffect {
        let effect = Effect { due: DateTime::UNIX_EPOCH, kind };
        StoredEffect { build: BuildId(1), seq: EffectSeq(seq), failures: 0, effect }
    }

    fn taken(held: &mut Held) -> Vec<u64> {
        held.take_due(DateTime::UNIX_EPOCH).iter().map(|waiting| waiting.stored.seq.0).collect()
    }

    #[test]
    fn the_buildroot_of_a_resumed_build_waits_for_the_answer_of_the_tidying_up() {
        let mut held = held();
        held.enqueue(stored(1, EffectKind::Finalize { success: false }), false);
        assert_eq!(taken(&mut held), [1]);
        held.enqueue(stored(2, EffectKind::Connect), false);
        assert_eq!(taken(&mut held), [0; 0]);
        assert!(!held.is_quiet());
        held.in_flight.clear();
        assert_eq!(taken(&mut held), [2]);
    }

    #[test]
    fn what_is_withdrawn_while_it_is_delivered_is_not_tried_again() {
        let mut held = held();
        let tidy_up = EffectKind::Finalize { success: false };
        held.enqueue(stored(1, tidy_up.clone()), false);
        held.enqueue(stored(2, tidy_up.clone()), false);
        held.enqueue(stored(3, tidy_up.clone()), false);
        assert_eq!(taken(&mut held), [1, 2, 3]);
        held.in_flight.remove(&EffectSeq(3));
        // Somebody resumed the build: the store has none of them any more; the third was about to be put off.
        held.replace_queue(Vec::new(), &BTreeSet::from([EffectSeq(3)]));
        assert!((1..=3).all(|seq| held.is_withdrawn(EffectSeq(seq))));
        held.enqueue(stored(4, tidy_up), false);
        assert_eq!(taken(&mut held), [4]);
        held.withdraw();
        assert!(held.is_withdrawn(EffectSeq(4)));
    }

    #[test]
    fn only_a_submission_that_no_driver_can_have_begun_counts_as_never_sent() {
        let mut held = held();
        let submit = |attempt| EffectKind::Submit { component: ComponentIx(1), attempt };
        held.enqueue(stored(1, submit(1)), true);
        assert!(!held.never_sent(ComponentIx(1), 1), "an earlier driver may have begun it");
        held.enqueue(stored(2, submit(2)), false);
        assert!(held.never_sent(ComponentIx(1), 2));
        assert_eq!(taken(&mut held), [1, 2]);
        assert!(!held.never_sent(ComponentIx(1), 2), "it has been begun");
        held.enqueue(stored(3, submit(3)), false);
        held.withdraw();
        assert!(held.never_sent(ComponentIx(1), 3), "it was withdrawn before it was begun");
    }
}
