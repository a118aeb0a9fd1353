//! Tests of the index through its public side.

mod adding;
mod differences;
mod life;
mod merge_properties;
mod merge_table;
mod searching;

use crate::modulemd::{Conflict, IndexReading, ModuleIndex, ReadOptions};

/// Reads an index from documents in any form.
fn reading(text: &str) -> IndexReading {
    let reading = ModuleIndex::from_text(text, "modules.yaml", &ReadOptions::lenient());
    let errors: Vec<_> = reading.diagnostics.iter().filter(|one| one.is_error()).collect();
    assert!(errors.is_empty(), "{errors:#?}\n{text}");
    reading
}

/// Reads an index in which nothing is refused.
fn index(text: &str) -> ModuleIndex {
    let reading = reading(text);
    assert_eq!(reading.refused, []);
    reading.index
}

/// The text of a stream document in version 2, of `NAME:STREAM:VERSION:CONTEXT:ARCH` and further keys.
fn stream(id: &str, more: &str) -> String {
    let keys = ["name", "stream", "version", "context", "arch"];
    let parts = keys.iter().zip(id.split(':')).filter(|(_, part)| !part.is_empty());
    let parts: Vec<String> = parts.map(|(key, part)| format!("{key}: \"{part}\"")).collect();
    format!(
        "---\n{{document: modulemd, version: 2, data: {{{}, summary: S, description: D, license: {{module: [MIT]}}{}{more}}}}}\n",
        parts.join(", "),
        if more.is_empty() { "" } else { ", " },
    )
}

/// The text of any other document, of its kind and the keys below `data`.
fn other(kind: &str, data: &str) -> String {
    format!("---\n{{document: modulemd-{kind}, version: 1, data: {{{data}}}}}\n")
}

fn texts(conflicts: &[Conflict]) -> Vec<String> {
    conflicts.iter().map(Conflict::to_string).collect()
}
