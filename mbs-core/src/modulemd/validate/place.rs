//! Where a rule looks, without the cost of a key path.

use crate::modulemd::path::{self, KeyPath};

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

    /// The path from the root. Each text in it above 1,000 bytes takes its length from `room`; when that is used up,
    /// the path ends before such a text. Else many findings below one huge key would hold it as often.
    pub(super) fn path(&self, room: &mut usize) -> KeyPath {
        let mut path = KeyPath::default();
        self.append(&mut path, room);
        path
    }

    /// Tells whether the path goes on.
    fn append(&self, path: &mut KeyPath, room: &mut usize) -> bool {
        const SHORT: usize = 1_000;
        if !self.above.is_none_or(|above| above.append(path, room)) {
            return false;
        }
        if let Step::Key(text) | Step::Item(text) = self.step
            && text.len() > SHORT
        {
            if *room == 0 {
                return false;
            }
            *room = room.saturating_sub(text.len());
        }
        match self.step {
            Step::Key(key) => path.push_key(key),
            Step::Index(index) => path.push_index(index),
            Step::Item(text) => path.push(path::Step::Item(text.to_owned())),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_becomes_the_path_of_its_steps() {
        let data = Place::top("data");
        let list = data.key("dependencies");
        let path = list.index(2).key("requires").item("f29").path(&mut 0);
        assert_eq!(path, KeyPath::new(["data", "dependencies"]).index(2).key("requires").item("f29"));
    }

    #[test]
    fn paths_through_huge_keys_end_before_them_once_the_room_is_used_up() {
        let (huge, mut room) = ("k".repeat(5_000), 6_000);
        let data = Place::top("data");
        let (outer, short) = (data.key(&huge), data.key("a"));
        let inner = outer.index(1);
        let whole = KeyPath::new(["data", &huge]).index(1);
        assert_eq!(inner.path(&mut room), whole);
        assert_eq!(inner.path(&mut room), whole);
        assert_eq!(inner.path(&mut room), KeyPath::new(["data"]));
        assert_eq!(short.path(&mut room), KeyPath::new(["data", "a"]));
    }
}
