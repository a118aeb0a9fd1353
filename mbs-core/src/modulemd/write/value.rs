//! A document as a free value.

use super::document::{DocumentRef, write};
use crate::modulemd::de::from_node;
use crate::modulemd::diagnostic::Sink;
use crate::modulemd::limits::Limits;
use crate::modulemd::model::Value;
use crate::modulemd::yaml::builder::Budget;
use crate::modulemd::yaml::documents::Documents;
use crate::modulemd::yaml::tape::Tape;

/// Why a document is no free value. Only a document that a program made, or one at the very edge of the limits, is not.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the document cannot be read back: {problem}; make it smaller or less deep")]
#[non_exhaustive]
pub struct ToValueError {
    /// What the reader says about its text.
    pub problem: String,
}

/// A document with the keys and values of its canonical text: `document`, `version`, `data`, and unknown keys in their
/// places. Scalars keep their text; serialized, it is the form of documents for programs.
///
/// # Errors
/// If the canonical text is above what the reader takes: [`Limits::DEEPEST`] levels, 2 GiB, or, in a document with keys
/// above 900 bytes, [`Limits::blanks`] of the default limits.
///
/// ```
/// use mbs_core::modulemd::{Defaults, to_value};
///
/// let defaults = Defaults { module: "app".to_owned(), stream: Some("5.10".to_owned()), ..Defaults::default() };
/// let value = to_value(&defaults).expect("a small document");
/// let data = value.get("data").expect("content");
/// assert_eq!(data.get("stream").and_then(|stream| stream.as_str()), Some("5.10"));
/// ```
pub fn to_value<'d>(document: impl Into<DocumentRef<'d>>) -> Result<Value, ToValueError> {
    let document = document.into();
    if let DocumentRef::Unknown(document) = document {
        return Ok(document.root.clone());
    }
    let text = write(document);
    let limits = Limits::default().with_depth(Limits::DEEPEST);
    let refused = |problem: String| ToValueError { problem };
    // Positions count in 31 bits.
    if i32::try_from(text.len()).is_err() {
        return Err(refused(format!("its text has {} bytes", text.len())));
    }
    let mut tape = Tape::new();
    let mut budget = Budget::new(limits);
    if let Some(Err(problem)) = Documents::new(&text, 0, &mut budget).next(&mut tape) {
        return Err(refused(problem.message));
    }
    let root = tape.root().ok_or_else(|| refused("its text is empty".to_owned()))?;
    Ok(from_node(root, &Sink::new(false, limits.problems)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::modulemd::{Document, KeyPath, ReadOptions, read};
    use serde_json::json;

    fn read_lenient(text: &str) -> Document {
        let mut reading = read(text.as_bytes(), "x", &ReadOptions::lenient());
        assert_eq!(reading.documents.len(), 1, "{:#?}", reading.diagnostics);
        reading.documents.remove(0).value
    }

    #[test]
    fn a_document_is_what_its_text_says_with_unknown_keys_and_scalars_as_written() {
        let long = "k".repeat(2_000);
        let text = format!(
            "document: modulemd\nversion: 2\nextra: 0x1F\ndata:\n  stream: 5.10\n  version: 18446744073709551615\n  \
             summary: S\n  description: D\n  license: {{module: [MIT], more: +5}}\n  xmd: {{a: 5.10, b: TRUE, \
             c: 18446744073709551616, d: \"1\", ? {long} : [{{}}, []]}}\n"
        );
        let document = read_lenient(&text);
        let value = to_value(&document).expect("a value");
        assert_eq!(
            serde_json::to_value(&value).expect("JSON"),
            json!({"document": "modulemd", "version": 2, "extra": "0x1F", "data": {
                "stream": "5.10", "version": u64::MAX, "summary": "S", "description": "D",
                "license": {"module": ["MIT"], "more": "+5"},
                "xmd": {"a": "5.10", "b": true, "c": "18446744073709551616", "d": "1", long: [{}, []]},
            }})
        );
        let unknown = read_lenient("document: future\nversion: 1\nk: 1e3\n");
        assert!(matches!(&unknown, Document::Unknown(one) if to_value(&unknown).as_ref() == Ok(&one.root)));
    }

    #[test]
    fn what_is_too_deep_to_be_read_is_refused() {
        let mut document = read_lenient("document: modulemd-defaults\nversion: 1\ndata: {module: a}\n");
        let deep = (0..300).fold(Value::from("x"), |inside, _| Value::List(vec![inside]));
        document.unknown_keys_mut().expect("defaults").insert(&KeyPath::new(["data", "deep"]), deep);
        let refused = to_value(&document).expect_err("too deep").to_string();
        assert!(refused.contains("nested more than 200 levels deep"), "{refused}");
    }
}
