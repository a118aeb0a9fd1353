//! Sets and counts over the components of a build, kept up to date change by change so that a decision never walks all
//! components.

use super::component::ComponentBuild;
use super::state::ComponentState;
use crate::plan::{ComponentIx, Order, Plan, PlannedComponent};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Derived data: a function of the plan and the components, never stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Index {
    /// What may start now, longest first, then in plan order.
    pub(super) ready: BTreeSet<(Reverse<u64>, ComponentIx)>,
    /// Handed to the builder and not ended.
    pub(super) running: BTreeSet<ComponentIx>,
    /// Built, but not in the repository.
    pub(super) unpublished: BTreeSet<ComponentIx>,
    /// Failed or cancelled.
    pub(super) failed: BTreeSet<ComponentIx>,
    /// Components per batch that are not in the repository yet; batches without one are absent.
    pub(super) open_batches: BTreeMap<u32, u32>,
    /// Where each batch stands in the plan, which is sorted by batch.
    batches: BTreeMap<u32, std::ops::Range<u32>>,
    /// With [`Order::Graph`]: how many of the components that it waits for are not in the repository.
    unmet: Vec<u32>,
    /// With [`Order::Graph`]: who waits for a component.
    dependents: Vec<Vec<ComponentIx>>,
    /// How many components are complete.
    pub(super) complete: u32,
}

impl Index {
    /// Walks everything once.
    pub(super) fn build(plan: &Plan, components: &[ComponentBuild], batch: u32) -> Self {
        let mut index = Self::default();
        for (ix, spec) in each(plan) {
            let range = index.batches.entry(spec.batch).or_insert(ix.0..ix.0);
            range.end = ix.0 + 1;
        }
        if plan.order == Order::Graph {
            index.unmet = vec![0; components.len()];
            index.dependents = vec![Vec::new(); components.len()];
            for (ix, needs) in (0u32..).map(ComponentIx).zip(direct_needs(plan)) {
                for need in needs {
                    index.dependents[need.index()].push(ix);
                    if !components[need.index()].published {
                        index.unmet[ix.index()] += 1;
                    }
                }
            }
        }
        for (ix, spec) in each(plan) {
            let component = &components[ix.index()];
            if !component.published {
                *index.open_batches.entry(spec.batch).or_insert(0) += 1;
            }
            match component.state {
                ComponentState::Waiting => {
                    if index.may_start(plan, ix, batch) {
                        index.ready.insert((Reverse(spec.expected_ms()), ix));
                    }
                }
                ComponentState::Building => {
                    index.running.insert(ix);
                }
                ComponentState::Complete => {
                    index.complete += 1;
                    if !component.published {
                        index.unpublished.insert(ix);
                    }
                }
                ComponentState::Failed | ComponentState::Canceled | ComponentState::Deleted => {
                    index.failed.insert(ix);
                }
            }
        }
        index
    }

    /// Whether what the component needs is there.
    fn may_start(&self, plan: &Plan, ix: ComponentIx, batch: u32) -> bool {
        match plan.order {
            Order::Batches => plan.components[ix.index()].batch == batch,
            Order::Graph => self.unmet[ix.index()] == 0,
        }
    }

    /// A batch may start: its waiting components become ready.
    pub(super) fn open_batch(&mut self, plan: &Plan, components: &[ComponentBuild], batch: u32) {
        if plan.order == Order::Graph {
            return;
        }
        for ix in self.batches.get(&batch).cloned().unwrap_or(0..0).map(ComponentIx) {
            if components[ix.index()].state == ComponentState::Waiting {
                self.ready.insert((Reverse(plan.components[ix.index()].expected_ms()), ix));
            }
        }
    }

    /// A component left `from` for `to`. `batch` is the batch that may run.
    pub(super) fn moved(&mut self, plan: &Plan, ix: ComponentIx, from: ComponentState, to: ComponentState, batch: u32) {
        let weight = Reverse(plan.components[ix.index()].expected_ms());
        match from {
            ComponentState::Waiting => {
                self.ready.remove(&(weight, ix));
            }
            ComponentState::Building => {
                self.running.remove(&ix);
            }
            ComponentState::Complete => self.complete = self.complete.saturating_sub(1),
            ComponentState::Failed | ComponentState::Canceled | ComponentState::Deleted => {
                self.failed.remove(&ix);
            }
        }
        match to {
            ComponentState::Waiting => {
                if self.may_start(plan, ix, batch) {
                    self.ready.insert((weight, ix));
                }
            }
            ComponentState::Building => {
                self.running.insert(ix);
            }
            ComponentState::Complete => {
                self.complete += 1;
                self.unpublished.insert(ix);
            }
            ComponentState::Failed | ComponentState::Canceled | ComponentState::Deleted => {
                self.failed.insert(ix);
            }
        }
    }

    /// The artifacts of a component are in the repository. With `open`, what waited only for it becomes ready.
    pub(super) fn published(&mut self, plan: &Plan, components: &[ComponentBuild], ix: ComponentIx, open: bool) {
        self.unpublished.remove(&ix);
        let batch = plan.components[ix.index()].batch;
        if let Some(left) = self.open_batches.get_mut(&batch) {
            *left -= 1;
            if *left == 0 {
                self.open_batches.remove(&batch);
            }
        }
        if plan.order == Order::Batches {
            return;
        }
        for dependent in self.dependents[ix.index()].clone() {
            let unmet = &mut self.unmet[dependent.index()];
            *unmet = unmet.saturating_sub(1);
            if *unmet == 0 && open && components[dependent.index()].state == ComponentState::Waiting {
                self.ready.insert((Reverse(plan.components[dependent.index()].expected_ms()), dependent));
            }
        }
    }
}

/// What each component of a graph waits for itself. A component that is left out stands for what it names: it is there
/// from the start, but its own predecessors are not.
fn direct_needs(plan: &Plan) -> Vec<BTreeSet<ComponentIx>> {
    let mut all: Vec<BTreeSet<ComponentIx>> = Vec::with_capacity(plan.components.len());
    for (ix, spec) in each(plan) {
        let mut needs = BTreeSet::new();
        // Everything waits for the macros; the plan does not spell that out.
        if ix != ComponentIx::MACROS {
            needs.insert(ComponentIx::MACROS);
        }
        for need in &spec.after {
            match all.get(need.index()) {
                // Predecessors have smaller batch labels and so come first.
                Some(further) if plan.components[need.index()].excluded.is_some() => needs.extend(further),
                _ => {
                    needs.insert(*need);
                }
            }
        }
        all.push(needs);
    }
    all
}

fn each(plan: &Plan) -> impl Iterator<Item = (ComponentIx, &PlannedComponent)> {
    (0u32..).map(ComponentIx).zip(&plan.components)
}
