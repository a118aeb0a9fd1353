//! Puts a plan together.

use super::error::{PlanError, PlanProblem};
use super::flatten::Flat;
use super::graph;
use super::input::{PlanInput, Weight};
use super::types::{ComponentIx, Exclusion, Order, Plan, PlannedComponent};
use super::{MACROS_BATCH, MACROS_COMPONENT};
use crate::{Arch, ComponentName};
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use std::collections::BTreeSet;

/// Plans a module for a machine that builds for the architectures `machine` (without `noarch`, which says nothing
/// about a machine).
///
/// Without any `buildafter`, batches are counted over the build orders: the counter starts at 1 and goes up wherever
/// the build order changes, also when an included module begins, so that some numbers stay unused. With `buildafter`
/// anywhere, components form a graph. Batch numbers equal the original's, because component reuse compares them.
///
/// # Errors
/// [`PlanError`] with everything that is wrong at once.
pub fn plan(input: &PlanInput, machine: &BTreeSet<Arch>) -> Result<Plan, PlanError> {
    let mut flat = Flat::of(input);
    let is_graph = flat.found.iter().any(|found| !found.component.buildafter.is_empty());
    let edges = is_graph.then(|| {
        let mixed: Vec<PlanProblem> = flat
            .ordered
            .iter()
            .map(|(name, document, buildorder)| PlanProblem::MixedOrder {
                name: (*name).to_owned(),
                origin: flat.origins[*document].clone(),
                buildorder: *buildorder,
            })
            .collect();
        flat.problems.extend(mixed);
        graph::connect(&mut flat)
    });
    let labels = match &edges {
        Some(edges) => graph::labels(edges, &mut flat),
        None => flat.found.iter().map(|found| found.batch).collect(),
    };
    if !flat.problems.is_empty() {
        return Err(PlanError { problems: flat.problems });
    }
    let order = if is_graph { Order::Graph } else { Order::Batches };
    if flat.found.is_empty() {
        return Ok(Plan { order, components: Vec::new() });
    }
    Ok(Plan { order, components: place(&flat, &labels, edges.as_ref(), machine) })
}

/// Sorts components by batch and name behind the macros and translates their predecessors.
fn place(
    flat: &Flat<'_>,
    labels: &[u32],
    edges: Option<&graph::Components>,
    machine: &BTreeSet<Arch>,
) -> Vec<PlannedComponent> {
    let mut sorted: Vec<usize> = (0..flat.found.len()).collect();
    sorted.sort_by_key(|at| (labels[*at], &flat.found[*at].component.name));
    let mut places = vec![ComponentIx(0); sorted.len()];
    for (place, at) in sorted.iter().enumerate() {
        places[*at] = ComponentIx::of(place + 1);
    }
    let planned = sorted.into_iter().map(|at| {
        let component = flat.found[at].component;
        let mut after: Vec<ComponentIx> = edges
            .map(|edges| edges.neighbors_directed(NodeIndex::new(at), Direction::Incoming))
            .into_iter()
            .flatten()
            .map(|before| places[before.index()])
            .collect();
        after.sort_unstable();
        let excluded = !component.arches.is_empty() && component.arches.is_disjoint(machine);
        PlannedComponent {
            name: component.name.clone(),
            origin: flat.origins[flat.found[at].document].clone(),
            batch: labels[at],
            after,
            arches: component.arches.clone(),
            weight: component.weight,
            measured_ms: None,
            buildonly: component.buildonly,
            buildroot: component.buildroot,
            excluded: excluded.then(|| Exclusion::machine(machine.clone())),
        }
    });
    std::iter::once(macros()).chain(planned).collect()
}

fn macros() -> PlannedComponent {
    PlannedComponent {
        name: ComponentName::new(MACROS_COMPONENT).expect("the name of the macros package is a component name"),
        origin: Vec::new(),
        batch: MACROS_BATCH,
        after: Vec::new(),
        arches: BTreeSet::new(),
        weight: Weight(0),
        measured_ms: None,
        buildonly: true,
        buildroot: true,
        excluded: None,
    }
}
