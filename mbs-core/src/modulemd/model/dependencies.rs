//! What a module needs: other modules and which of their streams.

use super::set::string_set;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One item of `dependencies`. Several items are alternatives, each expanded on its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dependency {
    /// Modules needed to build, with their streams.
    pub buildrequires: BTreeMap<String, StreamSet>,
    /// Modules needed at run time, with their streams.
    pub requires: BTreeMap<String, StreamSet>,
}

/// The streams of one dependency as written: names, or names with a leading `-` that are excluded.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct StreamSet(pub BTreeSet<String>);

/// What a [`StreamSet`] means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamRule<'s> {
    /// Every stream.
    Any,
    /// One of these.
    Only(BTreeSet<&'s str>),
    /// Every stream but these.
    Except(BTreeSet<&'s str>),
    /// Wanted and excluded names side by side: a mistake.
    Mixed,
}

impl StreamSet {
    /// The set of one stream.
    pub fn one(stream: impl Into<String>) -> Self {
        Self(BTreeSet::from([stream.into()]))
    }

    /// What the set means.
    pub fn rule(&self) -> StreamRule<'_> {
        let excluded: BTreeSet<&str> = self.0.iter().filter_map(|stream| stream.strip_prefix('-')).collect();
        if self.0.is_empty() {
            StreamRule::Any
        } else if excluded.is_empty() {
            StreamRule::Only(self.0.iter().map(String::as_str).collect())
        } else if excluded.len() == self.0.len() {
            StreamRule::Except(excluded)
        } else {
            StreamRule::Mixed
        }
    }

    /// The stream, if the set names exactly one.
    pub fn single(&self) -> Option<&str> {
        match self.rule() {
            StreamRule::Only(streams) if streams.len() == 1 => streams.into_iter().next(),
            _ => None,
        }
    }

    /// Whether a stream is allowed. A mixed set allows what it names without a sign.
    pub fn allows(&self, stream: &str) -> bool {
        match self.rule() {
            StreamRule::Any => true,
            StreamRule::Only(streams) => streams.contains(stream),
            StreamRule::Except(streams) => !streams.contains(stream),
            StreamRule::Mixed => self.0.contains(stream),
        }
    }
}

impl<'de> Deserialize<'de> for StreamSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        string_set(deserializer).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(streams: &[&str]) -> StreamSet {
        StreamSet(streams.iter().map(|stream| (*stream).to_owned()).collect())
    }

    #[test]
    fn signs_decide_what_a_set_means() {
        assert!(set(&[]).allows("f29"));
        assert!(set(&["f28", "f29"]).allows("f29") && !set(&["f28"]).allows("f29"));
        assert!(!set(&["-f29"]).allows("f29") && set(&["-f28"]).allows("f29"));
        assert_eq!(set(&["-f28", "f29"]).rule(), StreamRule::Mixed);
        assert_eq!(set(&["f29"]).single(), Some("f29"));
        assert_eq!(set(&["-f29"]).single(), None);
    }
}
