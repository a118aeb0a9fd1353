//! Collects findings.

use super::place::Place;
use crate::modulemd::diagnostic::{Code, Severity};
use crate::modulemd::path::KeyPath;

/// A rule that a model breaks.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// Which kind of problem.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// Keys from the document's root.
    pub path: KeyPath,
    /// Whether the last key itself is meant and not its value.
    pub on_key: bool,
    /// What is wrong.
    pub message: String,
    /// What may stand there.
    pub expected: Option<String>,
    /// What to do.
    pub hint: Option<String>,
}

impl Finding {
    pub(super) fn on_key(&mut self) -> &mut Self {
        self.on_key = true;
        self
    }

    pub(super) fn severity(&mut self, severity: Severity) -> &mut Self {
        self.severity = severity;
        self
    }

    pub(super) fn expected(&mut self, expected: impl Into<String>) -> &mut Self {
        self.expected = Some(expected.into());
        self
    }

    pub(super) fn hint(&mut self, hint: impl Into<String>) -> &mut Self {
        self.hint = Some(hint.into());
        self
    }
}

/// Most bytes that long keys take in the paths of one document's findings, but for the last one that begins below
/// that.
const LONG_KEYS: usize = 1 << 20;

/// Collects the findings of one document.
#[derive(Debug)]
pub(crate) struct Checker {
    findings: Vec<Finding>,
    /// Bytes of long keys that further paths may hold.
    room: usize,
    /// Severity of rules that the format itself does not have and that only a build needs.
    pub(super) build_rule: Severity,
    /// Whether excluded streams beside wanted ones are only warned of.
    pub(crate) takes_mixed_streams: bool,
}

impl Checker {
    /// `build`: the document is going to be built, so what only a build needs is an error.
    pub(crate) fn new(build: bool) -> Self {
        Self {
            findings: Vec::new(),
            room: LONG_KEYS,
            build_rule: if build { Severity::Error } else { Severity::Warning },
            takes_mixed_streams: false,
        }
    }

    pub(super) fn error(&mut self, code: Code, place: &Place<'_>, message: impl Into<String>) -> &mut Finding {
        let index = self.findings.len();
        self.findings.push(Finding {
            code,
            severity: Severity::Error,
            path: place.path(&mut self.room),
            on_key: false,
            message: message.into(),
            expected: None,
            hint: None,
        });
        &mut self.findings[index]
    }

    /// Checks rules that count for this document only once it is built.
    pub(super) fn as_build_rules(&mut self, check: impl FnOnce(&mut Self)) {
        let start = self.findings.len();
        check(self);
        for finding in &mut self.findings[start..] {
            finding.severity = finding.severity.min(self.build_rule);
        }
    }

    /// What is allowed, but not good.
    pub(super) fn advise(&mut self, code: Code, place: &Place<'_>, message: impl Into<String>) -> &mut Finding {
        self.error(code, place, message).severity(Severity::Warning)
    }

    /// The findings in the order in which they were made.
    pub(crate) fn finish(self) -> Vec<Finding> {
        self.findings
    }
}
