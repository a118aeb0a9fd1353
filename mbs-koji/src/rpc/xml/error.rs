//! Errors of the codec.

use serde::de::{Expected, Unexpected};
use std::fmt::Display;

/// Why a text is no XML-RPC, or not of the wanted type; or why a value cannot be written.
///
/// No message holds a text or a number out of the answer, because it may be the key of a session. The title of an HTML page
/// and the name of an element are told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum XmlError {
    /// There is nothing at all.
    #[error("found nothing, expected XML-RPC")]
    Empty,
    /// Something that is no XML-RPC: a page of a proxy, a plain text.
    #[error("found {found}, expected XML-RPC")]
    Foreign {
        /// What it looks like.
        found: String,
    },
    /// The text ends too early.
    #[error("cut off after {offset} bytes, before the end of `{missing}`")]
    Cut {
        /// Length of the text in bytes.
        offset: usize,
        /// The element that does not end.
        missing: String,
    },
    /// Not UTF-8.
    #[error("not UTF-8 at byte {offset}")]
    NotUtf8 {
        /// Where, from 0.
        offset: usize,
    },
    /// Not well-formed.
    #[error("malformed XML at byte {offset}: {detail}")]
    Malformed {
        /// Where, from 0.
        offset: usize,
        /// What is wrong.
        detail: String,
    },
    /// Well-formed, but against the rules of XML-RPC.
    #[error("found {found} at byte {offset}, expected {expected}")]
    Unexpected {
        /// Where, from 0.
        offset: usize,
        /// What is there.
        found: String,
        /// What should be there.
        expected: &'static str,
    },
    /// Correct XML-RPC of another type than wanted.
    #[error("{}{detail}", place(path))]
    Mismatch {
        /// Member names and indexes that lead to the value, as in `[1].extra.source`; empty for the whole answer.
        path: String,
        /// What was found and what was expected.
        detail: String,
    },
    /// Nested too deep.
    #[error("nested deeper than {limit} levels at byte {offset}")]
    TooDeep {
        /// Where, from 0.
        offset: usize,
        /// How deep is allowed.
        limit: usize,
    },
    /// Too long.
    #[error("{size} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Length in bytes.
        size: usize,
        /// How long is allowed.
        limit: usize,
    },
    /// The value cannot be written as XML-RPC.
    #[error("cannot be sent: {detail}")]
    Unencodable {
        /// Why not.
        detail: String,
    },
}

fn place(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!("`{path}`: ") }
}

impl XmlError {
    /// Is the text damaged or foreign, so that another attempt may bring a good one? Not so for a type that differs or a
    /// limit.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Self::Empty | Self::Foreign { .. } | Self::Cut { .. } | Self::NotUtf8 { .. } | Self::Malformed { .. }
        )
    }

    /// The same error inside a member of a struct.
    pub(super) fn in_member(self, name: &str) -> Self {
        self.below(|path| match path.chars().next() {
            None | Some('[') => format!("{name}{path}"),
            Some(_) => format!("{name}.{path}"),
        })
    }

    /// The same error inside an item of an array.
    pub(super) fn in_item(self, index: usize) -> Self {
        self.below(|path| match path.chars().next() {
            None | Some('[') => format!("[{index}]{path}"),
            Some(_) => format!("[{index}].{path}"),
        })
    }

    fn below(self, longer: impl FnOnce(&str) -> String) -> Self {
        match self {
            Self::Mismatch { path, detail } => Self::Mismatch { path: longer(&path), detail },
            other => other,
        }
    }

    fn mismatch(detail: String) -> Self {
        Self::Mismatch { path: String::new(), detail }
    }
}

/// The kind of a value, without the value itself.
fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a float",
        Unexpected::Char(_) | Unexpected::Str(_) => "a text",
        Unexpected::Bytes(_) => "bytes",
        Unexpected::Unit | Unexpected::Option => "nil",
        Unexpected::Seq => "an array",
        Unexpected::Map => "a struct",
        _ => "something else",
    }
}

impl serde::de::Error for XmlError {
    fn custom<T: Display>(message: T) -> Self {
        Self::mismatch(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch(format!("found {}, expected {expected}", kind(&found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::mismatch(format!("found {} out of range, expected {expected}", kind(&found)))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        Self::mismatch(format!("found another word, expected one of `{}`", expected.join("`, `")))
    }
}

impl serde::ser::Error for XmlError {
    fn custom<T: Display>(message: T) -> Self {
        Self::Unencodable { detail: message.to_string() }
    }
}
