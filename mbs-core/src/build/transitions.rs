//! The table of transitions, made by asking [`decide`] about a build in every situation.

use super::{
    BuildHeader, BuildRequest, BuiltComponent, Change, Decided, EffectKind, Event, ModuleBuild, ModuleState, TaskId,
    decide, submitted,
};
use crate::plan::{ComponentIx, PlanComponent, PlanError, PlanInput, plan};
use crate::{Arch, BuildId, ComponentName, Context, Failure, ModuleName, NameError, Nsvc, Owner, StreamName, Version};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

/// Why the sample builds of the table could not be made: a mistake in this file.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// A name was refused.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The plan was refused.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// An event was refused.
    #[error(transparent)]
    Event(#[from] super::IllegalEvent),
}

const TOP: &str = "\
# Transitions of a module build

Generated from the code; a test compares. To write it anew: `MBS_BLESS=1 cargo test -p mbs-testkit transitions`.

Every event in every situation of a module build, and what is decided: the changes in their order, then the effects.
Not every number is shown; `component` is `module-build-macros` at its first attempt. \"Another attempt\" is one that the
build does not wait for. \"Nothing\" is an answer that comes too late or twice. Requests that a state does not allow are
refused with the reason given.
";

/// The table as a Markdown document.
///
/// # Errors
/// [`SampleError`] if the samples are wrong.
pub fn transition_table() -> Result<String, SampleError> {
    let situations = situations()?;
    let mut text = TOP.to_owned();
    for (title, event) in events() {
        let mut rows: Vec<(String, Vec<(ModuleState, &str)>)> = Vec::new();
        for (state, situation, build) in &situations {
            let mut build = build.clone();
            let follows = match decide(&mut build, event.clone(), DateTime::UNIX_EPOCH) {
                Ok(Some(decided)) => outcome(&decided),
                Ok(None) => "nothing".to_owned(),
                Err(illegal) => format!("refused: {}", illegal.why),
            };
            match rows.iter_mut().find(|(known, _)| *known == follows) {
                Some((_, places)) => places.push((*state, situation)),
                None => rows.push((follows, vec![(*state, situation)])),
            }
        }
        // Writing to a text does not fail.
        let _ = write!(text, "\n## {title}\n\n| state | what follows |\n| --- | --- |\n");
        for (follows, places) in rows {
            let _ = writeln!(text, "| {} | {follows} |", describe(&places, &situations));
        }
    }
    Ok(text)
}

/// The states of a row; situations only where the state has others in another row.
fn describe(places: &[(ModuleState, &str)], all: &[Situation]) -> String {
    let mut words = Vec::new();
    for state in ModuleState::ALL {
        let here: Vec<&str> = places.iter().filter(|(of, _)| *of == state).map(|(_, situation)| *situation).collect();
        let count = all.iter().filter(|(of, ..)| *of == state).count();
        match here.len() {
            0 => {}
            n if n == count => words.push(format!("`{state}`")),
            _ => words.push(format!("`{state}`: {}", here.join(", "))),
        }
    }
    words.join("; ")
}

/// A build of module-build-macros and two components, one after the other, that was just stored.
fn sample(scratch: bool) -> Result<ModuleBuild, SampleError> {
    let mut input = PlanInput::default();
    for (name, buildorder) in [("first", 1), ("second", 2)] {
        input.components.push(PlanComponent { buildorder, ..PlanComponent::new(ComponentName::new(name)?) });
    }
    sample_of(&input, scratch)
}

/// A build of these components that was just stored.
pub(super) fn sample_of(input: &PlanInput, scratch: bool) -> Result<ModuleBuild, SampleError> {
    let arch = Arch::new("x86_64")?;
    let plan = plan(input, &BTreeSet::from([arch.clone()]))?;
    let request = BuildRequest::new("sample", arch, plan);
    let nsvc = Nsvc {
        name: ModuleName::new("sample")?,
        stream: StreamName::new("1")?,
        version: Version(1),
        context: Context::new("00000000")?,
    };
    let header = BuildHeader {
        id: BuildId(1),
        folder: BuildHeader::plain_folder(&nsvc),
        nsvc,
        owner: Owner::new("ann")?,
        scratch,
        index: BuildId(1),
        submitted: DateTime::UNIX_EPOCH,
        request: Arc::new(request),
    };
    Ok(submitted(header).0)
}

