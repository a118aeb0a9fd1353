//! Circles in `buildafter`.

use crate::modulemd::model::RpmComponent;
use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

/// One circle for each group of components that wait for each other: keys in the order of waiting, the first one again
/// at the end. Groups come in the byte order of their first key, and each circle is a shortest one through that key.
pub(super) fn cycles(components: &BTreeMap<String, RpmComponent>) -> Vec<Vec<&str>> {
    if components.values().all(|component| component.buildafter.is_empty()) {
        return Vec::new();
    }
    let mut graph: DiGraph<&str, ()> = DiGraph::new();
    let nodes: HashMap<&str, NodeIndex> = components.keys().map(|key| (key.as_str(), graph.add_node(key))).collect();
    for (key, component) in components {
        for after in &component.buildafter {
            if let Some(target) = nodes.get(after.as_str()) {
                graph.add_edge(nodes[key.as_str()], *target, ());
            }
        }
    }
    let mut found: Vec<Vec<&str>> = tarjan_scc(&graph)
        .into_iter()
        .filter(|group| group.len() > 1 || graph.contains_edge(group[0], group[0]))
        .map(|group| shortest(&graph, &group))
        .collect();
    found.sort_unstable();
    found
}

fn shortest<'k>(graph: &DiGraph<&'k str, ()>, group: &[NodeIndex]) -> Vec<&'k str> {
    let inside: HashSet<NodeIndex> = group.iter().copied().collect();
    let start = group.iter().copied().min_by_key(|node| graph[*node]).expect("a group has a member");
    let mut before: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut waiting = VecDeque::from([start]);
    while let Some(node) = waiting.pop_front() {
        let mut next: Vec<NodeIndex> = graph.neighbors(node).filter(|next| inside.contains(next)).collect();
        next.sort_unstable_by_key(|node| graph[*node]);
        for next in next {
            if next == start {
                let mut path = vec![graph[start], graph[node]];
                let mut at = node;
                while let Some(previous) = before.get(&at) {
                    path.push(graph[*previous]);
                    at = *previous;
                }
                path.reverse();
                return path;
            }
            if let Entry::Vacant(place) = before.entry(next) {
                place.insert(node);
                waiting.push_back(next);
            }
        }
    }
    // A group of this kind always leads back to each of its members.
    vec![graph[start]]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn module(edges: &[(&str, &[&str])]) -> BTreeMap<String, RpmComponent> {
        let component = |after: &[&str]| RpmComponent {
            buildafter: after.iter().map(|key| (*key).to_owned()).collect(),
            ..RpmComponent::default()
        };
        edges.iter().map(|(key, after)| ((*key).to_owned(), component(after))).collect()
    }

    #[test]
    fn each_circle_is_reported_once_with_its_path() {
        let module =
            module(&[("a", &["b", "x"]), ("b", &["c"]), ("c", &["a"]), ("d", &["a"]), ("s", &["s"]), ("x", &[])]);
        assert_eq!(cycles(&module), [vec!["a", "b", "c", "a"], vec!["s", "s"]]);
    }
}
