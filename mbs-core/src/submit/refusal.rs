//! What kind of answer a refused submission is.

use std::fmt;

/// What kind of answer a refused submission is; a service maps it to a status of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RefusalKind {
    /// The request or the document is not as it has to be.
    Validation,
    /// Nobody knows who asks.
    Unauthorized,
    /// Whoever asks may not, or the configuration allows nobody to.
    Forbidden,
    /// What the request names does not exist.
    NotFound,
    /// What is asked for exists already, in a state that does not allow it again.
    Conflict,
    /// Well formed, but it cannot be done: a dependency or a source is missing.
    Unprocessable,
}

impl RefusalKind {
    /// The status of HTTP.
    pub fn http_status(self) -> u16 {
        match self {
            Self::Validation => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::Conflict => 409,
            Self::Unprocessable => 422,
        }
    }

    /// The name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Validation => "validation",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not found",
            Self::Conflict => "conflict",
            Self::Unprocessable => "unprocessable",
        }
    }
}

impl fmt::Display for RefusalKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}
