//! What the outside answered.

use super::decision::{Decision, IllegalEvent};
use crate::build::change::Change;
use crate::build::effect::EffectKind;
use crate::build::event::{BuiltComponent, TaskId};
use crate::build::state::{ComponentState, ModuleState};
use crate::plan::ComponentIx;
use crate::{Blame, Failure};

/// A component that the builder lost this often since the driver took over fails for good.
pub(super) const MAX_LOSSES: u32 = 3;

pub(super) fn sources_resolved(d: &mut Decision<'_>, commits: Vec<Option<String>>) -> Result<(), IllegalEvent> {
    let expected = d.build.plan().components.len();
    if commits.len() != expected {
        let why = format!("{} commits for {expected} components", commits.len());
        return Err(d.illegal("sources_resolved", why));
    }
    d.change(Change::SourcesRecorded { commits });
    d.enter(ModuleState::Wait, None);
    d.effect(EffectKind::Connect);
    Ok(())
}

pub(super) fn task_accepted(d: &mut Decision<'_>, component: ComponentIx, attempt: u32, task: TaskId) {
    if d.is_current(component, attempt) {
        if d.build.component(component).is_some_and(|c| c.task.as_ref() != Some(&task)) {
            d.change(Change::ComponentTask { component, task });
        }
        return;
    }
    // The answer that ended this very attempt may have overtaken the one that began it.
    let ended = d
        .build
        .component(component)
        .is_some_and(|c| c.attempt == attempt && matches!(c.state, ComponentState::Complete | ComponentState::Failed));
    if !ended {
        d.end_stray(component, attempt);
    }
}

pub(super) fn component_completed(d: &mut Decision<'_>, component: ComponentIx, attempt: u32, built: BuiltComponent) {
    if d.is_current(component, attempt) {
        d.change(Change::ComponentBuilt { component, built });
        d.tell(component, ComponentState::Complete);
    } else {
        d.closed(component, attempt);
    }
}

pub(super) fn component_failed(d: &mut Decision<'_>, component: ComponentIx, attempt: u32, failure: Failure) {
    if d.is_current(component, attempt) {
        d.change(Change::ComponentFailed { component, failure });
        d.tell(component, ComponentState::Failed);
    } else {
        d.closed(component, attempt);
    }
}

pub(super) fn task_lost(d: &mut Decision<'_>, component: ComponentIx, attempt: u32, failure: Failure) {
    if !d.is_current(component, attempt) {
        d.closed(component, attempt);
        return;
    }
    let losses = d.build.component(component).map_or(0, |c| c.losses);
    if losses < MAX_LOSSES {
        d.change(Change::ComponentLost { component, reason: failure.reason });
    } else {
        let reason = format!("{} (given up after {} attempts)", failure.reason, losses + 1);
        d.change(Change::ComponentFailed {
            component,
            failure: Failure { blame: Blame::Infra, reason, log: failure.log },
        });
        d.tell(component, ComponentState::Failed);
    }
}

pub(super) fn task_given_up(d: &mut Decision<'_>, component: ComponentIx, attempt: u32, failure: Failure) {
    if d.is_current(component, attempt) {
        d.change(Change::ComponentFailed { component, failure });
        d.tell(component, ComponentState::Failed);
        d.end_stray(component, attempt);
    }
}

pub(super) fn interrupted(d: &mut Decision<'_>, component: ComponentIx, attempt: u32) {
    if d.is_current(component, attempt) {
        d.change(Change::ComponentReleased { component });
    } else {
        d.closed(component, attempt);
    }
}

fn is_cycle(d: &Decision<'_>, cycle: u32) -> bool {
    d.build.publishing().is_some_and(|publishing| publishing.cycle == cycle)
}

pub(super) fn tagged(d: &mut Decision<'_>, cycle: u32) {
    let Some(publishing) = d.build.publishing().filter(|p| p.cycle == cycle && !p.tagged) else { return };
    let components = publishing.components.clone();
    d.change(Change::PublishTagged);
    d.effect(EffectKind::Regenerate { cycle, components });
}

pub(super) fn repo_ready(d: &mut Decision<'_>, cycle: u32) {
    if is_cycle(d, cycle) {
        d.change(Change::Published);
    }
}

pub(super) fn repo_failed(d: &mut Decision<'_>, cycle: u32, failure: Failure) {
    if is_cycle(d, cycle) {
        d.fail(failure);
    }
}

pub(super) fn finalized(d: &mut Decision<'_>) {
    if !d.build.finalizing() {
        return;
    }
    d.enter(ModuleState::Done, None);
    if !d.build.header().scratch {
        d.enter(ModuleState::Ready, None);
    }
}

pub(super) fn finalize_failed(d: &mut Decision<'_>, failure: Failure) {
    if d.build.finalizing() {
        d.fail(failure);
    }
}
