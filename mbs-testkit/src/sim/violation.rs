//! What a run must never show.

use mbs_core::BuildId;

/// A rule that was broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("build {build}: {rule}: {detail}")]
pub struct Violation {
    /// The build; 0 for all of them.
    pub build: BuildId,
    /// The rule, as a sentence.
    pub rule: &'static str,
    /// What was seen.
    pub detail: String,
}

impl Violation {
    /// A broken rule.
    pub(super) fn new(build: BuildId, rule: &'static str, detail: impl Into<String>) -> Self {
        Self { build, rule, detail: detail.into() }
    }
}
