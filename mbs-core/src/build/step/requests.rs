//! What somebody asked for.

use super::decision::{Decision, IllegalEvent};
use crate::Failure;
use crate::build::backoff::backoff;
use crate::build::change::Change;
use crate::build::effect::EffectKind;
use crate::build::state::{ComponentState, ModuleState};
use crate::plan::{ComponentIx, Order};
use chrono::TimeDelta;
use std::collections::BTreeSet;

pub(super) fn admitted(d: &mut Decision<'_>, components: &[ComponentIx]) -> Result<(), IllegalEvent> {
    let mut seen = BTreeSet::new();
    let mut label = d.build.batch();
    for ix in components {
        let (Some(component), Some(spec)) = (d.build.component(*ix), d.build.spec(*ix)) else { continue };
        if !d.build.is_ready(*ix) || !seen.insert(*ix) {
            let why = format!("component `{}` cannot start now", spec.name);
            return Err(d.illegal("admitted", why));
        }
        if d.build.plan().order == Order::Graph && spec.batch > label {
            label = spec.batch;
            d.change(Change::BatchStarted { batch: label });
        }
        let attempt = component.attempt + 1;
        let delay = if component.losses == 0 { TimeDelta::zero() } else { backoff(component.losses) };
        d.change(Change::ComponentStarted { component: *ix, attempt });
        d.tell(*ix, ComponentState::Building);
        d.effect_after(delay, EffectKind::Submit { component: *ix, attempt });
    }
    Ok(())
}

pub(super) fn cancel(d: &mut Decision<'_>, by: &str) {
    d.fail(Failure::user(format!("Canceled by {by}.")));
}

pub(super) fn resume(d: &mut Decision<'_>, by: &str) -> Result<(), IllegalEvent> {
    let open = d.build.closing().len();
    if open > 0 {
        let why = format!("{open} of its tasks have not ended yet; try again when they have");
        return Err(d.illegal("resume_asked", why));
    }
    // The tidying up of the failed build must not hit the resumed one.
    d.withdraw();
    d.change(Change::Resumed);
    let reason = Some(format!("Resubmitted by {by}"));
    if d.build.sources_known() {
        d.enter(ModuleState::Wait, reason);
        d.effect(EffectKind::Connect);
    } else {
        d.enter(ModuleState::Init, reason);
        d.effect(EffectKind::ResolveSources);
    }
    Ok(())
}

pub(super) fn retire(d: &mut Decision<'_>, reason: String) -> Result<(), IllegalEvent> {
    let open = d.build.closing().len();
    if open > 0 {
        let why = format!("{open} of its tasks have not ended yet; try again when they have");
        return Err(d.illegal("retired", why));
    }
    d.enter(ModuleState::Garbage, Some(reason));
    Ok(())
}
