//! Merging one index into another.

use super::add::{Filed, defaults_side, file_obsoletes, file_stream, translations_side};
use super::conflict::{About, Conflict, Kept, Reason, Side};
use super::entry::{Entry, Keyed};
use super::merge_defaults::merge_defaults;
use super::merger::Options;
use super::model::ModuleIndex;
use super::module::Module;
use crate::modulemd::model::{Defaults, Translations, UnknownDocument};
use std::collections::btree_map::Entry as Slot;
use std::collections::{BTreeSet, HashSet};

/// A merge under way.
pub(super) struct Merging {
    pub(super) options: Options,
    /// Disagreements that were settled.
    pub(super) conflicts: Vec<Conflict>,
    /// Disagreements that forbid the merge.
    pub(super) fatal: Vec<Conflict>,
}

impl Merging {
    pub(super) fn new(options: Options) -> Self {
        Self { options, conflicts: Vec::new(), fatal: Vec::new() }
    }

    pub(super) fn settle(&mut self, conflict: Conflict, fatal: bool) {
        if fatal { &mut self.fatal } else { &mut self.conflicts }.push(conflict);
    }

    /// Merges `from` into `into`, over it if that has a lower priority.
    pub(super) fn merge(&mut self, from: ModuleIndex, into: &mut ModuleIndex, over: bool) {
        if into.is_empty() {
            *into = from;
            return;
        }
        for (name, module) in from.modules {
            match into.modules.entry(name) {
                Slot::Vacant(slot) => {
                    slot.insert(module);
                }
                Slot::Occupied(mut slot) => self.module(module, slot.get_mut(), over),
            }
        }
        merge_unknown(from.unknown, &mut into.unknown);
    }

    fn module(&mut self, from: Module, into: &mut Module, over: bool) {
        let Module { name: _, streams, defaults, translations, obsoletes, tie, next } = from;
        // What comes from the second index was added behind all of the first.
        let base = into.next;
        into.next += next;
        for mut entry in streams {
            entry.added += base;
            match file_stream(&mut into.streams, entry) {
                Filed::New | Filed::Equal => {}
                Filed::Alike(conflict) => self.settle(*conflict, false),
                Filed::Differs(conflict, _) => self.settle(*conflict, self.options.strict_streams),
            }
        }
        match (defaults, &mut into.defaults) {
            (None, _) => {}
            (Some(from), slot @ None) => {
                *slot = Some(from);
                into.tie = tie;
            }
            (Some(from), Some(there)) if over => {
                if from.value != there.value {
                    self.settle(replaced_defaults(there, &from, &into.name), false);
                }
                *there = from;
                into.tie = tie;
            }
            (Some(from), Some(there)) => merge_defaults(from, there, &mut into.tie, self),
        }
        for (stream, entry) in translations {
            match into.translations.entry(stream) {
                Slot::Vacant(slot) => {
                    slot.insert(entry);
                }
                Slot::Occupied(mut slot) => self.translations(entry, slot.get_mut()),
            }
        }
        for mut entry in obsoletes {
            entry.added += base;
            match file_obsoletes(&mut into.obsoletes, entry) {
                Filed::New | Filed::Equal => {}
                Filed::Alike(conflict) | Filed::Differs(conflict, _) => self.settle(*conflict, false),
            }
        }
    }

    fn translations(&mut self, from: Entry<Translations>, into: &mut Entry<Translations>) {
        let newer = from.value.modified > into.value.modified;
        if from.value != into.value {
            let same_time = from.value.modified == into.value.modified;
            self.settle(
                Conflict {
                    module: into.value.module.clone(),
                    about: About::Translations { stream: into.value.stream.clone() },
                    first: translations_side(into),
                    second: translations_side(&from),
                    kept: if newer { Kept::Second } else { Kept::First },
                    reason: if same_time { Reason::First } else { Reason::Newer },
                },
                false,
            );
        }
        if newer {
            *into = from;
        }
    }
}

fn replaced_defaults(there: &Entry<Defaults>, from: &Entry<Defaults>, module: &str) -> Conflict {
    let (first, second): (Side, Side) = (defaults_side(there), defaults_side(from));
    let (kept, reason) = (Kept::Second, Reason::Priority);
    Conflict { module: module.to_owned(), about: About::Defaults, first, second, kept, reason }
}

/// Adds documents that are not understood, unless they are there already.
fn merge_unknown(from: Vec<Entry<UnknownDocument>>, into: &mut Vec<Entry<UnknownDocument>>) {
    if from.is_empty() {
        return;
    }
    // Forms of scalars that the key does not tell apart do not make two documents of one.
    let key = |entry: &Entry<UnknownDocument>| serde_json::to_string(entry.value()).unwrap_or_default();
    let mut there: HashSet<String> = into.iter().map(key).collect();
    for mut entry in from {
        if there.insert(key(&entry)) {
            entry.added = into.len() as u64;
            into.push(entry);
        }
    }
}

impl ModuleIndex {
    /// Notes on every document which of the merged indexes it is from.
    pub(super) fn number(&mut self, number: u32) {
        fn set<T: Keyed>(entries: &mut BTreeSet<Entry<T>>, number: u32) {
            let numbered = std::mem::take(entries).into_iter().map(|mut entry| {
                entry.origin.index = Some(number);
                entry
            });
            *entries = numbered.collect();
        }
        for module in self.modules.values_mut() {
            set(&mut module.streams, number);
            set(&mut module.obsoletes, number);
            if let Some(defaults) = &mut module.defaults {
                defaults.origin.index = Some(number);
            }
            for translations in module.translations.values_mut() {
                translations.origin.index = Some(number);
            }
        }
        for document in &mut self.unknown {
            document.origin.index = Some(number);
        }
    }
}
