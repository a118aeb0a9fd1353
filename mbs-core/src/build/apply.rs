//! Applying changes: no decision is made here.

use super::change::Change;
use super::component::ComponentBuild;
use super::event::Event;
use super::index::Index;
use super::module_build::{ModuleBuild, Publishing};
use super::request::BuildRequest;
use super::state::{ComponentState, ModuleState};
use crate::plan::ComponentIx;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One entry of the log: an event and everything that it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogEntry {
    /// Number of the entry, from 1.
    pub revision: u64,
    /// When it was decided.
    pub time: DateTime<Utc>,
    /// What had happened.
    pub event: Event,
    /// What changed.
    pub changes: Vec<Change>,
}

/// Why a log cannot be replayed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReplayError {
    /// The log is empty.
    #[error("log has no entry")]
    Empty,
    /// The log does not begin with the creation of the build.
    #[error("log does not begin with the creation of the build")]
    NotCreated,
    /// An entry is missing or doubled.
    #[error("log entry has number {found}, expected {expected}")]
    Gap {
        /// Number found.
        found: u64,
        /// Number expected.
        expected: u64,
    },
    /// An entry names a component that the plan does not have.
    #[error("log entry {revision} names component number {component}, but the plan has {count}")]
    NoComponent {
        /// The entry.
        revision: u64,
        /// The component.
        component: u32,
        /// How many there are.
        count: usize,
    },
    /// An entry is not in a form that this release reads.
    #[error("log entry {revision} cannot be read: {problem}")]
    Unreadable {
        /// The entry.
        revision: u64,
        /// What the reader stumbled over.
        problem: String,
    },
    /// The plan of the build contradicts itself.
    #[error("plan of the build is damaged: {problem}")]
    Plan {
        /// How.
        problem: &'static str,
    },
}

/// Rebuilds a build from its whole log.
///
/// # Errors
/// [`ReplayError`] if the log is not one that this engine can have written.
pub fn replay(entries: impl IntoIterator<Item = LogEntry>) -> Result<ModuleBuild, ReplayError> {
    let mut entries = entries.into_iter();
    let first = entries.next().ok_or(ReplayError::Empty)?;
    let Some(Change::Created { header }) = first.changes.first() else {
        return Err(ReplayError::NotCreated);
    };
    check_request(&header.request)?;
    let mut build = ModuleBuild::created((**header).clone());
    apply_entry(&mut build, &first)?;
    for entry in entries {
        apply_entry(&mut build, &entry)?;
    }
    Ok(build)
}

/// Applies one log entry.
///
/// # Errors
/// [`ReplayError`] if it is not the next one, or names something that does not exist; the build is then unchanged.
pub fn apply_entry(build: &mut ModuleBuild, entry: &LogEntry) -> Result<(), ReplayError> {
    let expected = build.revision + 1;
    if entry.revision != expected {
        return Err(ReplayError::Gap { found: entry.revision, expected });
    }
    check_components(entry, build.components.len())?;
    for change in &entry.changes {
        apply(build, change);
    }
    seal(build, entry.time);
    Ok(())
}

/// Refuses an entry that names a component beyond the `count` of the plan.
pub(crate) fn check_components(entry: &LogEntry, count: usize) -> Result<(), ReplayError> {
    for change in &entry.changes {
        if let Some(component) = named(change).into_iter().find(|ix| ix.index() >= count) {
            return Err(ReplayError::NoComponent { revision: entry.revision, component: component.0, count });
        }
    }
    Ok(())
}

/// Counts the entry whose changes were applied.
pub(super) fn seal(build: &mut ModuleBuild, time: DateTime<Utc>) {
    build.revision += 1;
    build.modified = time;
    if build.completed.is_none() && matches!(build.state, ModuleState::Done | ModuleState::Ready | ModuleState::Failed)
    {
        build.completed = Some(time);
    }
}

fn check_request(request: &BuildRequest) -> Result<(), ReplayError> {
    let plan = &request.plan;
    let problem = |problem| Err(ReplayError::Plan { problem });
    if !plan.components.is_sorted_by_key(|spec| spec.batch) {
        return problem("its components are not sorted by batch");
    }
    let count = plan.components.len();
    if request.sources.len() != count {
        return problem("it has not one source for each component");
    }
    if !request.reuse.components.is_empty() && request.reuse.components.len() != count {
        return problem("it has not one decision about reuse for each component");
    }
    if plan.components.iter().flat_map(|spec| &spec.after).any(|ix| ix.index() >= count) {
        return problem("a component needs one that does not exist");
    }
    Ok(())
}

