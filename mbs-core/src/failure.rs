//! Whose fault a failure is, and what is told about it.

use serde::{Deserialize, Serialize};

/// Who has to act on a failure. The three words are those of the original service's failure types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blame {
    /// The packager: a spec, a ref, a dependency, a cancel.
    User,
    /// Whoever runs the machines: network, disk, backend.
    Infra,
    /// Not known.
    #[serde(rename = "unspec")]
    Unspecified,
}

impl std::fmt::Display for Blame {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::User => "user",
            Self::Infra => "infra",
            Self::Unspecified => "unspec",
        })
    }
}

/// Why something ended badly, as it is stored and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// Whose fault it is.
    pub blame: Blame,
    /// A sentence fragment for people, without credentials.
    pub reason: String,
    /// The log that tells more: a path or an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
}

impl Failure {
    /// A failure the packager can mend.
    pub fn user(reason: impl Into<String>) -> Self {
        Self { blame: Blame::User, reason: reason.into(), log: None }
    }

    /// A failure of machines or services.
    pub fn infra(reason: impl Into<String>) -> Self {
        Self { blame: Blame::Infra, reason: reason.into(), log: None }
    }

    /// The same failure with the log that tells more.
    pub fn with_log(mut self, log: impl Into<String>) -> Self {
        self.log = Some(log.into());
        self
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.reason)
    }
}
