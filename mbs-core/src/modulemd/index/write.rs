//! The text of an index.

use super::model::ModuleIndex;
use super::module::Module;
use crate::modulemd::write::{DocumentRef, write_into};

impl ModuleIndex {
    /// The canonical text: modules in byte order; of each its defaults, its obsoletes in the order of adding, its
    /// translations by stream, and its streams by the texts of their identities. Documents that are not understood
    /// come last. An empty index gives an empty text.
    pub fn write(&self) -> String {
        let mut out = String::new();
        self.write_into(&mut out);
        out
    }

    /// Appends [`ModuleIndex::write`] to a text.
    pub fn write_into(&self, out: &mut String) {
        for document in self.documents() {
            write_into(out, document);
        }
    }

    /// All documents in the order of [`ModuleIndex::write`].
    pub fn documents(&self) -> impl Iterator<Item = DocumentRef<'_>> {
        let unknown = self.unknown_documents().map(|entry| DocumentRef::Unknown(entry.value()));
        self.modules().flat_map(of_module).chain(unknown)
    }
}

fn of_module(module: &Module) -> impl Iterator<Item = DocumentRef<'_>> {
    let defaults = module.defaults().map(DocumentRef::Defaults);
    let obsoletes = module.obsoletes().map(|entry| DocumentRef::Obsoletes(entry.value()));
    let translations = module.translations().map(|(_, entry)| DocumentRef::Translations(entry.value()));
    let streams = module.streams().map(DocumentRef::Stream);
    defaults.into_iter().chain(obsoletes).chain(translations).chain(streams)
}
