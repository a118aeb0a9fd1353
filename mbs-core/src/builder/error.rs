//! Errors of builders: each says whether to try again and whose fault it is.

use crate::Failure;
use std::time::Duration;

/// Whether a call that failed should be made again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// It would fail again.
    Never,
    /// After this time, or later.
    After(Duration),
    /// It was tried often enough inside the builder.
    Exhausted,
}

/// Why a call to a builder failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BuilderError {
    /// The request itself is wrong, or the machine can never serve it.
    #[error("{0}")]
    Refused(Failure),
    /// Something outside does not work at the moment.
    #[error("{reason}")]
    Unavailable {
        /// What does not work; without credentials.
        reason: String,
        /// How long to wait at least; none leaves it to the caller.
        after: Option<Duration>,
    },
    /// Something outside does not work and has been tried often enough.
    #[error("{reason} (given up after {tries} tries)")]
    Exhausted {
        /// What does not work; without credentials.
        reason: String,
        /// How often it was tried.
        tries: u32,
    },
    /// The builder does not have this ability.
    #[error("backend `{backend}` cannot {what}")]
    Unsupported {
        /// Name of the backend.
        backend: String,
        /// The ability, as a verb.
        what: &'static str,
    },
}

impl BuilderError {
    /// An outage that may pass.
    pub fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable { reason: reason.into(), after: None }
    }

    /// Whether the call should be made again.
    pub fn retry(&self) -> Retry {
        match self {
            Self::Refused(_) | Self::Unsupported { .. } => Retry::Never,
            Self::Unavailable { after, .. } => Retry::After(after.unwrap_or(Duration::from_secs(1))),
            Self::Exhausted { .. } => Retry::Exhausted,
        }
    }

    /// What is stored if the build fails of it.
    pub fn failure(&self) -> Failure {
        match self {
            Self::Refused(failure) => failure.clone(),
            Self::Unavailable { .. } | Self::Exhausted { .. } => Failure::infra(self.to_string()),
            Self::Unsupported { .. } => Failure::user(self.to_string()),
        }
    }
}
