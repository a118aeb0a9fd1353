//! The index.

use super::entry::Entry;
use super::module::{Found, Module};
use crate::modulemd::model::{ModuleStream, UnknownDocument};
use crate::modulemd::nsvca::StreamId;
use std::collections::BTreeMap;

/// The module documents of a repository, by module.
///
/// Two indexes are equal if they have equal documents; where those came from does not count.
#[derive(Debug, Clone, Default)]
pub struct ModuleIndex {
    pub(super) modules: BTreeMap<String, Module>,
    /// Documents that are not understood, in the order in which they were added.
    pub(super) unknown: Vec<Entry<UnknownDocument>>,
}

impl PartialEq for ModuleIndex {
    fn eq(&self, other: &Self) -> bool {
        self.modules == other.modules
            && self.unknown.iter().map(Entry::value).eq(other.unknown.iter().map(Entry::value))
    }
}

impl Eq for ModuleIndex {}

impl ModuleIndex {
    /// An empty index.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether there is no document.
    pub fn is_empty(&self) -> bool {
        self.modules.is_empty() && self.unknown.is_empty()
    }

    /// The modules in byte order of their names.
    pub fn modules(&self) -> impl ExactSizeIterator<Item = &Module> {
        self.modules.values()
    }

    /// A module.
    pub fn module(&self, name: &str) -> Option<&Module> {
        self.modules.get(name)
    }

    /// The stream documents of all modules, by module and in the order of the texts of their identities.
    pub fn streams(&self) -> impl Iterator<Item = &ModuleStream> {
        self.modules.values().flat_map(Module::streams)
    }

    /// Documents of an unknown kind or version, in the order in which they were added.
    pub fn unknown_documents(&self) -> impl ExactSizeIterator<Item = &Entry<UnknownDocument>> {
        self.unknown.iter()
    }

    /// The stream document with an identity; parts that are unset there may be anything.
    pub fn get(&self, id: &StreamId) -> Found<'_> {
        self.module(&id.name).map_or(Found::None, |module| module.get(id))
    }

    /// Takes the stream documents with an identity out; parts that are unset there may be anything. A module without
    /// documents goes, too.
    pub fn remove(&mut self, id: &StreamId) -> Vec<Entry<ModuleStream>> {
        let Some(module) = self.modules.get_mut(&id.name) else { return Vec::new() };
        let mut gone = Vec::new();
        for entry in std::mem::take(&mut module.streams) {
            if id.fits(entry.value()) {
                gone.push(entry);
            } else {
                module.streams.insert(entry);
            }
        }
        if module.is_empty() {
            self.modules.remove(&id.name);
        }
        gone
    }

    /// Takes a module out.
    pub fn remove_module(&mut self, name: &str) -> Option<Module> {
        self.modules.remove(name)
    }

    /// Removes `xmd` from every stream document.
    pub fn clear_xmd(&mut self) {
        for module in self.modules.values_mut() {
            let cleared = std::mem::take(&mut module.streams).into_iter().map(|mut entry| {
                entry.value.xmd = None;
                entry
            });
            module.streams = cleared.collect();
        }
    }

    /// The module with a name, made if there is none.
    pub(super) fn module_mut(&mut self, name: &str) -> &mut Module {
        if !self.modules.contains_key(name) {
            self.modules.insert(name.to_owned(), Module::named(name));
        }
        self.modules.get_mut(name).expect("it is there or was just made")
    }
}
