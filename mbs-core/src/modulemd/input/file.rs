//! Reading from a file: the one place of this crate that opens one.
//!
//! Every user of the reader has files, and each would write these lines again, mostly without the limit. Nothing else in
//! this crate calls them.

use super::reader::read_from;
use crate::modulemd::read::{ReadOptions, Reading};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// Why a file could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadFileError {
    /// It cannot be opened.
    #[error("could not open `{}`: {source}", path.display())]
    Open {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// It cannot be read to its end.
    #[error("could not read `{}`: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
}

/// Reads all documents of a file, plain or compressed. The path names the file in diagnostics.
///
/// # Errors
/// [`ReadFileError`] when the system refuses; whatever is wrong with the content is in the [`Reading`].
pub fn read_file(path: impl AsRef<Path>, options: &ReadOptions) -> Result<Reading, ReadFileError> {
    let path = path.as_ref();
    let file = File::open(path).map_err(|source| ReadFileError::Open { path: path.to_owned(), source })?;
    let name = path.display().to_string();
    read_from(file, &name, options).map_err(|source| ReadFileError::Read { path: path.to_owned(), source })
}
