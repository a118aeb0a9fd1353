//! One module of an index.

use super::conflict::Conflict;
use super::entry::Entry;
use super::origin::Origin;
use crate::modulemd::model::{Defaults, ModuleStream, Obsoletes, Translations};
use crate::modulemd::nsvca::StreamId;
use std::collections::{BTreeMap, BTreeSet};

/// All documents about one module.
#[derive(Debug, Clone, Default)]
pub struct Module {
    pub(super) name: String,
    pub(super) streams: BTreeSet<Entry<ModuleStream>>,
    pub(super) defaults: Option<Entry<Defaults>>,
    pub(super) translations: BTreeMap<String, Entry<Translations>>,
    pub(super) obsoletes: BTreeSet<Entry<Obsoletes>>,
    /// The documents that could not agree on a default stream, so that there is none.
    pub(super) tie: Option<Box<Conflict>>,
    /// What the next document added is numbered with.
    pub(super) next: u64,
}

/// The answer to the question for one stream document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found<'i> {
    /// There is none.
    None,
    /// There is this one.
    One(&'i ModuleStream),
    /// There are several, in the order of their identities.
    Several(Vec<&'i ModuleStream>),
}

impl<'i> Found<'i> {
    pub(super) fn from(mut found: Vec<&'i ModuleStream>) -> Self {
        match found.len() {
            0 | 1 => found.pop().map_or(Self::None, Self::One),
            _ => Self::Several(found),
        }
    }

    /// The only one.
    pub fn one(self) -> Option<&'i ModuleStream> {
        match self {
            Self::One(stream) => Some(stream),
            Self::None | Self::Several(_) => None,
        }
    }
}

impl Module {
    pub(super) fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ..Self::default() }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its stream documents in the order of the texts of their identities, so that version 10 comes before 9.
    pub fn streams(&self) -> impl ExactSizeIterator<Item = &ModuleStream> {
        self.stream_entries().map(Entry::value)
    }

    /// [`Module::streams`], with where they came from.
    pub fn stream_entries(&self) -> impl ExactSizeIterator<Item = &Entry<ModuleStream>> {
        self.streams.iter()
    }

    /// The stream documents in the order in which they were added.
    pub(super) fn streams_as_added(&self) -> Vec<&Entry<ModuleStream>> {
        let mut streams: Vec<_> = self.streams.iter().collect();
        streams.sort_unstable_by_key(|entry| entry.added);
        streams
    }

    /// Its defaults.
    pub fn defaults(&self) -> Option<&Defaults> {
        self.defaults_entry().map(Entry::value)
    }

    /// Its defaults and where they came from.
    pub fn defaults_entry(&self) -> Option<&Entry<Defaults>> {
        self.defaults.as_ref()
    }

    /// The disagreement for which a merge left the module without a default stream.
    pub fn default_stream_conflict(&self) -> Option<&Conflict> {
        self.tie.as_deref()
    }

    /// Its translations by stream.
    pub fn translations(&self) -> impl ExactSizeIterator<Item = (&str, &Entry<Translations>)> {
        self.translations.iter().map(|(stream, entry)| (stream.as_str(), entry))
    }

    /// The translations of a stream.
    pub fn translations_of(&self, stream: &str) -> Option<&Translations> {
        self.translations.get(stream).map(Entry::value)
    }

    /// Its obsoletes in the order in which they were added.
    pub fn obsoletes(&self) -> impl ExactSizeIterator<Item = &Entry<Obsoletes>> {
        let mut obsoletes: Vec<_> = self.obsoletes.iter().collect();
        obsoletes.sort_unstable_by_key(|entry| entry.added);
        obsoletes.into_iter()
    }

    /// The stream document with an identity; parts that are unset there may be anything.
    pub fn get(&self, id: &StreamId) -> Found<'_> {
        Found::from(self.streams().filter(|stream| id.fits(stream)).collect())
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.streams.is_empty() && self.defaults.is_none() && self.translations.is_empty() && self.obsoletes.is_empty()
    }

    /// Whether both have equal documents, wherever they came from. Of the order of adding, that of obsoletes counts.
    pub(super) fn same_documents(&self, other: &Self) -> bool {
        self.name == other.name
            && self.streams().eq(other.streams())
            && self.defaults() == other.defaults()
            && self.translations.len() == other.translations.len()
            && self.translations().zip(other.translations()).all(|((_, one), (_, other))| one.value() == other.value())
            && self.obsoletes().map(Entry::value).eq(other.obsoletes().map(Entry::value))
    }

    pub(super) fn entry<T>(&mut self, value: Box<T>, origin: Origin) -> Entry<T> {
        self.next += 1;
        Entry::new(value, origin, self.next)
    }
}

impl PartialEq for Module {
    /// Where documents came from does not count.
    fn eq(&self, other: &Self) -> bool {
        self.same_documents(other)
    }
}

impl Eq for Module {}
