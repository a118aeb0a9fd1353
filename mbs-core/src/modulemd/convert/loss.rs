//! What a conversion leaves behind.

use super::error::ConvertError;
use crate::modulemd::model::UnknownKeys;
use crate::modulemd::path::{KeyPath, Step};
use std::fmt;

/// A fact of a document that the new kind of document cannot hold.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Loss {
    /// Where it stood in the old document.
    pub path: KeyPath,
    /// Why it cannot be held; a fragment.
    pub reason: &'static str,
}

impl Loss {
    pub(super) fn new<'k>(path: impl IntoIterator<Item = &'k str>, reason: &'static str) -> Self {
        Self { path: KeyPath::new(path), reason }
    }
}

impl fmt::Display for Loss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.reason)
    }
}

/// What became of a document, and what did not come along.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Converted<T> {
    /// The new document.
    pub value: T,
    /// Facts that it does not hold, in the order of its keys.
    pub losses: Vec<Loss>,
}

impl<T> Converted<T> {
    pub(super) fn whole(value: T) -> Self {
        Self { value, losses: Vec::new() }
    }

    pub(super) fn new(value: T, losses: Vec<Loss>) -> Self {
        Self { value, losses }
    }

    pub(crate) fn into_parts(self) -> (T, Vec<Loss>) {
        (self.value, self.losses)
    }

    /// The new document, if nothing was lost.
    ///
    /// # Errors
    /// [`ConvertError::Lossy`] with everything that the new document does not hold.
    pub fn lossless(self) -> Result<T, ConvertError> {
        if self.losses.is_empty() { Ok(self.value) } else { Err(ConvertError::Lossy(self.losses)) }
    }

    /// Goes on with the new document.
    pub(super) fn then<U>(
        self,
        next: impl FnOnce(T) -> Result<Converted<U>, ConvertError>,
    ) -> Result<Converted<U>, ConvertError> {
        let mut further = next(self.value)?;
        further.losses.splice(0..0, self.losses);
        Ok(further)
    }

    /// The same losses with another value.
    pub fn map<U>(self, next: impl FnOnce(T) -> U) -> Converted<U> {
        Converted { value: next(self.value), losses: self.losses }
    }
}

/// Takes out unknown keys directly below `data` that the new kind of document knows: as part of it they would be read
/// for what they never were.
pub(super) fn drop_unknown(unknown: &mut UnknownKeys, keys: &[&str], reason: &'static str, losses: &mut Vec<Loss>) {
    for key in keys {
        let path = [Step::Key("data".to_owned()), Step::Key((*key).to_owned())];
        if unknown.remove(&path) {
            losses.push(Loss::new(["data", key], reason));
        }
    }
}
