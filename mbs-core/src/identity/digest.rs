//! Digests as lower-case hex text.

use sha1::{Digest, Sha1};

/// Writes bytes as lower-case hex digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

/// SHA-1 of a text.
pub(crate) fn sha1(text: &str) -> [u8; 20] {
    Sha1::digest(text.as_bytes()).into()
}
