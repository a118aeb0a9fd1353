//! Facts of a whole index.

use super::document::{defaults, obsoletes, translations};
use super::stream::stream;
use mbs_core::modulemd::{Entry, ModuleIndex};
use serde_json::Value;

/// The facts of every document of an index that libmodulemd knows.
pub fn index(index: &ModuleIndex) -> Vec<Value> {
    let mut found = Vec::new();
    for module in index.modules() {
        found.extend(module.defaults().map(defaults));
        found.extend(module.translations().map(|(_, entry)| translations(entry.value())));
        found.extend(module.obsoletes().map(Entry::value).map(obsoletes));
        found.extend(module.streams().map(stream));
    }
    found
}
