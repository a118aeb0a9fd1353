//! The keys from a document's root to a value.

use std::fmt;

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// Into a map, under this key.
    Key(String),
    /// Into a list, counted from 0.
    Index(usize),
    /// Into a list of texts, at the item with this text.
    Item(String),
}

/// Keys from a document's root to a value; shown as `data.components.rpms.libgauge.buildafter[0]`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(Vec<Step>);

impl KeyPath {
    /// The path of these keys.
    pub fn new<'k>(keys: impl IntoIterator<Item = &'k str>) -> Self {
        Self(keys.into_iter().map(|key| Step::Key(key.to_owned())).collect())
    }

    /// This path and a key below it.
    pub fn key(&self, key: &str) -> Self {
        let mut path = self.clone();
        path.push_key(key);
        path
    }

    /// This path and a place of a list below it.
    pub fn index(&self, index: usize) -> Self {
        let mut path = self.clone();
        path.push_index(index);
        path
    }

    /// This path and the item with this text below it.
    pub fn item(&self, text: &str) -> Self {
        let mut path = self.clone();
        path.0.push(Step::Item(text.to_owned()));
        path
    }

    /// The part below the first steps.
    pub(crate) fn below(&self, steps: usize) -> Self {
        Self(self.0.get(steps..).unwrap_or_default().to_vec())
    }

    pub(crate) fn append(&mut self, path: &Self) {
        self.0.extend_from_slice(&path.0);
    }

    /// The steps from the root.
    pub fn steps(&self) -> &[Step] {
        &self.0
    }

    pub(crate) fn push_key(&mut self, key: &str) {
        self.0.push(Step::Key(key.to_owned()));
    }

    pub(crate) fn push_index(&mut self, index: usize) {
        self.0.push(Step::Index(index));
    }

    pub(crate) fn push(&mut self, step: Step) {
        self.0.push(step);
    }

    pub(crate) fn pop(&mut self) {
        self.0.pop();
    }
}

impl fmt::Display for KeyPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = |key: &str| !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_+".contains(c));
        for (number, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if bare(key) => {
                    let dot = if number == 0 { "" } else { "." };
                    write!(f, "{dot}{key}")?;
                }
                Step::Key(key) | Step::Item(key) => write!(f, "[\"{}\"]", crate::modulemd::yaml::tape::shorten(key))?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_read_like_the_document() {
        let path = KeyPath::new(["data", "components", "rpms", "python3.11", "buildafter"]).index(2);
        assert_eq!(path.to_string(), "data.components.rpms[\"python3.11\"].buildafter[2]");
    }
}
