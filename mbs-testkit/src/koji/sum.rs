//! Checksums of files.

use super::work::hex;
use md5::{Digest, Md5};
use sha2::Sha256;

/// The checksum as lower-case digits; none for a kind that hubs do not know.
pub(super) fn digest(kind: &str, bytes: &[u8]) -> Option<String> {
    match kind {
        "adler32" => Some(format!("{:08x}", adler32(bytes))),
        "md5" => Some(hex(&Md5::digest(bytes))),
        "sha256" => Some(hex(&Sha256::digest(bytes))),
        _ => None,
    }
}

/// The checksum of zlib.
fn adler32(bytes: &[u8]) -> u32 {
    let (mut a, mut b) = (1_u32, 0_u32);
    // So many bytes cannot overflow 32 bits.
    for chunk in bytes.chunks(5552) {
        for byte in chunk {
            a += u32::from(*byte);
            b += a;
        }
        a %= 65_521;
        b %= 65_521;
    }
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_other_programs() {
        assert_eq!(digest("adler32", b"").as_deref(), Some("00000001"));
        assert_eq!(digest("adler32", b"Wikipedia").as_deref(), Some("11e60398"));
        assert_eq!(digest("md5", b"").as_deref(), Some("d41d8cd98f00b204e9800998ecf8427e"));
        assert_eq!(digest("crc", b""), None);
    }
}
