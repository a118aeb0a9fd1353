//! One value on its own, as text.

use super::de::Decoder;
use super::error::XmlError;
use super::lexer::Lexer;
use super::limits::Limits;
use super::ser::Encoder;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One value as text, `<value>` and `</value>` included: an argument that is ready to be sent.
///
/// `Debug` tells its length only, because it may be a password.
#[derive(Clone, PartialEq, Eq)]
pub struct Fragment(String);

impl Fragment {
    /// Writes a value.
    ///
    /// # Errors
    /// [`XmlError::Unencodable`] for what XML-RPC has no form for.
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Result<Self, XmlError> {
        let mut text = String::new();
        value.serialize(Encoder { out: &mut text })?;
        Ok(Self(text))
    }

    /// A value that is written already.
    pub(in crate::rpc) fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Fragment {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Fragment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fragment({} bytes)", self.0.len())
    }
}

/// Reads one value that stands alone, as [`Fragment`] writes it.
///
/// # Errors
/// [`XmlError`] if it is none, or of another type.
pub fn decode_fragment<'de, T: Deserialize<'de>>(text: &'de str, limits: &Limits) -> Result<T, XmlError> {
    let mut decoder = Decoder::new(Lexer::new(text, *limits)?);
    let value = T::deserialize(&mut decoder)?;
    decoder.lexer.finish()?;
    Ok(value)
}
