//! A problem while its document is still being read.

use super::code::Code;
use super::model::Severity;
use crate::modulemd::path::KeyPath;

/// Where a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum At {
    /// A byte of the input.
    Byte(u32),
    /// An entry of the document's tape.
    Entry(u32),
}

/// A problem without line and key path.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) code: Code,
    pub(crate) severity: Severity,
    pub(crate) at: At,
    /// Keys below the place, for what is missing there.
    pub(crate) below: KeyPath,
    pub(crate) message: String,
    pub(crate) found: Option<String>,
    pub(crate) expected: Option<String>,
    pub(crate) hint: Option<String>,
}

impl Problem {
    fn new(code: Code, at: At, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            at,
            below: KeyPath::default(),
            message: message.into(),
            found: None,
            expected: None,
            hint: None,
        }
    }

    pub(crate) fn at_byte(code: Code, position: u32, message: impl Into<String>) -> Self {
        Self::new(code, At::Byte(position), message)
    }

    pub(crate) fn at_entry(code: Code, entry: u32, message: impl Into<String>) -> Self {
        Self::new(code, At::Entry(entry), message)
    }

    pub(crate) fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    pub(crate) fn below(mut self, keys: KeyPath) -> Self {
        self.below = keys;
        self
    }

    pub(crate) fn found(mut self, found: impl Into<String>) -> Self {
        self.found = Some(found.into());
        self
    }

    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(expected.into());
        self
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }
}
