//! Keys that the format does not have, kept so that nothing is lost.

use super::value::{Value, ValueMap};
use crate::modulemd::path::{KeyPath, Step};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;

/// The unknown keys of one document by their places, as a tree of the steps that lead to them.
///
/// They are written back where they stood, as long as what they stood in is still written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct UnknownKeys {
    /// Unknown keys of this very map.
    here: ValueMap,
    /// What lies deeper.
    below: BTreeMap<Step, UnknownKeys>,
}

impl UnknownKeys {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.here.is_empty() && self.below.is_empty()
    }

    /// Keeps a value. The last step of the path is its key; a path that ends in a place of a list keeps nothing.
    pub fn insert(&mut self, path: &KeyPath, value: Value) {
        let Some((Step::Key(key), parents)) = path.steps().split_last() else { return };
        let mut tree = self;
        for step in parents {
            tree = tree.below.entry(step.clone()).or_default();
        }
        tree.here.insert(key.clone(), value);
    }

    /// The unknown keys of the map that this part of the tree stands for.
    pub fn here(&self) -> &ValueMap {
        &self.here
    }

    /// The part of the tree one step deeper.
    pub fn below(&self, step: &Step) -> Option<&Self> {
        self.below.get(step)
    }

    /// All of them with their paths.
    pub fn list(&self) -> Vec<(KeyPath, &Value)> {
        let mut found = Vec::new();
        self.collect(&mut KeyPath::default(), &mut found);
        found
    }

    fn collect<'u>(&'u self, path: &mut KeyPath, found: &mut Vec<(KeyPath, &'u Value)>) {
        found.extend(self.here.iter().map(|(key, value)| (path.key(key), value)));
        for (step, tree) in &self.below {
            path.push(step.clone());
            tree.collect(path, found);
            path.pop();
        }
    }

    /// Takes out the value at a path, and everything below it that is unknown.
    pub(crate) fn remove(&mut self, path: &[Step]) -> bool {
        let Some((first, rest)) = path.split_first() else { return false };
        if rest.is_empty() {
            let here = matches!(first, Step::Key(key) if self.here.remove(key).is_some());
            return self.below.remove(first).is_some() || here;
        }
        let Some(tree) = self.below.get_mut(first) else { return false };
        let removed = tree.remove(rest);
        if tree.is_empty() {
            self.below.remove(first);
        }
        removed
    }

    pub(crate) fn put_here(&mut self, pairs: Vec<(String, Value)>) {
        self.here = pairs.into_iter().collect();
    }

    pub(crate) fn put_below(&mut self, step: Step, tree: Self) {
        if !tree.is_empty() {
            self.below.insert(step, tree);
        }
    }
}

impl Serialize for UnknownKeys {
    /// As a map from paths to values.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.list().into_iter().map(|(path, value)| (path.to_string(), value)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_were_put() {
        let mut unknown = UnknownKeys::default();
        let path = KeyPath::new(["data", "dependencies"]).index(1).key("extra");
        unknown.insert(&path, Value::from("x"));
        unknown.insert(&KeyPath::new(["top"]), Value::from(1));
        let found: Vec<String> = unknown.list().into_iter().map(|(path, _)| path.to_string()).collect();
        assert_eq!(found, ["top", "data.dependencies[1].extra"]);
        let deep = unknown.below(&Step::Key("data".to_owned())).expect("something below data");
        assert!(deep.here().is_empty());
        assert_eq!(serde_json::to_string(&unknown).expect("json"), r#"{"top":1,"data.dependencies[1].extra":"x"}"#);
    }
}
