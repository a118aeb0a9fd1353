//! Finds the cycle to show among components that wait for each other.

use super::graph::Components;
use petgraph::Direction;
use petgraph::graph::NodeIndex;
use std::collections::{HashMap, HashSet, VecDeque};

/// How many edges are looked at before the best cycle so far is good enough.
const ENOUGH: usize = 1_000_000;

/// A short cycle among `members`, which all reach each other; each node waits for the next, the last equals the
/// first.
///
/// It is the shortest one, and among several the one whose first name sorts first; only in very large sets the search
/// stops early. The result depends on names and edges alone.
pub(super) fn shortest_cycle<'a>(
    graph: &Components,
    members: &[NodeIndex],
    name: impl Fn(NodeIndex) -> &'a str,
) -> Vec<NodeIndex> {
    let inside: HashSet<NodeIndex> = members.iter().copied().collect();
    let mut starts = members.to_vec();
    starts.sort_by_key(|node| name(*node));
    let mut before: HashMap<NodeIndex, Vec<NodeIndex>> = HashMap::with_capacity(starts.len());
    let mut edges = 0;
    for node in &starts {
        let mut list: Vec<NodeIndex> =
            graph.neighbors_directed(*node, Direction::Incoming).filter(|other| inside.contains(other)).collect();
        list.sort_by_key(|node| name(*node));
        edges += list.len();
        before.insert(*node, list);
    }
    let mut left = ENOUGH.max(4 * edges);
    let mut best: Vec<NodeIndex> = Vec::new();
    for start in starts {
        let limit = if best.is_empty() { usize::MAX } else { best.len() - 1 };
        if let Some(found) = cycle_through(start, &before, limit, &mut left) {
            best = found;
        }
        if left == 0 || best.len() == 2 {
            break;
        }
    }
    best
}

/// The shortest cycle through one node with fewer than `limit` steps, if the work left allows to find it.
fn cycle_through(
    start: NodeIndex,
    before: &HashMap<NodeIndex, Vec<NodeIndex>>,
    limit: usize,
    left: &mut usize,
) -> Option<Vec<NodeIndex>> {
    let mut came_from: HashMap<NodeIndex, NodeIndex> = HashMap::new();
    let mut queue = VecDeque::from([(start, 1)]);
    while let Some((node, steps)) = queue.pop_front() {
        if steps >= limit {
            return None;
        }
        for next in &before[&node] {
            *left = left.saturating_sub(1);
            if *next == start {
                let mut path = vec![start, node];
                let mut at = node;
                while let Some(earlier) = came_from.get(&at) {
                    path.push(*earlier);
                    at = *earlier;
                }
                path.reverse();
                return Some(path);
            }
            if !came_from.contains_key(next) {
                came_from.insert(*next, node);
                queue.push_back((*next, steps + 1));
            }
        }
        if *left == 0 {
            return None;
        }
    }
    None
}
