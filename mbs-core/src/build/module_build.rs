//! A module build as the engine knows it: its fixed head, what has happened to it so far, and questions about that.

use super::component::ComponentBuild;
use super::index::Index;
use super::request::{BuildHeader, BuildRequest};
use super::state::{ComponentState, ModuleState};
use crate::plan::{ComponentIx, Order, Plan, PlannedComponent};
use crate::{Blame, BuildId, Failure, Nsvc, Owner};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A publishing cycle that is under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publishing {
    /// Its number, from 1.
    pub cycle: u32,
    /// What it brings into the repository.
    pub components: Vec<ComponentIx>,
    /// Whether the artifacts are tagged and the repository is being regenerated.
    pub tagged: bool,
}

/// A module build. Built by [`super::replay`] from a log, moved on by [`super::apply`]; decisions are made by
/// [`super::step()`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModuleBuild {
    pub(super) header: Arc<BuildHeader>,
    pub(super) revision: u64,
    pub(super) state: ModuleState,
    pub(super) reason: Option<String>,
    pub(super) blame: Option<Blame>,
    pub(super) log: Option<String>,
    pub(super) batch: u32,
    pub(super) modified: DateTime<Utc>,
    pub(super) completed: Option<DateTime<Utc>>,
    pub(super) sources_known: bool,
    pub(super) components: Vec<ComponentBuild>,
    pub(super) closing: BTreeSet<(ComponentIx, u32)>,
    pub(super) publishing: Option<Publishing>,
    pub(super) cycles: u32,
    pub(super) finalizing: bool,
    pub(super) fence: u64,
    pub(super) index: Index,
}

impl ModuleBuild {
    /// The build right after its creation.
    pub(super) fn created(header: BuildHeader) -> Self {
        let components: Vec<_> = header
            .request
            .plan
            .components
            .iter()
            .map(|spec| {
                let mut component = ComponentBuild::new();
                if let Some(exclusion) = &spec.excluded {
                    component.state = ComponentState::Complete;
                    component.reason = Some(exclusion.to_string());
                    component.published = true;
                }
                component
            })
            .collect();
        let index = Index::build(&header.request.plan, &components, 0);
        Self {
            revision: 0,
            state: ModuleState::Init,
            reason: None,
            blame: None,
            log: None,
            batch: 0,
            modified: header.submitted,
            completed: None,
            sources_known: false,
            components,
            closing: BTreeSet::new(),
            publishing: None,
            cycles: 0,
            finalizing: false,
            fence: 0,
            index,
            header: Arc::new(header),
        }
    }

    /// Number in the store.
    pub fn id(&self) -> BuildId {
        self.header.id
    }

    /// Identity.
    pub fn nsvc(&self) -> &Nsvc {
        &self.header.nsvc
    }

    /// Who asked for it.
    pub fn owner(&self) -> &Owner {
        &self.header.owner
    }

    /// The fixed head.
    pub fn header(&self) -> &Arc<BuildHeader> {
        &self.header
    }

    /// What was asked for.
    pub fn request(&self) -> &Arc<BuildRequest> {
        &self.header.request
    }

    /// The plan.
    pub fn plan(&self) -> &Plan {
        &self.header.request.plan
    }

    /// How many log entries led here; the first entry makes it 1.
    pub fn revision(&self) -> u64 {
        self.revision
    }

    /// Module state.
    pub fn state(&self) -> ModuleState {
        self.state
    }

