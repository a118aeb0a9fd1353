//! What an expansion depends on beside the document and the builds.

use crate::identity::{Padding, StreamVersion};
use crate::{ModuleName, Pattern, StreamName};
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
    /// What suffixes add to the number of a base stream: the value of the first pattern that fits at the start of the
    /// stream, for example 0.3 for `el\d+\.\d+\.\d+\.z`.
    pub stream_suffixes: Vec<(Pattern, f64)>,
    /// The stream to take where several fit: in the lists of the document, also "all streams", and where a build
    /// requires one of several streams that it is among.
    pub default_streams: BTreeMap<ModuleName, StreamName>,
    /// Whether several fitting streams are an error unless [`Self::default_streams`] decides: in the lists of the
    /// document, and where a build requires one of several streams of a module that the document does not
    /// build-require itself. A build with several dependency blocks may still choose among these.
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
            stream_suffixes: Vec::new(),
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

    /// Makes this stream of a base module the one to take where several fit. A name that is no base module yet becomes
    /// the first.
    pub fn prefer_base(&mut self, name: ModuleName, stream: StreamName) {
        if !self.is_base(name.as_str()) {
            self.base_modules.insert(0, name.clone());
        }
        self.default_streams.insert(name, stream);
    }

    /// The ordering number of a stream, with what its suffix adds.
    pub(crate) fn number(&self, stream: &str, padding: Padding) -> StreamVersion {
        let plain = StreamVersion::of(stream, padding);
        match self.stream_suffixes.iter().find(|(pattern, _)| pattern.fits_start(stream)) {
            Some((_, value)) => plain.with_suffix_value(*value),
            None => plain,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_suffix_pattern_that_fits_at_the_start_adds_its_value() {
        let pattern = |text| Pattern::new(text).expect("a pattern");
        let stream_suffixes = vec![(pattern(r"el\d+\.z"), 0.2), (pattern(r"el\d+\.\d+\.\d+\.z"), 0.3)];
        let options = ExpandOptions { stream_suffixes, ..ExpandOptions::default() };
        let number = |stream| options.number(stream, Padding::Right).to_string();
        assert_eq!(number("el8.z"), "80000.2");
        assert_eq!(number("el8.1.0.z"), "80100.3");
        assert_eq!(number("el8.1.0"), "80100.0");
        assert_eq!(number("rhel8.z"), "80000.0");
        assert_eq!(options.number("el8.1.0.z", Padding::None).to_string(), "80100.3");
        let both = vec![(pattern("el"), 0.1), (pattern("el8"), 0.5)];
        let options = ExpandOptions { stream_suffixes: both, ..ExpandOptions::default() };
        assert_eq!(options.number("el8", Padding::Right).to_string(), "80000.1");
    }
}
