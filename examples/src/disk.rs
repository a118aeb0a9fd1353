//! Values in files that are whole or absent.

use mbs_core::builder::BuilderError;
use serde::{Serialize, de::DeserializeOwned};
use std::fmt::Display;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{fs, io};

/// A folder of values, by kind and name. A name may have slashes.
pub struct Disk(pub PathBuf);

impl Disk {
    /// Where a value is.
    pub fn path(&self, kind: &str, name: impl Display) -> PathBuf {
        self.0.join(kind).join(format!("{name}.json"))
    }

    /// Reads a value; none if it was never written.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn read<T: DeserializeOwned>(&self, kind: &str, name: impl Display) -> Result<Option<T>, BuilderError> {
        let path = self.path(kind, name);
        let text = match fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(unavailable(&path, &error)),
        };
        serde_json::from_slice(&text).map(Some).map_err(|error| unavailable(&path, &error.into()))
    }

    /// Writes a value: a killed process leaves the old one or the new one, never half of it.
    ///
    /// # Errors
    /// If the disk fails.
    pub fn write<T: Serialize>(&self, kind: &str, name: impl Display, value: &T) -> Result<(), BuilderError> {
        let path = self.path(kind, name);
        let half = path.with_extension("half");
        let write = || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&half, serde_json::to_vec(value)?)?;
            fs::rename(&half, &path)
        };
        write().map_err(|error| unavailable(&path, &error))
    }
}

/// A disk that fails may work again later.
fn unavailable(path: &Path, error: &io::Error) -> BuilderError {
    BuilderError::unavailable(format!("`{}`: {error}", path.display()))
}
