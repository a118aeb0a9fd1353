//! Searching an index.

use super::entry::Entry;
use super::model::ModuleIndex;
use crate::modulemd::model::ModuleStream;
use crate::modulemd::nsvca::{Glob, write_id};
use std::cmp::Reverse;

/// A search for streams by the parts of their identities. A part without a pattern may be anything; a part that a
/// document does not have fits no pattern, not even `*`.
///
/// ```
/// use mbs_core::modulemd::{ModuleIndex, ReadOptions, StreamQuery};
///
/// let text = "document: modulemd\nversion: 2\ndata:\n  name: app\n  stream: 1\n  version: 7\n  summary: S\n  \
///             description: D\n  license: {module: [MIT]}\n";
/// let index = ModuleIndex::from_text(text, "modules.yaml", &ReadOptions::lenient()).index;
/// assert_eq!(index.search_streams(&StreamQuery::new().name("a*").version("7")).len(), 1);
/// assert!(index.search_streams(&StreamQuery::new().context("*")).is_empty());
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamQuery {
    /// Pattern for the module's name.
    pub name: Option<Glob>,
    /// Pattern for the stream's name.
    pub stream: Option<Glob>,
    /// Pattern for the version as text; `0` is what a document without version has.
    pub version: Option<Glob>,
    /// Pattern for the context.
    pub context: Option<Glob>,
    /// Pattern for the architecture.
    pub arch: Option<Glob>,
}

macro_rules! part {
    ($name:ident, $doc:literal) => {
        #[doc = $doc]
        pub fn $name(mut self, pattern: impl Into<Glob>) -> Self {
            self.$name = Some(pattern.into());
            self
        }
    };
}

impl StreamQuery {
    /// A search that finds everything.
    pub fn new() -> Self {
        Self::default()
    }

    part!(name, "Sets the pattern for the module's name.");
    part!(stream, "Sets the pattern for the stream's name.");
    part!(version, "Sets the pattern for the version.");
    part!(context, "Sets the pattern for the context.");
    part!(arch, "Sets the pattern for the architecture.");

    /// Whether a stream is looked for.
    pub fn matches(&self, stream: &ModuleStream) -> bool {
        fn part(pattern: Option<&Glob>, text: Option<&String>) -> bool {
            pattern.is_none_or(|pattern| text.is_some_and(|text| pattern.matches(text)))
        }
        part(self.name.as_ref(), stream.name.as_ref())
            && part(self.stream.as_ref(), stream.stream.as_ref())
            && part(self.context.as_ref(), stream.context.as_ref())
            && part(self.arch.as_ref(), stream.arch.as_ref())
            && self.version.as_ref().is_none_or(|pattern| pattern.matches(&stream.version.to_string()))
    }
}

/// A stream that holds packages that were searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RpmMatch<'i> {
    /// The stream.
    pub stream: &'i ModuleStream,
    /// Its packages that fit, in byte order.
    pub rpms: Vec<&'i str>,
}

impl ModuleStream {
    /// The names of the profiles that fit, in byte order.
    pub fn search_profiles(&self, pattern: &Glob) -> Vec<&str> {
        self.profiles.keys().map(String::as_str).filter(|name| pattern.matches(name)).collect()
    }
}

impl ModuleIndex {
    /// The streams whose parts fit, by module and stream, with the highest version first, then by context and arch.
    pub fn search_streams(&self, query: &StreamQuery) -> Vec<&ModuleStream> {
        let mut found = Vec::new();
        let wanted = |name: &str| query.name.as_ref().is_none_or(|pattern| pattern.matches(name));
        for module in self.modules.values().filter(|module| wanted(&module.name)) {
            let mut streams: Vec<_> = module.streams().filter(|stream| query.matches(stream)).collect();
            streams.sort_by_key(|one| (&one.stream, Reverse(one.version), &one.context, &one.arch));
            found.extend(streams);
        }
        found
    }

    /// The streams whose `NAME:STREAM:VERSION:CONTEXT:ARCH` fits, by module and in the order of adding. A `*` crosses
    /// colons.
    pub fn search_nsvca_glob(&self, pattern: &Glob) -> Vec<&ModuleStream> {
        let mut text = String::new();
        self.as_added()
            .filter(|stream| {
                write_id(stream, &mut text);
                pattern.matches(&text)
            })
            .collect()
    }

    /// The streams with a package (`NAME-EPOCH:VERSION-RELEASE.ARCH`) that fits, by module and in the order of adding.
    pub fn search_rpms(&self, pattern: &Glob) -> Vec<RpmMatch<'_>> {
        self.as_added()
            .filter_map(|stream| {
                let rpms = stream.artifacts.rpms.iter().map(String::as_str);
                let rpms: Vec<_> = rpms.filter(|rpm| pattern.matches(rpm)).collect();
                (!rpms.is_empty()).then_some(RpmMatch { stream, rpms })
            })
            .collect()
    }

    fn as_added(&self) -> impl Iterator<Item = &ModuleStream> {
        self.modules.values().flat_map(|module| module.streams_as_added().into_iter().map(Entry::value))
    }
}
