//! Compressions and their first bytes.

use std::fmt;

/// A compression that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Compression {
    /// gzip: RFC 1952.
    Gzip,
    /// bzip2.
    Bzip2,
    /// xz: one or several streams.
    Xz,
    /// zstd: RFC 8878.
    Zstd,
}

impl Compression {
    /// The compression that the first bytes of an input tell; none for everything else.
    ///
    /// An input that ends within the bytes that mark a compression counts as compressed, and so as one that breaks off,
    /// if it cannot be text.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', rest @ ..] if is_bzip2_block(rest) => Some(Self::Bzip2),
            // A frame without content, which may stand before any other.
            [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ if begins(bytes, &[0xFD, b'7', b'z', b'X', b'Z', 0]) => Some(Self::Xz),
            _ if begins(bytes, &[0x28, 0xB5, 0x2F, 0xFD]) => Some(Self::Zstd),
            _ => None,
        }
    }
}

impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Gzip => "gzip",
            Self::Bzip2 => "bzip2",
            Self::Xz => "xz",
            Self::Zstd => "zstd",
        })
    }
}

/// The name of a compression or archive that is recognised in order to say that it is not read.
pub(super) fn foreign(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 6] = [
        (b"\0ZCK1", "zchunk"),
        (b"LZIP\x01", "lzip"),
        (&[0x04, 0x22, 0x4D, 0x18], "lz4"),
        (&[0x5D, 0x00, 0x00], "lzma"),
        (&[b'7', b'z', 0xBC, 0xAF, 0x27, 0x1C], "7-Zip"),
        (&[b'P', b'K', 0x03, 0x04], "ZIP"),
    ];
    KNOWN.iter().find(|(mark, _)| bytes.starts_with(mark)).map(|(_, name)| *name)
}

/// `BZh9` alone could be text, so the mark of a block or of the end must follow, as far as the input goes.
fn is_bzip2_block(rest: &[u8]) -> bool {
    const MARKS: [[u8; 6]; 2] = [[0x31, 0x41, 0x59, 0x26, 0x53, 0x59], [0x17, 0x72, 0x45, 0x38, 0x50, 0x90]];
    let known = &rest[..rest.len().min(6)];
    MARKS.iter().any(|mark| mark.starts_with(known))
}

/// Whether the input begins with the mark, or is a beginning of it of at least two bytes.
fn begins(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.starts_with(mark) || (bytes.len() >= 2 && mark.starts_with(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell_the_compression() {
        for (bytes, expected) in [
            (&b"\x1f\x8b\x08\0"[..], Some(Compression::Gzip)),
            (b"BZh91AY&SY....", Some(Compression::Bzip2)),
            (b"BZh1\x17\x72\x45\x38\x50\x90....", Some(Compression::Bzip2)),
            (b"BZh91A", Some(Compression::Bzip2)),
            (b"\xFD7zXZ\0\0\x04", Some(Compression::Xz)),
            (b"\xFD7", Some(Compression::Xz)),
            (b"\x28\xB5\x2F\xFD", Some(Compression::Zstd)),
            (b"\x5A\x2A\x4D\x18\0\0\0\0", Some(Compression::Zstd)),
            (b"", None),
            (b"-", None),
            (b"---\n", None),
            (b"BZh9: a key\n", None),
            (b"BZh0", None),
            (b"P*M: text", None),
            (b"(", None),
            (b"\xFD", None),
            (b"\xFF\xFE-\0", None),
        ] {
            assert_eq!(Compression::of(bytes), expected, "{bytes:?}");
        }
    }
}
