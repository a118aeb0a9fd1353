//! How much of an earlier build may be taken.

use crate::NameError;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How much of an earlier build may be taken. The names are the original service's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RebuildStrategy {
    /// Everything is built.
    All,
    /// What has changed is built, and everything in later batches.
    #[default]
    ChangedAndAfter,
    /// Only what has changed is built.
    OnlyChanged,
}

impl RebuildStrategy {
    /// All strategies.
    pub const ALL: [Self; 3] = [Self::All, Self::ChangedAndAfter, Self::OnlyChanged];

    /// Whether this is the strategy of whoever names none.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "the form that serde calls")]
    pub(crate) fn is_default(&self) -> bool {
        *self == Self::default()
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::ChangedAndAfter => "changed-and-after",
            Self::OnlyChanged => "only-changed",
        }
    }
}

impl fmt::Display for RebuildStrategy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for RebuildStrategy {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        Self::ALL.into_iter().find(|one| one.name() == text).ok_or_else(|| NameError {
            kind: "rebuild strategy",
            text: text.to_owned(),
            problem: "is none of `all`, `changed-and-after`, `only-changed`",
        })
    }
}
