//! The documents of a file: which one is edited.

use super::error::EditError;
use crate::modulemd::diagnostic::Sink;
use crate::modulemd::input::Compression;
use crate::modulemd::limits::Limits;
use crate::modulemd::yaml::builder::Budget;
use crate::modulemd::yaml::documents::Documents;
use crate::modulemd::yaml::guard;
use crate::modulemd::yaml::input::Input;
use crate::modulemd::yaml::lines::Lines;
use crate::modulemd::yaml::tape::{Node, Tape, shorten};
use std::fmt;
use std::ops::Range;

/// What a document says about itself, for choosing among several.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DocumentHead {
    /// Number of the document, from 0.
    pub number: usize,
    /// Line of its first character, from 1.
    pub line: u32,
    /// The value of `document`, if it can be read.
    pub kind: Option<String>,
    /// The values of `data.name` (or `data.module`) and `data.stream`, as far as they are there.
    pub name: Option<String>,
}

impl fmt::Display for DocumentHead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (line {}, {}", self.number, self.line, self.kind.as_deref().unwrap_or("of no known kind"))?;
        if let Some(name) = &self.name {
            write!(f, " `{name}`")?;
        }
        f.write_str(")")
    }
}

/// Where a document is.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The chunk of the file that holds it.
    pub(super) chunk: Range<usize>,
    /// Its number in the chunk.
    pub(super) inside: usize,
    /// Its number in the file.
    pub(super) number: usize,
}

/// Finds the document to edit.
pub(super) fn choose(bytes: &[u8], file: &str, wanted: Option<usize>) -> Result<Place, EditError> {
    let file = file.to_owned();
    if matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..]) {
        return Err(EditError::Utf16 { file });
    }
    if let Some(compression) = Compression::of(bytes) {
        return Err(EditError::Compressed { file, compression });
    }
    let limits = Limits::default();
    // Of several documents none is chosen without a number, so the first is the only one that can be it.
    let is_wanted = |number| wanted.unwrap_or(0) == number;
    let mut heads = Vec::new();
    let mut found = None;
    let input = Input::decode(bytes);
    let mut lines = Lines::new(bytes);
    let (mut budget, mut tape) = (Budget::new(limits), Tape::new());
    // Positions fit 32 bits below this limit.
    if bytes.len() > limits.bytes {
        return Err(EditError::Unsupported {
            path: crate::modulemd::KeyPath::default(),
            line: 1,
            why: "the file is larger than the reader's limit",
        });
    }
    for (start, end) in input.chunks() {
        let base = u32::try_from(start).unwrap_or(u32::MAX);
        let place = |inside, number| Place { chunk: start..end, inside, number };
        let Ok(text) = std::str::from_utf8(&bytes[start..end]) else {
            let number = heads.len();
            if is_wanted(number) {
                found = Some((place(0, number), Some(EditError::Encoding { file: file.clone(), document: number })));
            }
            heads.push(DocumentHead { number, line: lines.find(base).0, kind: None, name: None });
            continue;
        };
        let mut documents = Documents::new(text, base, &mut budget);
        let mut inside = 0;
        while let Some(result) = documents.next(&mut tape) {
            let number = heads.len();
            let (at, kind, name, error) = match result {
                Ok(()) => {
                    let (kind, name) = head(&tape);
                    (tape.span.0, kind, name, None)
                }
                Err(problem) => (base, None, None, Some(*problem)),
            };
            // The layout comes from the general parser, also where the fast scanner has read the chunk.
            let unguarded = is_wanted(number) && inside == 0;
            let error = error.or_else(|| unguarded.then(|| guard::check(text, base, &limits).err().map(|one| *one))?);
            let error = error.and_then(|problem| {
                let sink = Sink::new(true, 1);
                sink.push(problem);
                let diagnostic = sink.finish(None, &mut lines, &file, number).into_iter().next();
                diagnostic.map(|diagnostic| EditError::Syntax(Box::new(diagnostic)))
            });
            if is_wanted(number) {
                found = Some((place(inside, number), error));
            }
            heads.push(DocumentHead { number, line: lines.find(at).0, kind, name });
            inside += 1;
        }
    }
    let documents = heads.len();
    match (wanted, found) {
        (None, Some(_)) if documents > 1 => Err(EditError::Ambiguous { file, documents: heads }),
        (_, Some((place, None))) => Ok(place),
        (_, Some((_, Some(error)))) => Err(error),
        _ => Err(EditError::NoDocument { file, number: wanted.unwrap_or(0), documents }),
    }
}

/// The text of `document`, and name and stream from `data`.
fn head(tape: &Tape<'_>) -> (Option<String>, Option<String>) {
    let Some(root) = tape.root().and_then(Node::pairs) else { return (None, None) };
    let get = |key| root.clone().find(|(found, _)| found.scalar() == Some(key)).map(|(_, value)| value);
    let data = get("data").and_then(Node::pairs);
    let text = |key| {
        let pairs = data.clone()?;
        let text = pairs.into_iter().find(|(found, _)| found.scalar() == Some(key))?.1.scalar()?;
        Some(shorten(text))
    };
    let name = match (text("name").or_else(|| text("module")), text("stream")) {
        (Some(name), Some(stream)) => Some(format!("{name}:{stream}")),
        (name, stream) => name.or(stream.map(|stream| format!(":{stream}"))),
    };
    (get("document").and_then(Node::scalar).map(shorten), name)
}
