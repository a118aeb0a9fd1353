//! Order by `buildafter`.

use super::MACROS_BATCH;
use super::cycle::shortest_cycle;
use super::error::PlanProblem;
use super::flatten::Flat;
use petgraph::algo::{tarjan_scc, toposort};
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::HashMap;

/// Components as nodes, in the order of [`Flat::found`]; an edge leads from a component to one that waits for it.
pub(super) type Components = DiGraph<(), ()>;

/// Connects components by their `buildafter`; unknown names are added to the problems.
pub(super) fn connect(flat: &mut Flat<'_>) -> Components {
    let mut nodes = HashMap::with_capacity(flat.found.len());
    let mut graph = Components::with_capacity(flat.found.len(), 0);
    for found in &flat.found {
        nodes.insert((found.document, found.component.name.as_str()), graph.add_node(()));
    }
    let mut unknown = Vec::new();
    for (node, found) in graph.node_indices().zip(&flat.found) {
        for named in &found.component.buildafter {
            match nodes.get(&(found.document, named.as_str())) {
                Some(before) => {
                    graph.add_edge(*before, node, ());
                }
                None => unknown.push(PlanProblem::UnknownPredecessor {
                    name: found.component.name.clone(),
                    origin: flat.origins[found.document].clone(),
                    named: named.clone(),
                }),
            }
        }
    }
    flat.problems.append(&mut unknown);
    graph
}

/// The label of each component: 2 + the longest path to it, which is one above its latest predecessor.
///
/// Cycles are added to the problems, one for each set of components that wait for each other.
pub(super) fn labels(graph: &Components, flat: &mut Flat<'_>) -> Vec<u32> {
    let Ok(order) = toposort(graph, None) else {
        let mut cycles: Vec<PlanProblem> = Vec::new();
        for members in tarjan_scc(graph) {
            if members.len() > 1 || graph.contains_edge(members[0], members[0]) {
                cycles.push(report(graph, flat, &members));
            }
        }
        // The order of the sets depends on the walk; that of the report must not.
        cycles.sort_by_key(|problem| match problem {
            PlanProblem::Cycle { origin, path } => (origin.clone(), path.clone()),
            _ => (Vec::new(), Vec::new()),
        });
        flat.problems.append(&mut cycles);
        return Vec::new();
    };
    let mut labels = vec![MACROS_BATCH + 1; graph.node_count()];
    for node in order {
        let next = labels[node.index()] + 1;
        for after in graph.neighbors(node) {
            let label = &mut labels[after.index()];
            *label = next.max(*label);
        }
    }
    labels
}

fn report(graph: &Components, flat: &Flat<'_>, members: &[NodeIndex]) -> PlanProblem {
    let component = |node: &NodeIndex| flat.found[node.index()].component;
    let path = shortest_cycle(graph, members, |node| component(&node).name.as_str());
    PlanProblem::Cycle {
        // A `buildafter` never leaves its document, so one origin holds for all members.
        origin: flat.origins[flat.found[members[0].index()].document].clone(),
        path: path.iter().map(|node| component(node).name.clone()).collect(),
    }
}
