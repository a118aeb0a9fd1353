//! The error type serde asks for. Only a visitor that refuses a value of the right kind makes one.

use std::fmt;

/// What a visitor refused.
#[derive(Debug)]
pub(crate) struct Refused(pub(super) String);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl serde::de::Error for Refused {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}
