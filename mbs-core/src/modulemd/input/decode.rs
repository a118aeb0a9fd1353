//! From bytes as they were found to the bytes of the text.

use super::compression::{Compression, foreign};
use super::unpack::{Stopped, unpack};
use crate::modulemd::diagnostic::{Code, Problem};
use crate::modulemd::limits::Limits;
use std::borrow::Cow;

/// Why an input cannot be read at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// Nothing of it is read.
    #[error("the input has more than {limit} bytes{}", if compression.is_some() { " without its compression" } else { "" })]
    TooLarge {
        /// The limit in bytes: [`Limits::bytes`], or what positions can count.
        limit: usize,
        /// How it is compressed.
        compression: Option<Compression>,
    },
    /// The compressed data ends before its end.
    #[error("the {compression} data breaks off")]
    Truncated {
        /// How it is compressed.
        compression: Compression,
        /// Bytes of compressed data.
        length: usize,
    },
    /// The compressed data is not what was compressed.
    #[error("the {compression} data is damaged: {problem}")]
    Damaged {
        /// How it is compressed.
        compression: Compression,
        /// What is wrong.
        problem: String,
        /// Bytes of compressed data that were taken when it was noticed; the damage is not behind these.
        read: usize,
        /// Bytes of compressed data.
        length: usize,
    },
    /// A compression or archive that is not read.
    #[error("the input is {name} data")]
    Foreign {
        /// The format's name.
        name: &'static str,
    },
}

impl DecodeError {
    /// The code a diagnostic about it has.
    pub fn code(&self) -> Code {
        match self {
            Self::TooLarge { .. } => Code::InputSize,
            Self::Truncated { .. } => Code::Truncated,
            Self::Damaged { .. } => Code::Damaged,
            Self::Foreign { .. } => Code::Foreign,
        }
    }

    pub(crate) fn problem(&self) -> Problem {
        let problem = Problem::at_byte(self.code(), 0, self.to_string());
        match self {
            Self::TooLarge { .. } => problem.hint("the limit is `bytes`"),
            Self::Truncated { compression, length } => problem
                .found(format!("{length} bytes"))
                .hint(format!("fetch or write the file again; `{compression} -t FILE` checks it")),
            Self::Damaged { compression, read, length, .. } => problem
                .found(format!("noticed within the first {read} of {length} bytes"))
                .hint(format!("fetch or write the file again; `{compression} -t FILE` checks it")),
            Self::Foreign { .. } => problem.expected("text, or text compressed with gzip, bzip2, xz or zstd"),
        }
    }
}

/// The bytes of the text: the input itself, or what it holds if it is compressed.
///
/// The compression is told by the first bytes. One layer is taken off; what comes out is not looked at. This is what
/// [`read`](super::super::read) works on, so places in its diagnostics count in these bytes.
///
/// # Errors
/// [`DecodeError`]: larger than [`Limits::bytes`] after decompression, broken off, damaged, or compressed in a way that
/// is not read. Takes time linear in input and limit; more memory than the result only for the window that the compressed
/// data asks for, 128 MiB at most.
pub fn decode<'b>(bytes: &'b [u8], limits: &Limits) -> Result<Cow<'b, [u8]>, DecodeError> {
    let limit = limits.text_bytes();
    let Some(compression) = Compression::of(bytes) else {
        return match foreign(bytes) {
            Some(name) => Err(DecodeError::Foreign { name }),
            None if bytes.len() > limit => Err(DecodeError::TooLarge { limit, compression: None }),
            None => Ok(Cow::Borrowed(bytes)),
        };
    };
    let too_large = DecodeError::TooLarge { limit, compression: Some(compression) };
    // Frames without content can make an endless input that gives nothing.
    if bytes.len() > limits.compressed_bytes() {
        return Err(too_large);
    }
    unpack(compression, bytes, limit).map(Cow::Owned).map_err(|stopped| match stopped {
        Stopped::TooLarge => too_large,
        Stopped::Truncated => DecodeError::Truncated { compression, length: bytes.len() },
        Stopped::Damaged { problem, left } => {
            DecodeError::Damaged { compression, problem, read: bytes.len() - left, length: bytes.len() }
        }
    })
}
