//! Digests as lower-case hex text.

use md5::Md5;
use sha1::{Digest, Sha1};
use sha2::Sha256;

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

/// SHA-256 of a byte string, as hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    hex(&<[u8; 32]>::from(Sha256::digest(bytes)))
}

/// SHA-1 of a byte string, as hex.
pub(crate) fn sha1_hex(bytes: &[u8]) -> String {
    hex(&<[u8; 20]>::from(Sha1::digest(bytes)))
}

/// MD5 of a byte string: no protection, but a field that package formats and build systems expect.
pub(crate) fn md5(bytes: &[u8]) -> [u8; 16] {
    Md5::digest(bytes).into()
}
