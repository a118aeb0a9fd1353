//! The text of an index.

use super::entry::Entry;
use super::model::ModuleIndex;
use crate::modulemd::write::write_into;

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
        for module in self.modules() {
            if let Some(defaults) = module.defaults() {
                write_into(out, defaults);
            }
            for obsoletes in module.obsoletes() {
                write_into(out, obsoletes.value());
            }
            for (_, translations) in module.translations() {
                write_into(out, translations.value());
            }
            for stream in module.streams() {
                write_into(out, stream);
            }
        }
        for document in self.unknown_documents().map(Entry::value) {
            write_into(out, document);
        }
    }
}
