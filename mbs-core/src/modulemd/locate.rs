//! From key paths back to places on the tape.

use super::path::{KeyPath, Step};
use super::yaml::tape::{Items, Node, View};
use std::collections::HashMap;

/// Finds places by path. Each collection is indexed the first time something in it is looked for, so that many
/// look-ups in a big one stay linear.
pub(crate) struct Locator<'t> {
    root: Node<'t>,
    maps: HashMap<u32, HashMap<&'t str, (Node<'t>, Node<'t>)>>,
    lists: HashMap<u32, List<'t>>,
}

struct List<'t> {
    items: Vec<Node<'t>>,
    /// The first item with each text.
    texts: HashMap<&'t str, Node<'t>>,
}

impl<'t> List<'t> {
    fn new(items: Items<'t>) -> Self {
        let items: Vec<Node<'t>> = items.collect();
        let mut texts = HashMap::new();
        for item in &items {
            if let Some(text) = item.scalar() {
                texts.entry(text).or_insert(*item);
            }
        }
        Self { items, texts }
    }
}

impl<'t> Locator<'t> {
    pub(crate) fn new(root: Node<'t>) -> Self {
        Self { root, maps: HashMap::new(), lists: HashMap::new() }
    }

    /// The node at the path, or the deepest one on the way and the keys that are missing below it. `key` asks for the
    /// last key itself instead of its value.
    pub(crate) fn find(&mut self, path: &KeyPath, key: bool) -> (Node<'t>, Option<KeyPath>) {
        let mut node = self.root;
        for (depth, step) in path.steps().iter().enumerate() {
            let last = depth + 1 == path.steps().len();
            let next = match (step, node.view()) {
                (Step::Key(name), View::Map(pairs)) => {
                    let map = self.maps.entry(node.index()).or_insert_with(|| {
                        pairs.filter_map(|(key, value)| Some((key.scalar()?, (key, value)))).collect()
                    });
                    map.get(name.as_str()).map(|(found, value)| if last && key { *found } else { *value })
                }
                (Step::Index(_) | Step::Item(_), View::Seq(items)) => {
                    let list = self.lists.entry(node.index()).or_insert_with(|| List::new(items));
                    match step {
                        Step::Index(index) => list.items.get(*index).copied(),
                        Step::Item(text) | Step::Key(text) => list.texts.get(text.as_str()).copied(),
                    }
                }
                // One text stands for a list of one.
                (Step::Item(text), View::Scalar(found, _)) => (found == text).then_some(node),
                _ => None,
            };
            match next {
                Some(next) => node = next,
                None => return (node, Some(path.below(depth))),
            }
        }
        (node, None)
    }
}
