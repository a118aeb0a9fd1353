//! The transition function: every state times every event, written out.

use super::decision::{Decision, IllegalEvent, Step};
use super::{advance, answers, requests};
use crate::build::change::Change;
use crate::build::event::Event;
use crate::build::module_build::ModuleBuild;
use crate::build::state::ModuleState::{Build, Done, Failed, Garbage, Init, Ready, Wait};
use crate::plan::ComponentIx;
use chrono::{DateTime, Utc};

/// Decides what an event means for a build. Reads nothing but its arguments.
///
/// # Errors
/// [`IllegalEvent`] for a request that the state does not allow, or a component that does not exist.
pub fn step(build: &ModuleBuild, event: Event, now: DateTime<Utc>) -> Result<Step, IllegalEvent> {
    let mut d = Decision::new(build, now);
    let name = event.name();
    check_components(&d, &event)?;
    match event {
        Event::Submitted | Event::Imported => {
            let why = "the build exists already";
            match build.state() {
                Init | Wait | Build | Done | Failed | Ready | Garbage => return Err(d.illegal(name, why)),
            }
        }
        Event::Attached { fence } => match build.state() {
            Init | Wait | Build | Done | Failed | Ready | Garbage => d.change(Change::Attached { fence }),
        },
        Event::Advance => match build.state() {
            Build => advance::advance(&mut d),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::SourcesResolved { commits } => match build.state() {
            Init => answers::sources_resolved(&mut d, commits)?,
            Wait | Build | Done | Failed | Ready | Garbage => {}
        },
        Event::SourcesFailed { failure } => match build.state() {
            Init => d.fail(failure),
            Wait | Build | Done | Failed | Ready | Garbage => {}
        },
        Event::BuildrootReady => match build.state() {
            Wait => d.enter(Build, None),
            Init | Build | Done | Failed | Ready | Garbage => {}
        },
        Event::BuildrootFailed { failure } => match build.state() {
            Wait => d.fail(failure),
            Init | Build | Done | Failed | Ready | Garbage => {}
        },
        Event::Admitted { components } => match build.state() {
            Build => requests::admitted(&mut d, &components)?,
            Init | Wait | Done | Failed | Ready | Garbage => {
                return Err(d.illegal(name, "components are only started in state `build`"));
            }
        },
        Event::TaskAccepted { component, attempt, task } => match build.state() {
            Build => answers::task_accepted(&mut d, component, attempt, task),
            Init | Wait | Done | Failed | Ready | Garbage => d.end_stray(component, attempt),
        },
        Event::ComponentCompleted { component, attempt, built } => match build.state() {
            Build => answers::component_completed(&mut d, component, attempt, built),
            Init | Wait | Done | Failed | Ready | Garbage => d.closed(component, attempt),
        },
        Event::ComponentFailed { component, attempt, failure } => match build.state() {
            Build => answers::component_failed(&mut d, component, attempt, failure),
            Init | Wait | Done | Failed | Ready | Garbage => d.closed(component, attempt),
        },
        Event::TaskLost { component, attempt, failure } => match build.state() {
            Build => answers::task_lost(&mut d, component, attempt, failure),
            Init | Wait | Done | Failed | Ready | Garbage => d.closed(component, attempt),
        },
        Event::TaskGivenUp { component, attempt, failure } => match build.state() {
            Build => answers::task_given_up(&mut d, component, attempt, failure),
            // If it has to end, it is in `closing` already; that nobody answers does not end it.
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::Interrupted { component, attempt } => match build.state() {
            Build => answers::interrupted(&mut d, component, attempt),
            Init | Wait | Done | Failed | Ready | Garbage => d.closed(component, attempt),
        },
        Event::TaskClosed { component, attempt } => match build.state() {
            Init | Wait | Build | Done | Failed | Ready | Garbage => d.closed(component, attempt),
        },
        Event::Tagged { cycle } => match build.state() {
            Build => answers::tagged(&mut d, cycle),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::RepoReady { cycle } => match build.state() {
            Build => answers::repo_ready(&mut d, cycle),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::RepoFailed { cycle, failure } => match build.state() {
            Build => answers::repo_failed(&mut d, cycle, failure),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::Finalized => match build.state() {
            Build => answers::finalized(&mut d),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::FinalizeFailed { failure } => match build.state() {
            Build => answers::finalize_failed(&mut d, failure),
            Init | Wait | Done | Failed | Ready | Garbage => {}
        },
        Event::CancelAsked { by } => match build.state() {
            Init | Wait | Build => requests::cancel(&mut d, &by),
            Done | Failed | Ready | Garbage => {
                return Err(d.illegal(name, "only a build in `init`, `wait` or `build` can be cancelled"));
            }
        },
        Event::ResumeAsked { by } => match build.state() {
            Failed => requests::resume(&mut d, &by)?,
            Init | Wait | Build | Done | Ready | Garbage => {
                return Err(d.illegal(name, "only a failed build can be resumed"));
            }
        },
        Event::Retired { reason } => match build.state() {
            Failed | Ready | Done => requests::retire(&mut d, reason)?,
            Init | Wait | Build => return Err(d.illegal(name, "cancel the build first")),
            Garbage => return Err(d.illegal(name, "it is retired already")),
        },
    }
    Ok(d.finish())
}

fn check_components(d: &Decision<'_>, event: &Event) -> Result<(), IllegalEvent> {
    let check = |ix: &ComponentIx| match d.build.component(*ix) {
        Some(_) => Ok(()),
        None => Err(d.illegal(event.name(), format!("the build has no component number {}", ix.0))),
    };
    match event {
        Event::Admitted { components } => components.iter().try_for_each(check),
        Event::TaskAccepted { component, .. }
        | Event::ComponentCompleted { component, .. }
        | Event::ComponentFailed { component, .. }
        | Event::TaskLost { component, .. }
        | Event::TaskGivenUp { component, .. }
        | Event::Interrupted { component, .. }
        | Event::TaskClosed { component, .. } => check(component),
        Event::Submitted
        | Event::Imported
        | Event::Attached { .. }
        | Event::Advance
        | Event::SourcesResolved { .. }
        | Event::SourcesFailed { .. }
        | Event::BuildrootReady
        | Event::BuildrootFailed { .. }
        | Event::Tagged { .. }
        | Event::RepoReady { .. }
        | Event::RepoFailed { .. }
        | Event::Finalized
        | Event::FinalizeFailed { .. }
        | Event::CancelAsked { .. }
        | Event::ResumeAsked { .. }
        | Event::Retired { .. } => Ok(()),
    }
}
