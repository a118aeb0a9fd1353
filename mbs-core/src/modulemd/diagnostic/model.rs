//! The diagnostic as callers see it.

use super::code::Code;
use serde::Serialize;

/// Whether a problem makes its document unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The document is usable; something deserves a look.
    Warning,
    /// The document is not handed out.
    Error,
}

/// One problem at its place in the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Stable code, such as `MD0201`; [`super::explain`] tells more.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// The input's name as given to the reader.
    pub file: String,
    /// Number of the document in the input, from 0; bad documents count.
    pub document: usize,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// Keys from the root to the place, such as `data.components.rpms.libgauge.buildafter[0]`; empty at the root and
    /// where the text is not YAML. Of a key above 200 characters, only these are shown.
    pub key_path: String,
    /// What is wrong; a fragment without a period.
    pub message: String,
    /// What stands there, where that helps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub found: Option<String>,
    /// What may stand there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Diagnostic {
    /// Whether this is an error.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}
