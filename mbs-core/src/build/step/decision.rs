//! What a decision consists of, and the moves that several decisions share.

use crate::Failure;
use crate::build::change::Change;
use crate::build::effect::{Effect, EffectKind};
use crate::build::module_build::ModuleBuild;
use crate::build::state::{ComponentState, ModuleState};
use crate::plan::ComponentIx;
use chrono::{DateTime, TimeDelta, Utc};

/// A decision: what changes and what is to be done about it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Step {
    /// Changes, in order.
    pub changes: Vec<Change>,
    /// Effects, in order.
    pub effects: Vec<Effect>,
    /// Whether effects of this build that wait undelivered are withdrawn in the same transaction (all but messages and
    /// the ending of tasks).
    pub withdraw: bool,
}

impl Step {
    /// Whether nothing is to be written.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.effects.is_empty() && !self.withdraw
    }
}

/// An event that the state of the build does not allow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event `{event}` is not possible in state `{state}`: {why}")]
pub struct IllegalEvent {
    /// Name of the event.
    pub event: &'static str,
    /// State of the module.
    pub state: ModuleState,
    /// Why it is refused, and what to do.
    pub why: String,
}

/// A decision in the making.
pub(super) struct Decision<'a> {
    pub(super) build: &'a ModuleBuild,
    pub(super) now: DateTime<Utc>,
    step: Step,
}

impl<'a> Decision<'a> {
    pub(super) fn new(build: &'a ModuleBuild, now: DateTime<Utc>) -> Self {
        Self { build, now, step: Step::default() }
    }

    pub(super) fn finish(self) -> Step {
        self.step
    }

    pub(super) fn change(&mut self, change: Change) {
        self.step.changes.push(change);
    }

    pub(super) fn effect(&mut self, kind: EffectKind) {
        self.step.effects.push(Effect { due: self.now, kind });
    }

    pub(super) fn effect_after(&mut self, delay: TimeDelta, kind: EffectKind) {
        self.step.effects.push(Effect { due: self.now + delay, kind });
    }

    /// What waits undelivered is withdrawn.
    pub(super) fn withdraw(&mut self) {
        self.step.withdraw = true;
    }

    /// The module enters a state without fault, and everybody hears of it.
    pub(super) fn enter(&mut self, state: ModuleState, reason: Option<String>) {
        self.change(Change::StateSet { state, reason: reason.clone(), blame: None, log: None });
        self.effect(EffectKind::AnnounceModule { state, reason });
    }

    /// A component is in another state, and everybody hears of it.
    pub(super) fn tell(&mut self, component: ComponentIx, state: ComponentState) {
        self.effect(EffectKind::AnnounceComponent { component, state });
    }

    /// The module fails at once: undelivered effects are withdrawn, running tasks are ended, a publishing cycle is given
    /// up.
    pub(super) fn fail(&mut self, failure: Failure) {
        self.withdraw();
        if self.build.publishing().is_some() {
            self.change(Change::PublishAbandoned);
        }
        let running: Vec<_> = self.build.running().collect();
        for ix in running {
            let attempt = self.build.component(ix).map_or(0, |component| component.attempt);
            self.change(Change::ComponentClosing { component: ix, attempt });
            self.tell(ix, ComponentState::Canceled);
            self.effect(EffectKind::Close { component: ix, attempt });
        }
        let Failure { blame, reason, log } = failure;
        self.change(Change::StateSet {
            state: ModuleState::Failed,
            reason: Some(reason.clone()),
            blame: Some(blame),
            log,
        });
        self.effect(EffectKind::AnnounceModule { state: ModuleState::Failed, reason: Some(reason) });
        if self.build.state() != ModuleState::Init {
            self.effect(EffectKind::Finalize { success: false });
        }
    }

    /// An attempt nobody waits for is running somewhere: end it and remember until it has ended.
    pub(super) fn end_stray(&mut self, component: ComponentIx, attempt: u32) {
        if self.build.closing().contains(&(component, attempt)) {
            return;
        }
        self.change(Change::StrayClosing { component, attempt });
        self.effect(EffectKind::Close { component, attempt });
    }

    /// The task of an attempt has ended for certain.
    pub(super) fn closed(&mut self, component: ComponentIx, attempt: u32) {
        if self.build.closing().contains(&(component, attempt)) {
            self.change(Change::Closed { component, attempt });
        }
    }

    /// Whether this is the attempt that the build waits for.
    pub(super) fn is_current(&self, component: ComponentIx, attempt: u32) -> bool {
        self.build.component(component).is_some_and(|c| c.state == ComponentState::Building && c.attempt == attempt)
    }

    /// A refusal.
    pub(super) fn illegal(&self, event: &'static str, why: impl Into<String>) -> IllegalEvent {
        IllegalEvent { event, state: self.build.state(), why: why.into() }
    }
}
