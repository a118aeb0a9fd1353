//! Reading from any reader.

use crate::modulemd::limits::Limits;
use crate::modulemd::read::{ReadOptions, Reading, read};
use std::io::{self, Read};

/// Reads all documents of whatever a reader gives, as [`read`] does. `file` names the input in diagnostics.
///
/// An input above the limit is a diagnostic, and the reader is then not read to its end.
///
/// # Errors
/// Those of the reader. No document of an input that could not be read whole is given.
pub fn read_from(reader: impl Read, file: &str, options: &ReadOptions) -> io::Result<Reading> {
    Ok(read(&gather(reader, &options.limits)?, file, options))
}

/// All bytes of a reader, for [`decode`](super::decode) or [`read`]; behind the limit a few more, so that these refuse
/// the input, and no further.
///
/// For callers that show diagnostics, which need the text beside the reading.
///
/// # Errors
/// Those of the reader.
pub fn gather(reader: impl Read, limits: &Limits) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    reader.take(limits.compressed_bytes() as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
