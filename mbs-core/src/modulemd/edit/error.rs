//! Why an edit is refused.

use super::documents::DocumentHead;
use crate::modulemd::diagnostic::Diagnostic;
use crate::modulemd::input::Compression;
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::tape::shorten;

/// Why a text was not changed. Whatever it is: nothing was changed then.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// UTF-16 is read, but not edited.
    #[error("`{file}` is UTF-16; only UTF-8 can be edited in place (`iconv -f UTF-16 -t UTF-8` converts it)")]
    Utf16 {
        /// Name of the file.
        file: String,
    },
    /// Compressed files are read, but not edited.
    #[error("`{file}` is compressed ({compression}); only plain text can be edited in place: unpack it first")]
    Compressed {
        /// Name of the file.
        file: String,
        /// How it is compressed.
        compression: Compression,
    },
    /// The document is not valid UTF-8.
    #[error("document {document} of `{file}` is not valid UTF-8: save it as UTF-8 first")]
    Encoding {
        /// Name of the file.
        file: String,
        /// Number of the document, from 0.
        document: usize,
    },
    /// The document is not YAML, or exceeds a limit of the reader.
    #[error("document {} of `{}` cannot be read: {} (line {}, column {})",
        .0.document, .0.file, .0.message, .0.line, .0.column)]
    Syntax(Box<Diagnostic>),
    /// The file holds no document of this number.
    #[error("`{file}` has no document {number}; {}", count(*.documents))]
    NoDocument {
        /// Name of the file.
        file: String,
        /// The number, from 0.
        number: usize,
        /// How many documents there are.
        documents: usize,
    },
    /// The file holds several documents, and none was chosen.
    #[error("`{file}` has {} documents, choose one by its number: {}", .documents.len(), list(.documents))]
    Ambiguous {
        /// Name of the file.
        file: String,
        /// The documents.
        documents: Vec<DocumentHead>,
    },
    /// Nothing stands at the path.
    #[error("there is no `{path}` (looked for in line {line}){}", meant(.near))]
    Absent {
        /// The path.
        path: KeyPath,
        /// Line of the deepest value on the way to it.
        line: u32,
        /// Similar keys that are there.
        near: Vec<String>,
    },
    /// There is no such component.
    #[error("there is no component `{name}`{}", meant(.near))]
    NoComponent {
        /// The name asked for.
        name: String,
        /// Components with similar names.
        near: Vec<String>,
    },
    /// A package and a module among the components have the same name.
    #[error("`{name}` is the name of a package and of a module component: name the path of the one you mean")]
    TwoComponents {
        /// The name asked for.
        name: String,
    },
    /// What is to be added is there already.
    #[error("`{path}` is there already, in line {line}")]
    Exists {
        /// Where it is.
        path: KeyPath,
        /// Its line.
        line: u32,
    },
    /// The same key stands several times in a map.
    #[error("`{path}` stands there several times, in lines {}: remove all but one first", numbers(.lines))]
    Duplicate {
        /// The path.
        path: KeyPath,
        /// Lines of the keys.
        lines: Vec<u32>,
    },
    /// The value is of another kind than the edit needs.
    #[error("`{path}` in line {line} is {found}, not {expected}")]
    Kind {
        /// The path.
        path: KeyPath,
        /// Its line.
        line: u32,
        /// What it is.
        found: &'static str,
        /// What is needed.
        expected: &'static str,
    },
    /// A text was to be added where this kind of document has no list.
    #[error("`{path}` holds no list in this kind of document, so nothing can be added to it; set its value instead")]
    NoList {
        /// The path.
        path: KeyPath,
    },
    /// A value for a field of another kind.
    #[error("`{}` is no value of `{path}`: expected {expected}", shorten(.text))]
    Value {
        /// The path.
        path: KeyPath,
        /// The text.
        text: String,
        /// What is expected there.
        expected: &'static str,
    },
    /// The value has an anchor, and an alias elsewhere stands for the same value.
    #[error(
        "`{path}` has the anchor `&{anchor}`, and line {alias_line} uses it: a change here would change both places; \
             replace the alias there by a value of its own first"
    )]
    Shared {
        /// The value with the anchor.
        path: KeyPath,
        /// The anchor.
        anchor: String,
        /// Line of the first alias.
        alias_line: u32,
    },
    /// The way to the value goes through an alias.
    #[error(
        "`{path}` in line {line} is the alias `*{anchor}`: what is inside it stands elsewhere and would change there \
             too; replace the alias by a value of its own first"
    )]
    Aliased {
        /// The alias.
        path: KeyPath,
        /// Its line.
        line: u32,
        /// The anchor it names.
        anchor: String,
    },
    /// The value comes out of a merge key `<<`.
    #[error("`{path}` comes from the merge key `<<` in line {line} and does not stand there itself")]
    Merged {
        /// The path.
        path: KeyPath,
        /// Line of the merge key.
        line: u32,
    },
    /// The value has a tag that would type the new one.
    #[error("`{path}` in line {line} has the tag `{tag}`: remove the tag first")]
    Tagged {
        /// The path.
        path: KeyPath,
        /// Its line.
        line: u32,
        /// The tag.
        tag: String,
    },
    /// The text is written in a way that this editor does not change.
    #[error("`{path}` in line {line} cannot be changed in place: {why}")]
    Unsupported {
        /// The path.
        path: KeyPath,
        /// Its line.
        line: u32,
        /// What stands in the way.
        why: &'static str,
    },
    /// The changed text did not read as the wanted change. A bug of this library, which is why nothing was changed.
    #[error(
        "the change of `{path}` is not done: the new text would not read as exactly this change; this is a bug in mbs, \
             please report it with the file"
    )]
    Inconsistent {
        /// What was to be changed.
        path: KeyPath,
    },
}

fn count(documents: usize) -> String {
    match documents {
        0 => "it has none".to_owned(),
        1 => "it has one, number 0".to_owned(),
        more => format!("it has {more}, counted from 0"),
    }
}

fn list(documents: &[DocumentHead]) -> String {
    documents.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn meant(near: &[String]) -> String {
    let shown: Vec<String> = near.iter().map(|name| format!("`{name}`")).collect();
    if shown.is_empty() { String::new() } else { format!("; did you mean {}?", shown.join(" or ")) }
}

fn numbers(lines: &[u32]) -> String {
    lines.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}
