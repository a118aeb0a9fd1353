//! What changed between two indexes.

use super::differs::{FieldChange, Typed, field_changes};
use super::entry::Entry;
use super::model::ModuleIndex;
use super::module::Module;
use crate::modulemd::model::{Minute, ModuleStream, Obsoletes, UnknownDocument};
use crate::modulemd::nsvca::StreamId;
use crate::modulemd::path::KeyPath;
use crate::modulemd::write::write;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// What changed from one index to another. The text form is for people; serialized, it is for programs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct IndexDiff {
    /// What changed in each module, in byte order of their names; modules without a change are not named.
    pub modules: Vec<ModuleDiff>,
    /// Documents that are not understood and were not there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_added: Vec<UnknownDocument>,
    /// Documents that are not understood and are no longer there.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unknown_removed: Vec<UnknownDocument>,
}

/// What changed in one module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ModuleDiff {
    /// Its name.
    pub module: String,
    /// Whether only the second index has it.
    pub added: bool,
    /// Whether only the first index has it.
    pub removed: bool,
    /// Its streams, in the order of their identities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<StreamChange>,
    /// Its defaults.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub defaults: Option<DocumentChange>,
    /// Its obsoletes, by stream and time of change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub obsoletes: Vec<ObsoletesChange>,
    /// Its translations, by stream.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub translations: Vec<TranslationsChange>,
}

/// What changed about one obsoletes document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct ObsoletesChange {
    /// Which one.
    #[serde(flatten)]
    pub key: ObsoletesKey,
    /// What changed.
    #[serde(flatten)]
    pub change: DocumentChange,
}

/// What changed about the translations of one stream.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct TranslationsChange {
    /// Name of the stream.
    pub stream: String,
    /// What changed.
    #[serde(flatten)]
    pub change: DocumentChange,
}

/// What tells obsoletes documents of one module apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct ObsoletesKey {
    /// Name of the stream.
    pub stream: String,
    /// When it was changed.
    pub modified: Minute,
    /// The context, if it is for one only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// What changed about one stream document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum StreamChange {
    /// It was not there.
    Added {
        /// Its identity.
        id: StreamId,
    },
    /// It is no longer there.
    Removed {
        /// Its identity.
        id: StreamId,
    },
    /// It is the version that took the place of another one of the same stream, context and architecture.
    Updated {
        /// Its identity.
        id: StreamId,
        /// The version it replaced.
        from: u64,
        /// What else changed.
        fields: Vec<FieldChange>,
    },
    /// Its content changed and its identity did not.
    Changed {
        /// Its identity.
        id: StreamId,
        /// What changed.
        fields: Vec<FieldChange>,
    },
}

/// What changed about a document of which there is one at most.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentChange {
    /// It was not there.
    Added,
    /// It is no longer there.
    Removed,
    /// Its content changed.
    Changed {
        /// What changed.
        fields: Vec<FieldChange>,
    },
}

impl IndexDiff {
    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.unknown_added.is_empty() && self.unknown_removed.is_empty()
    }
}

/// Tells what changed from one index to another. Where documents came from, and in which order they were added, does
/// not count.
pub fn diff(old: &ModuleIndex, new: &ModuleIndex) -> IndexDiff {
    let names: BTreeSet<&str> = old.modules().chain(new.modules()).map(Module::name).collect();
    let nothing = Module::default();
    let modules = names.into_iter().filter_map(|name| {
        let (before, after) = (old.module(name), new.module(name));
        let mut found = module(before.unwrap_or(&nothing), after.unwrap_or(&nothing));
        found = ModuleDiff { module: name.to_owned(), added: before.is_none(), removed: after.is_none(), ..found };
        let changed = !(found.streams.is_empty()
            && found.defaults.is_none()
            && found.obsoletes.is_empty()
            && found.translations.is_empty());
        changed.then_some(found)
    });
    let (unknown_removed, unknown_added) = unknown(old, new);
    IndexDiff { modules: modules.collect(), unknown_added, unknown_removed }
}

fn module(old: &Module, new: &Module) -> ModuleDiff {
    ModuleDiff {
        streams: streams(old, new),
        defaults: document(old.defaults(), new.defaults()),
        obsoletes: documents(obsoletes(old), &obsoletes(new))
            .map(|(key, change)| ObsoletesChange { key, change })
            .collect(),
        translations: {
            let by_stream =
                |module| Module::translations(module).map(|(stream, entry)| (stream.to_owned(), entry.value()));
            let after = by_stream(new).collect();
            let changes = documents(by_stream(old).collect(), &after);
            changes.map(|(stream, change)| TranslationsChange { stream, change }).collect()
        },
        ..ModuleDiff::default()
    }
}

