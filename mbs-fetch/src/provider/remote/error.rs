//! Why a build service has no usable answer.

use mbs_core::source::SourceError;
use mbs_core::{Blame, NameError};

/// Why a build service has no usable answer. Addresses in it are without credentials.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RemoteError {
    /// The network or the server, also after retries.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The service refuses the question.
    #[error("`{address}` answered {status}{}", message.as_ref().map(|text| format!(": {text}")).unwrap_or_default())]
    Status {
        /// The question.
        address: String,
        /// The status.
        status: u16,
        /// What it said, if that was an error of a build service.
        message: Option<String>,
    },
    /// The answer is not JSON.
    #[error(
        "`{address}` answered with {found}, expected JSON of a build service ({problem}); is the address that of one?"
    )]
    NotJson {
        /// The question.
        address: String,
        /// What it looks like.
        found: &'static str,
        /// Why it is not JSON.
        problem: String,
    },
    /// The answer is JSON of another kind.
    #[error("in the answer of `{address}`, `{key}` is {found}, expected {expected}")]
    Shape {
        /// The question.
        address: String,
        /// Path of the value.
        key: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
    /// A build of the answer cannot be named.
    #[error("in the answer of `{address}`, `{key}`: {source}")]
    Identity {
        /// The question.
        address: String,
        /// Path of the build.
        key: String,
        /// What is wrong.
        source: NameError,
    },
    /// The answer does not end.
    #[error("`{address}` has more than {limit} pages; ask for fewer states, or allow more pages")]
    Endless {
        /// The question.
        address: String,
        /// The limit.
        limit: u32,
    },
}

impl RemoteError {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Source(error) => error.blame(),
            _ => Blame::User,
        }
    }
}