fn built() -> BuiltComponent {
    BuiltComponent { nvr: "a-1-1".into(), rpms: Vec::new(), milliseconds: None, reused_from: None }
}

fn feed(build: &mut ModuleBuild, events: impl IntoIterator<Item = Event>) -> Result<(), SampleError> {
    let now: DateTime<Utc> = DateTime::UNIX_EPOCH;
    for event in events {
        decide(build, event, now)?;
    }
    Ok(())
}

/// Feeds what happens from the admission of a component to its end.
fn finish_component(build: &mut ModuleBuild, n: u32) -> Result<(), SampleError> {
    let component = ComponentIx(n);
    feed(
        build,
        [
            Event::Admitted { components: vec![component] },
            Event::TaskAccepted { component, attempt: 1, task: TaskId(format!("t{n}")) },
            Event::ComponentCompleted { component, attempt: 1, built: built() },
        ],
    )
}

type Situation = (ModuleState, &'static str, ModuleBuild);

fn situations() -> Result<Vec<Situation>, SampleError> {
    let mut all: Vec<Situation> = Vec::new();
    let mut build = sample(false)?;
    all.push((ModuleState::Init, "", build.clone()));
    feed(&mut build, [Event::SourcesResolved { commits: vec![None; 3] }])?;
    all.push((ModuleState::Wait, "", build.clone()));
    feed(&mut build, [Event::BuildrootReady])?;
    all.push((ModuleState::Build, "the component may start", build.clone()));
    let mut running = build.clone();
    let component = ComponentIx::MACROS;
    feed(&mut running, [Event::Admitted { components: vec![component] }])?;
    all.push((ModuleState::Build, "the component runs", running.clone()));
    finish_component(&mut build, 0)?;
    all.push((ModuleState::Build, "artifacts are being tagged", build.clone()));
    feed(&mut build, [Event::Tagged { cycle: 1 }])?;
    all.push((ModuleState::Build, "the repository is being regenerated", build.clone()));
    let mut ended = build.clone();
    for n in [1, 2] {
        feed(&mut ended, [Event::RepoReady { cycle: n }])?;
        finish_component(&mut ended, n)?;
        feed(&mut ended, [Event::Tagged { cycle: n + 1 }])?;
    }
    feed(&mut ended, [Event::RepoReady { cycle: 3 }])?;
    all.push((ModuleState::Build, "the final repository is being made", ended.clone()));
    let mut done = sample(true)?;
    feed(&mut done, [Event::SourcesResolved { commits: vec![None; 3] }, Event::BuildrootReady])?;
    for n in 0..3 {
        finish_component(&mut done, n)?;
        feed(&mut done, [Event::Tagged { cycle: n + 1 }, Event::RepoReady { cycle: n + 1 }])?;
    }
    feed(&mut done, [Event::Finalized])?;
    all.push((ModuleState::Done, "a scratch build", done));
    let mut failed = running;
    feed(&mut failed, [Event::CancelAsked { by: "ann".into() }])?;
    all.push((ModuleState::Failed, "the component's task is being ended", failed.clone()));
    feed(&mut failed, [Event::TaskClosed { component, attempt: 1 }])?;
    all.push((ModuleState::Failed, "all tasks have ended", failed.clone()));
    feed(&mut ended, [Event::Finalized])?;
    all.push((ModuleState::Ready, "", ended));
    feed(&mut failed, [Event::Retired { reason: "not wanted".into() }])?;
    all.push((ModuleState::Garbage, "", failed));
    Ok(all)
}

/// Every event; those about an attempt twice.
fn events() -> Vec<(String, Event)> {
    let failure = || Failure::user("a reason");
    let component = ComponentIx::MACROS;
    let mut all = vec![
        Event::Submitted,
        Event::Imported,
        Event::Attached { fence: 2 },
        Event::Advance,
        Event::SourcesResolved { commits: vec![None; 3] },
        Event::SourcesFailed { failure: failure() },
        Event::BuildrootReady,
        Event::BuildrootFailed { failure: failure() },
        Event::Admitted { components: vec![component] },
    ];
    let mut titles: BTreeMap<usize, &str> = BTreeMap::new();
    for (attempt, title) in [(1, ""), (9, ", another attempt")] {
        for event in [
            Event::TaskAccepted { component, attempt, task: TaskId("t0".into()) },
            Event::ComponentCompleted { component, attempt, built: built() },
            Event::ComponentFailed { component, attempt, failure: failure() },
            Event::TaskLost { component, attempt, failure: failure() },
            Event::TaskGivenUp { component, attempt, failure: failure() },
            Event::Interrupted { component, attempt },
            Event::TaskClosed { component, attempt },
        ] {
            titles.insert(all.len(), title);
            all.push(event);
        }
    }
    all.extend([
        Event::Tagged { cycle: 1 },
        Event::RepoReady { cycle: 1 },
        Event::RepoFailed { cycle: 1, failure: failure() },
        Event::Finalized,
        Event::FinalizeFailed { failure: failure() },
        Event::CancelAsked { by: "ann".into() },
        Event::ResumeAsked { by: "ann".into() },
        Event::Retired { reason: "not wanted".into() },
    ]);
    let title = |n: usize, event: &Event| format!("`{}`{}", event.name(), titles.get(&n).unwrap_or(&""));
    all.into_iter().enumerate().map(|(n, event)| (title(n, &event), event)).collect()
}

fn outcome(decided: &Decided) -> String {
    let mut parts: Vec<String> = decided.entry.changes.iter().map(change).collect();
    if decided.withdraw {
        parts.push("*withdraws what waits*".into());
    }
    parts.extend(decided.effects.iter().map(|wanted| format!("→ {}", effect(&wanted.kind))));
    parts.join("; ")
}

fn change(change: &Change) -> String {
    match change {
        Change::Created { .. } => "created".into(),
        Change::Attached { .. } => "the driver's fence is recorded".into(),
        Change::StateSet { state, blame: None, .. } => format!("**{state}**"),
        Change::StateSet { state, blame: Some(blame), .. } => format!("**{state}**, blame {blame}"),
        Change::SourcesRecorded { .. } => "commits recorded".into(),
        Change::BatchStarted { batch } => format!("batch {batch} starts"),
        Change::ComponentStarted { .. } => "component building".into(),
        Change::ComponentTask { .. } => "its task recorded".into(),
        Change::ComponentBuilt { .. } => "component complete".into(),
        Change::ComponentFailed { .. } => "component failed".into(),
        Change::ComponentLost { .. } => "component waits again, a loss counted".into(),
        Change::ComponentReleased { .. } => "component waits again".into(),
        Change::ComponentClosing { .. } => "component cancelled, its attempt is closing".into(),
        Change::StrayClosing { .. } => "the attempt is closing".into(),
        Change::Closed { .. } => "the attempt has closed".into(),
        Change::PublishStarted { .. } => "publishing begins".into(),
        Change::PublishTagged => "tagged".into(),
        Change::Published => "published".into(),
        Change::PublishAbandoned => "publishing given up".into(),
        Change::FinalizeStarted => "finalizing begins".into(),
        Change::Resumed => "what was not built waits again".into(),
    }
}

fn effect(kind: &EffectKind) -> String {
    match kind {
        EffectKind::ResolveSources => "resolve sources".into(),
        EffectKind::Connect => "connect".into(),
        EffectKind::Submit { .. } => "submit".into(),
        EffectKind::Close { .. } => "close the attempt".into(),
        EffectKind::Tag { .. } => "tag".into(),
        EffectKind::Regenerate { .. } => "regenerate".into(),
        EffectKind::Finalize { success: true } => "finalize".into(),
        EffectKind::Finalize { success: false } => "tidy up".into(),
        EffectKind::AnnounceModule { state, .. } => format!("announce {state}"),
        EffectKind::AnnounceComponent { state, .. } => format!("announce component {state}"),
    }
}
