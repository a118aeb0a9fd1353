//! What every form of a plan shows.

use mbs_core::build::{BuildRequest, ModuleState};
use mbs_core::plan::{ComponentIx, PlannedComponent};
use mbs_core::reuse::ReuseDecision;
use mbs_core::source::redact;
use mbs_core::submit::{Foreseen, PlannedBuild, Warning};
use mbs_core::{BuildId, Nsvc};

/// Everything that one document comes to.
pub(crate) struct PlanView<'a> {
    pub(crate) builds: Vec<BuildView<'a>>,
    pub(crate) warnings: &'a [Warning],
}

/// What is shown of a build that is not submitted.
pub(crate) struct BuildView<'a> {
    pub(crate) planned: &'a PlannedBuild,
    pub(crate) foreseen: &'a Foreseen,
    /// The macro file of module-build-macros.
    pub(crate) macros: String,
}

impl BuildView<'_> {
    pub(crate) fn nsvc(&self) -> &Nsvc {
        &self.foreseen.header.nsvc
    }

    pub(crate) fn request(&self) -> &BuildRequest {
        &self.planned.new.request
    }

    /// The stored build that has this identity already.
    pub(crate) fn existing(&self) -> Option<(BuildId, ModuleState)> {
        self.foreseen.exists.map(|state| (self.foreseen.header.id, state))
    }

    /// The components with their positions.
    pub(crate) fn components(&self) -> impl Iterator<Item = (usize, &PlannedComponent)> {
        self.request().plan.components.iter().enumerate()
    }

    /// Names of a component's direct predecessors.
    pub(crate) fn after(&self, component: &PlannedComponent) -> Vec<String> {
        let name = |ix: &ComponentIx| self.request().plan.component(*ix).name.to_string();
        component.after.iter().map(name).collect()
    }

    /// Where a component comes from, without credentials.
    pub(crate) fn source(&self, position: usize) -> Option<String> {
        let source = self.request().sources.get(position)?.as_ref()?;
        let reference = source.git_ref.as_ref().map(|name| format!("#{name}")).unwrap_or_default();
        Some(format!("{}{reference}", redact(&source.repository)))
    }

    /// Whether a component is taken from an earlier build, and why not.
    pub(crate) fn reuse(&self, position: usize) -> Option<&ReuseDecision> {
        self.request().reuse.components.get(position)
    }

    /// How long the longest chain of components is going to take, in milliseconds; what is taken or left out takes no time.
    pub(crate) fn estimated_ms(&self) -> u64 {
        self.request().plan.critical_path_ms(|ix| {
            let component = self.request().plan.component(ix);
            let taken = self.reuse(ix.index()).is_some_and(|decision| decision.reused.is_some());
            if taken || component.excluded.is_some() { 0 } else { component.expected_ms() }
        })
    }
}