fn obsoletes(module: &Module) -> BTreeMap<ObsoletesKey, &Obsoletes> {
    let keyed = module.obsoletes().map(Entry::value).map(|one| {
        let key = ObsoletesKey { stream: one.stream.clone(), modified: one.modified, context: one.context.clone() };
        (key, one)
    });
    keyed.collect()
}

fn documents<'d, K: Ord + Clone, T: Typed>(
    old: BTreeMap<K, &'d T>,
    new: &'d BTreeMap<K, &'d T>,
) -> impl Iterator<Item = (K, DocumentChange)> {
    let mut changes: BTreeMap<K, DocumentChange> = BTreeMap::new();
    for (key, value) in new {
        changes.extend(document(old.get(key).copied(), Some(*value)).map(|change| (key.clone(), change)));
    }
    for (key, value) in old {
        if !new.contains_key(&key) {
            changes.extend(document(Some(value), None).map(|change| (key, change)));
        }
    }
    changes.into_iter()
}

fn document<T: Typed>(old: Option<&T>, new: Option<&T>) -> Option<DocumentChange> {
    match (old, new) {
        (None, None) => None,
        (None, Some(_)) => Some(DocumentChange::Added),
        (Some(_), None) => Some(DocumentChange::Removed),
        (Some(old), Some(new)) if old == new => None,
        (Some(old), Some(new)) => Some(DocumentChange::Changed { fields: field_changes(old, new) }),
    }
}

/// What versions of one stream have in common: stream, context and arch.
type Line<'s> = (Option<&'s str>, Option<&'s str>, Option<&'s str>);

fn line(stream: &ModuleStream) -> Line<'_> {
    (stream.stream.as_deref(), stream.context.as_deref(), stream.arch.as_deref())
}

fn streams(old: &Module, new: &Module) -> Vec<StreamChange> {
    let mut changes: Vec<(StreamId, StreamChange)> = Vec::new();
    // Versions that went, by line, the lowest first: the newest that came replaces the newest that went.
    let mut gone: HashMap<Line<'_>, Vec<&ModuleStream>> = HashMap::new();
    for entry in old.stream_entries() {
        match new.streams.get(entry).map(Entry::value) {
            Some(after) if after == entry.value() => {}
            Some(after) => {
                let id = StreamId::of(after);
                let fields = field_changes(entry.value(), after);
                changes.push((id.clone(), StreamChange::Changed { id, fields }));
            }
            None => gone.entry(line(entry.value())).or_default().push(entry.value()),
        }
    }
    for versions in gone.values_mut() {
        versions.sort_by_key(|stream| stream.version);
    }
    let mut came: Vec<&ModuleStream> =
        new.stream_entries().filter(|entry| !old.streams.contains(*entry)).map(Entry::value).collect();
    came.sort_by_key(|stream| std::cmp::Reverse(stream.version));
    for after in came {
        let id = StreamId::of(after);
        let change = match gone.get_mut(&line(after)).and_then(Vec::pop) {
            None => StreamChange::Added { id: id.clone() },
            Some(before) => {
                let version = KeyPath::new(["data", "version"]);
                let mut fields = field_changes(before, after);
                fields.retain(|change| change.path != version);
                StreamChange::Updated { id: id.clone(), from: before.version, fields }
            }
        };
        changes.push((id, change));
    }
    for before in gone.into_values().flatten() {
        let id = StreamId::of(before);
        changes.push((id.clone(), StreamChange::Removed { id }));
    }
    changes.sort_by(|(one, _), (other, _)| one.cmp(other));
    changes.into_iter().map(|(_, change)| change).collect()
}

/// The documents that are not understood and that only one side has, in the order of their texts.
fn unknown(old: &ModuleIndex, new: &ModuleIndex) -> (Vec<UnknownDocument>, Vec<UnknownDocument>) {
    fn by_text(index: &ModuleIndex) -> BTreeMap<String, &UnknownDocument> {
        index.unknown_documents().map(|entry| (write(entry.value()), entry.value())).collect()
    }
    fn minus(
        one: &BTreeMap<String, &UnknownDocument>,
        other: &BTreeMap<String, &UnknownDocument>,
    ) -> Vec<UnknownDocument> {
        one.iter().filter(|(text, _)| !other.contains_key(*text)).map(|(_, document)| (*document).clone()).collect()
    }
    let (old, new) = (by_text(old), by_text(new));
    (minus(&old, &new), minus(&new, &old))
}
