//! The modulemd reader: its rules, and libmodulemd beside it.

mod changed;
mod converted;
mod encoded;
mod json_schema;
mod listed;
mod merged;
mod peer_rules;
mod rules;
mod schema;
mod written;

use mbs_core::modulemd::{Document, ReadOptions, Reading, read};
use mbs_tests::modulemd::facts;
use serde_json::Value;

/// What our reader makes of a text.
fn ours(text: &str, strict: bool) -> Reading {
    let options = if strict { ReadOptions::strict() } else { ReadOptions::lenient() };
    read(text.as_bytes(), "case.yaml", &options)
}

/// The facts of the documents, in the order of the text; documents of unknown kinds have none.
fn our_facts(reading: &Reading) -> Vec<Value> {
    facts::with_intents(reading.documents.iter().filter_map(|one| facts::document(&one.value)).collect(), &[])
}

/// Whether the input is one packager's document, which libmodulemd takes into no index.
fn is_packager(reading: &Reading, text: &str) -> bool {
    let kind = |document: &Document| matches!(document, Document::PackagerV2(_) | Document::PackagerV3(_));
    match reading.documents.as_slice() {
        [one] => kind(&one.value),
        [] => text.contains("document: modulemd-packager"),
        _ => false,
    }
}
