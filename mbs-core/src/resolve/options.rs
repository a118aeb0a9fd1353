//! What an expansion depends on beside the document and the builds.

use crate::identity::{Padding, StreamVersion};
use crate::{ModuleName, StreamName};
use std::collections::{BTreeMap, BTreeSet};

/// How many steps of search an expansion may take if nobody says otherwise.
pub const DEFAULT_LIMIT: u64 = 2_000_000;

/// What an expansion depends on beside the document and the builds.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpandOptions {
    /// Names of the modules that all others are built on, by preference.
    pub base_modules: Vec<ModuleName>,
    /// Streams of base modules that "all streams" leaves out; naming them still works.
    pub excluded_base_streams: BTreeSet<String>,
    /// Whether a virtual stream joins only base streams of the same major number that are not newer.
    pub only_compatible_bases: bool,
    /// What configured suffixes add to the number of a base stream, for example 0.3 for `el8.1.0.z`.
    pub stream_suffixes: BTreeMap<String, f64>,
    /// The stream to take where several fit.
    pub default_streams: BTreeMap<ModuleName, StreamName>,
    /// Whether several fitting streams are an error unless [`Self::default_streams`] decides.
    pub refuse_ambiguous: bool,
    /// Whether only builds that are ready count, also where the original takes others.
    pub ready_only: bool,
    /// How many steps of search are allowed, and how many results.
    pub limit: u64,
}

impl Default for ExpandOptions {
    fn default() -> Self {
        Self {
            base_modules: vec![ModuleName::new("platform").expect("the name is valid")],
            excluded_base_streams: BTreeSet::new(),
            only_compatible_bases: true,
            stream_suffixes: BTreeMap::new(),
            default_streams: BTreeMap::new(),
            refuse_ambiguous: false,
            ready_only: false,
            limit: DEFAULT_LIMIT,
        }
    }
}

impl ExpandOptions {
    /// Whether a module is a base module.
    pub fn is_base(&self, name: &str) -> bool {
        self.base_modules.iter().any(|base| base.as_str() == name)
    }

    /// The ordering number of a stream, with what its suffix adds.
    pub(super) fn number(&self, stream: &str, padding: Padding) -> StreamVersion {
        let plain = StreamVersion::of(stream, padding);
        match self.stream_suffixes.get(stream) {
            Some(value) => plain.with_suffix_value(*value),
            None => plain,
        }
    }
}
