//! Where a rule looks, without the cost of a key path.

use crate::modulemd::path::KeyPath;

/// A place in a document: a step and the place above it. It borrows everything, so that checking what is right
/// allocates nothing; only a finding turns it into a [`KeyPath`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct Place<'p> {
    above: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Debug, Clone, Copy)]
enum Step<'p> {
    Key(&'p str),
    Index(usize),
    Item(&'p str),
}

impl<'p> Place<'p> {
    /// A key of the document itself.
    pub(super) fn top(key: &'p str) -> Self {
        Self { above: None, step: Step::Key(key) }
    }

    /// A key below this place.
    pub(super) fn key(&'p self, key: &'p str) -> Self {
        Self { above: Some(self), step: Step::Key(key) }
    }

    /// A place of the list here, counted from 0.
    pub(super) fn index(&'p self, index: usize) -> Self {
        Self { above: Some(self), step: Step::Index(index) }
    }

    /// The item with this text in the list here.
    pub(super) fn item(&'p self, text: &'p str) -> Self {
        Self { above: Some(self), step: Step::Item(text) }
    }

    /// Whether the last step is this key.
    pub(super) fn is_key(&self, key: &str) -> bool {
        matches!(self.step, Step::Key(found) if found == key)
    }

    /// The path from the root.
    pub(super) fn path(&self) -> KeyPath {
        let above = self.above.map_or_else(KeyPath::default, Place::path);
        match self.step {
            Step::Key(key) => above.key(key),
            Step::Index(index) => above.index(index),
            Step::Item(text) => above.item(text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_the_path_of_its_steps() {
        let data = Place::top("data");
        let list = data.key("dependencies");
        let path = list.index(2).key("requires").item("f29").path();
        assert_eq!(path, KeyPath::new(["data", "dependencies"]).index(2).key("requires").item("f29"));
    }
}