fn named(change: &Change) -> Vec<ComponentIx> {
    match change {
        Change::ComponentStarted { component, .. }
        | Change::ComponentTask { component, .. }
        | Change::ComponentBuilt { component, .. }
        | Change::ComponentFailed { component, .. }
        | Change::ComponentLost { component, .. }
        | Change::ComponentReleased { component }
        | Change::ComponentClosing { component, .. }
        | Change::StrayClosing { component, .. }
        | Change::Closed { component, .. } => vec![*component],
        Change::PublishStarted { components, .. } => components.clone(),
        Change::Created { .. }
        | Change::Attached { .. }
        | Change::StateSet { .. }
        | Change::SourcesRecorded { .. }
        | Change::BatchStarted { .. }
        | Change::PublishTagged
        | Change::Published
        | Change::PublishAbandoned
        | Change::FinalizeStarted
        | Change::Resumed => Vec::new(),
    }
}

/// Applies one change. A change that names a component the build does not have is ignored; [`apply_entry`] refuses it
/// before.
pub fn apply(build: &mut ModuleBuild, change: &Change) {
    match change {
        // `replay` made the build from it.
        Change::Created { .. } => {}
        Change::Attached { fence } => {
            build.fence = *fence;
            for ix in build.index.running.iter().chain(build.index.ready.iter().map(|(_, ix)| ix)) {
                build.components[ix.index()].losses = 0;
            }
        }
        Change::StateSet { state, reason, blame, log } => {
            build.state = *state;
            build.reason.clone_from(reason);
            build.blame = *blame;
            build.log.clone_from(log);
            if state.is_active() {
                build.completed = None;
            } else {
                build.finalizing = false;
            }
        }
        Change::SourcesRecorded { commits } => {
            for (component, commit) in build.components.iter_mut().zip(commits) {
                component.commit.clone_from(commit);
            }
            build.sources_known = true;
        }
        Change::BatchStarted { batch } => {
            build.batch = *batch;
            build.index.open_batch(&build.header.request.plan, &build.components, *batch);
        }
        Change::ComponentStarted { component, attempt } => {
            move_to(build, *component, ComponentState::Building, |c| {
                c.attempt = *attempt;
                c.task = None;
                c.reason = None;
                c.failure = None;
            });
        }
        Change::ComponentTask { component, task } => {
            if let Some(c) = build.components.get_mut(component.index()) {
                c.task = Some(task.clone());
            }
        }
        Change::ComponentBuilt { component, built } => {
            move_to(build, *component, ComponentState::Complete, |c| c.built = Some(built.clone()));
        }
        Change::ComponentFailed { component, failure } => {
            move_to(build, *component, ComponentState::Failed, |c| {
                c.reason = Some(failure.reason.clone());
                c.failure = Some(failure.clone());
            });
        }
        Change::ComponentLost { component, reason } => {
            move_to(build, *component, ComponentState::Waiting, |c| {
                c.losses += 1;
                c.reason = Some(reason.clone());
            });
        }
        Change::ComponentReleased { component } => move_to(build, *component, ComponentState::Waiting, |_| {}),
        Change::ComponentClosing { component, attempt } => {
            move_to(build, *component, ComponentState::Canceled, |_| {});
            build.closing.insert((*component, *attempt));
        }
        Change::StrayClosing { component, attempt } => {
            build.closing.insert((*component, *attempt));
        }
        Change::Closed { component, attempt } => {
            build.closing.remove(&(*component, *attempt));
        }
        Change::PublishStarted { cycle, components } => {
            build.cycles = *cycle;
            build.publishing = Some(Publishing { cycle: *cycle, components: components.clone(), tagged: false });
        }
        Change::PublishTagged => {
            if let Some(publishing) = &mut build.publishing {
                publishing.tagged = true;
            }
        }
        Change::Published => {
            let open = !build.stopping();
            for ix in build.publishing.take().map(|publishing| publishing.components).unwrap_or_default() {
                build.components[ix.index()].published = true;
                build.index.published(&build.header.request.plan, &build.components, ix, open);
            }
        }
        Change::PublishAbandoned => build.publishing = None,
        Change::FinalizeStarted => build.finalizing = true,
        Change::Resumed => {
            for component in &mut build.components {
                if component.state != ComponentState::Complete {
                    component.state = ComponentState::Waiting;
                    component.reason = None;
                    component.failure = None;
                    component.losses = 0;
                }
            }
            build.batch = 0;
            build.index = Index::build(&build.header.request.plan, &build.components, 0);
        }
    }
}

fn move_to(build: &mut ModuleBuild, ix: ComponentIx, to: ComponentState, set: impl FnOnce(&mut ComponentBuild)) {
    let Some(component) = build.components.get_mut(ix.index()) else { return };
    let from = component.state;
    component.state = to;
    set(component);
    build.index.moved(&build.header.request.plan, ix, from, to, build.batch);
}
