//! Bytes as text.

use serde::de::Visitor;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Bytes, which are `<base64>` on the wire.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub Vec<u8>);

/// Why a text is not base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Base64Error {
    /// A character that never occurs in base64.
    #[error("a character that is not base64")]
    Character,
    /// The number of characters cannot be right, or something follows the padding.
    #[error("a wrong length or padding")]
    Length,
}

/// Bytes as padded base64 in one line.
pub fn encode_base64(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = (bits >> (18 - 6 * place)) as usize & 63;
            text.push(if place <= chunk.len() { char::from(ALPHABET[sextet]) } else { '=' });
        }
    }
    text
}

/// The bytes of padded base64; white space between the characters is passed over.
///
/// # Errors
/// [`Base64Error`] for everything else.
pub fn decode_base64(text: &str) -> Result<Vec<u8>, Base64Error> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut sextets, mut padding) = (0_u32, 0_u32, 0_u32);
    for character in text.bytes().filter(|byte| !byte.is_ascii_whitespace()) {
        let sextet = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                padding += 1;
                continue;
            }
            _ => return Err(Base64Error::Character),
        };
        if padding > 0 {
            return Err(Base64Error::Length);
        }
        bits = bits << 6 | u32::from(sextet);
        sextets += 1;
        if sextets == 4 {
            bytes.extend_from_slice(&bits.to_be_bytes()[1..]);
            (bits, sextets) = (0, 0);
        }
    }
    match (sextets, padding) {
        (0, 0) => {}
        (2, 2) => bytes.push(bits.to_be_bytes()[2] << 4 | bits.to_be_bytes()[3] >> 4),
        (3, 1) => bytes.extend_from_slice(&(bits << 6).to_be_bytes()[1..3]),
        _ => return Err(Base64Error::Length),
    }
    Ok(bytes)
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Bytes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes")
            }

            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Bytes, E> {
                Ok(Bytes(bytes.to_vec()))
            }

            fn visit_byte_buf<E: serde::de::Error>(self, bytes: Vec<u8>) -> Result<Bytes, E> {
                Ok(Bytes(bytes))
            }

            // An old hub sends plain ASCII output as text.
            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Bytes, E> {
                if text.is_ascii() {
                    Ok(Bytes(text.as_bytes().to_vec()))
                } else {
                    Err(E::custom("found text, expected bytes"))
                }
            }
        }
        deserializer.deserialize_byte_buf(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_texts_go_both_ways() {
        for (bytes, text) in [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")] {
            assert_eq!(encode_base64(bytes.as_bytes()), text);
            assert_eq!(decode_base64(text).expect(text), bytes.as_bytes());
        }
        assert_eq!(decode_base64("Zm\n9v\r\nYg =\t=\n").expect("white space"), b"foob");
    }

    #[test]
    fn what_is_cut_or_foreign_is_refused() {
        for bad in ["Z", "Zg", "Zg=", "Zm8", "Zg==Zg==", "====", "Zm9v="] {
            assert_eq!(decode_base64(bad), Err(Base64Error::Length), "{bad}");
        }
        assert_eq!(decode_base64("Zm9-"), Err(Base64Error::Character));
    }
}
