//! Where a document of an index came from.

use crate::modulemd::read::Located;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// Where a document came from, as far as that is known. Only for people: indexes that differ in nothing else are equal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Origin {
    /// Number of the merged index, from 0, in the order in which they were given to the merger.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u32>,
    /// Name of the input as given to the reader.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// Number of the document in its input, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<u32>,
    /// Line of the document's first character, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
}

impl Origin {
    /// A place in an input.
    pub fn new(file: impl Into<Arc<str>>, document: usize, line: u32) -> Self {
        Self { index: None, file: Some(file.into()), document: u32::try_from(document).ok(), line: Some(line) }
    }

    pub(crate) fn of<T>(file: &Arc<str>, located: &Located<T>) -> Self {
        Self::new(Arc::clone(file), located.document, located.line)
    }
}

impl fmt::Display for Origin {
    /// `FILE:LINE`, or whatever of it is known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.file, self.line, self.document, self.index) {
            (Some(file), Some(line), ..) => write!(f, "{file}:{line}"),
            (Some(file), None, ..) => write!(f, "{file}"),
            (None, _, Some(document), _) => write!(f, "document {document}"),
            (None, _, None, Some(index)) => write!(f, "index {index}"),
            (None, _, None, None) => f.write_str("a document of unknown origin"),
        }
    }
}
