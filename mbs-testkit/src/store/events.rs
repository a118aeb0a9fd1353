//! Random legal events.

use crate::fixture::{built, commits};
use fastrand::Rng;
use mbs_core::Failure;
use mbs_core::build::{Event, ModuleBuild, ModuleState, TaskId};
use mbs_core::plan::ComponentIx;

/// An event that the build allows in its state: mostly what a driver would see next, sometimes what comes late, twice
/// or from a person. None for a build to which nothing can happen any more.
pub fn any_event(build: &ModuleBuild, rng: &mut Rng) -> Option<Event> {
    let failure = || Failure::infra("the machine caught fire").with_log("/var/log/fire");
    match build.state() {
        state if state.is_active() && rng.u32(..40) == 0 => return Some(Event::CancelAsked { by: "bob".to_owned() }),
        _ if rng.u32(..40) == 0 => return Some(Event::Attached { fence: rng.u64(1..100) }),
        _ if rng.u32(..8) == 0 && !build.plan().components.is_empty() => return Some(late(build, rng)),
        ModuleState::Init if rng.u32(..8) == 0 => return Some(Event::SourcesFailed { failure: failure() }),
        ModuleState::Init => return Some(Event::SourcesResolved { commits: commits(build) }),
        ModuleState::Wait if rng.u32(..8) == 0 => return Some(Event::BuildrootFailed { failure: failure() }),
        ModuleState::Wait => return Some(Event::BuildrootReady),
        ModuleState::Failed => return Some(after_failure(build, rng)),
        ModuleState::Done | ModuleState::Ready if rng.bool() => {
            return Some(ended(build).unwrap_or_else(|| Event::Retired { reason: "old".to_owned() }));
        }
        ModuleState::Done | ModuleState::Ready | ModuleState::Garbage => return None,
        ModuleState::Build => {}
    }
    if build.finalizing() {
        let failed = rng.u32(..4) == 0;
        return Some(if failed { Event::FinalizeFailed { failure: failure() } } else { Event::Finalized });
    }
    let ready: Vec<_> = build.ready().collect();
    let running: Vec<_> = build.running().collect();
    if !ready.is_empty() && (running.is_empty() || rng.bool()) {
        let components = ready[..rng.usize(1..=ready.len())].to_vec();
        return Some(Event::Admitted { components });
    }
    if let Some(component) = rng.choice(&running).copied() {
        let attempt = build.component(component).map_or(0, |component| component.attempt);
        return Some(answer(build, component, attempt, rng));
    }
    let publishing = build.publishing()?;
    let cycle = publishing.cycle;
    Some(match rng.u32(..12) {
        0 => Event::RepoFailed { cycle, failure: failure() },
        _ if publishing.tagged => Event::RepoReady { cycle },
        _ => Event::Tagged { cycle },
    })
}

/// What the builder tells about an attempt.
fn answer(build: &ModuleBuild, component: ComponentIx, attempt: u32, rng: &mut Rng) -> Event {
    let name = build.spec(component).map_or("", |spec| spec.name.as_str());
    match rng.u32(..10) {
        0 => {
            Event::ComponentFailed { component, attempt, failure: Failure::user("%build failed").with_log("build.log") }
        }
        1 => Event::TaskLost { component, attempt, failure: Failure::infra("no answer") },
        2 => Event::Interrupted { component, attempt },
        3..=5 => Event::TaskAccepted { component, attempt, task: TaskId(format!("{component:?}/{attempt}")) },
        _ => {
            let mut built = built(name, rng.u64(..5000));
            built.milliseconds = built.milliseconds.filter(|ms| ms % 5 != 0);
            Event::ComponentCompleted { component, attempt, built }
        }
    }
}

/// An answer about any component and attempt.
fn late(build: &ModuleBuild, rng: &mut Rng) -> Event {
    let components: Vec<_> = build.components().map(|(ix, _, component)| (ix, component.attempt)).collect();
    let (component, attempt) = components[rng.usize(..components.len())];
    answer(build, component, rng.u32(..=attempt), rng)
}

fn after_failure(build: &ModuleBuild, rng: &mut Rng) -> Event {
    match ended(build) {
        Some(event) => event,
        None if rng.u32(..5) == 0 => Event::Retired { reason: "given up".to_owned() },
        None => Event::ResumeAsked { by: "bob".to_owned() },
    }
}

/// The end of a task that must have ended before anything else can be asked of a build that is over.
fn ended(build: &ModuleBuild) -> Option<Event> {
    let (component, attempt) = *build.closing().first()?;
    Some(Event::TaskClosed { component, attempt })
}

/// Whether any component of the build was cancelled: a mark that a random run came by the interesting parts.
#[cfg(test)]
fn has_canceled(build: &ModuleBuild) -> bool {
    build.components().any(|(_, _, component)| component.state == mbs_core::build::ComponentState::Canceled)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{moment, new_build};
    use mbs_core::BuildId;
    use mbs_core::build::{BuildHeader, decide, submitted};

    #[test]
    fn every_event_is_legal_and_the_runs_reach_every_end() {
        let (mut ready, mut canceled, mut resumed) = (0, 0, 0);
        for seed in 0..300 {
            let mut rng = Rng::with_seed(seed);
            let new = new_build("m", &[&["a", "b"], &["c"]]);
            let header = BuildHeader {
                id: BuildId(1),
                folder: BuildHeader::plain_folder(&new.nsvc),
                nsvc: new.nsvc,
                owner: new.owner,
                scratch: false,
                index: BuildId(1),
                submitted: moment(0),
                request: new.request,
            };
            let (mut build, _) = submitted(header);
            for second in 1..200 {
                let Some(event) = any_event(&build, &mut rng) else { break };
                resumed += u32::from(matches!(event, Event::ResumeAsked { .. }));
                decide(&mut build, event, moment(second)).expect("a legal event");
                canceled += u32::from(has_canceled(&build));
            }
            ready += u32::from(build.state() == ModuleState::Ready);
        }
        assert!(ready > 10 && canceled > 10 && resumed > 10, "{ready} {canceled} {resumed}");
    }
}