    /// Why it is in that state.
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }

    /// The failure of a failed build.
    pub fn failure(&self) -> Option<Failure> {
        if self.state != ModuleState::Failed {
            return None;
        }
        Some(Failure {
            blame: self.blame.unwrap_or(Blame::Unspecified),
            reason: self.reason.clone().unwrap_or_default(),
            log: self.log.clone(),
        })
    }

    /// The batch that runs, or ran last; 0 before the first.
    pub fn batch(&self) -> u32 {
        self.batch
    }

    /// When the last log entry was written.
    pub fn modified(&self) -> DateTime<Utc> {
        self.modified
    }

    /// When it became done or failed.
    pub fn completed(&self) -> Option<DateTime<Utc>> {
        self.completed
    }

    /// All components in the order of the plan, fixed and moving part.
    pub fn components(&self) -> impl Iterator<Item = (ComponentIx, &PlannedComponent, &ComponentBuild)> {
        (0u32..)
            .map(ComponentIx)
            .zip(&self.plan().components)
            .zip(&self.components)
            .map(|((ix, spec), c)| (ix, spec, c))
    }

    /// The moving part of a component.
    pub fn component(&self, ix: ComponentIx) -> Option<&ComponentBuild> {
        self.components.get(ix.index())
    }

    /// The fixed part of a component.
    pub fn spec(&self, ix: ComponentIx) -> Option<&PlannedComponent> {
        self.plan().components.get(ix.index())
    }

    /// Position of the component of that name.
    pub fn find(&self, name: &str) -> Option<ComponentIx> {
        self.components().find(|(_, spec, _)| spec.name.as_str() == name).map(|(ix, _, _)| ix)
    }

    /// Components that may be handed to the builder now, longest first. Empty unless the module is in state build.
    pub fn ready(&self) -> impl Iterator<Item = ComponentIx> + '_ {
        let open = self.state == ModuleState::Build;
        self.index.ready.iter().filter(move |_| open).map(|(_, ix)| *ix)
    }

    /// Whether the component may be handed to the builder now.
    pub fn is_ready(&self, ix: ComponentIx) -> bool {
        let Some(spec) = self.spec(ix) else { return false };
        self.state == ModuleState::Build && self.index.ready.contains(&(std::cmp::Reverse(spec.expected_ms()), ix))
    }

    /// Components handed to the builder that have not ended, those that are taken from an earlier build included.
    pub fn running(&self) -> impl Iterator<Item = ComponentIx> + '_ {
        self.index.running.iter().copied()
    }

    /// How many components hold a slot. What is taken from an earlier build holds none.
    pub fn running_count(&self) -> usize {
        if self.header.request.reuse.components.is_empty() {
            return self.index.running.len();
        }
        self.running().filter(|ix| self.takes_slot(*ix)).count()
    }

    /// Whether a component holds a slot while it runs: what is taken from an earlier build does not.
    pub fn takes_slot(&self, ix: ComponentIx) -> bool {
        self.header.request.reuse.component(ix).is_none()
    }

    /// Failed or cancelled components.
    pub fn failed(&self) -> impl Iterator<Item = ComponentIx> + '_ {
        self.index.failed.iter().copied()
    }

    /// How many components are complete, the excluded ones included.
    pub fn complete_count(&self) -> u32 {
        self.index.complete
    }

    /// Attempts whose task must end before the build may be resumed.
    pub fn closing(&self) -> &BTreeSet<(ComponentIx, u32)> {
        &self.closing
    }

    /// The publishing cycle that is under way.
    pub fn publishing(&self) -> Option<&Publishing> {
        self.publishing.as_ref()
    }

    /// Whether the final repository is being made.
    pub fn finalizing(&self) -> bool {
        self.finalizing
    }

    /// Fence of the driver that took over last.
    pub fn fence(&self) -> u64 {
        self.fence
    }

    /// Whether the commits of the components are recorded.
    pub fn sources_known(&self) -> bool {
        self.sources_known
    }

    /// Whether no new component may become ready because one has failed.
    pub(super) fn stopping(&self) -> bool {
        !self.index.failed.is_empty() && !self.header.request.options.keep_going
    }

    /// What the buildroot of a component must see, whatever else happens to be finished.
    pub fn scope(&self, ix: ComponentIx) -> Scope {
        match self.plan().order {
            Order::Batches => Scope::BatchesBefore(self.spec(ix).map_or(0, |spec| spec.batch)),
            Order::Graph => {
                let visible = if self.spec(ix).is_some() { self.plan().visible(ix) } else { Vec::new() };
                Scope::Components(
                    visible.into_iter().filter_map(|ix| self.spec(ix)).map(|spec| spec.name.clone()).collect(),
                )
            }
        }
    }
}

/// Which components of its own module the buildroot of a component sees.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Exactly the components of batches below this one.
    BatchesBefore(u32),
    /// Exactly these.
    Components(Vec<crate::ComponentName>),
}

impl Scope {
    /// Whether a buildroot of this scope sees a component that is in the repository with this batch.
    pub fn shows(&self, component: &crate::ComponentName, batch: u32) -> bool {
        match self {
            Self::BatchesBefore(limit) => batch < *limit,
            Self::Components(names) => names.contains(component),
        }
    }
}
