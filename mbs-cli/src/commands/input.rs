//! The bytes of an input.

use crate::error::CliError;
use mbs_core::modulemd::{Limits, gather};
use std::fs::File;
use std::path::Path;

/// The bytes of a file, or of standard input for `-`; no more of them than a reader with these limits takes.
pub(crate) fn contents(path: &Path, limits: &Limits) -> Result<Vec<u8>, CliError> {
    let bytes = if path.as_os_str() == "-" {
        gather(std::io::stdin().lock(), limits)
    } else {
        File::open(path).and_then(|file| gather(file, limits))
    };
    bytes.map_err(CliError::file("read", path))
}
