//! Checksums of files, and copies that compute them on the way.

use mbs_core::source::{Checksum, ChecksumKind};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

/// A running checksum of any kind.
enum Hasher {
    Md5(Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    fn new(kind: ChecksumKind) -> Self {
        match kind {
            ChecksumKind::Md5 => Self::Md5(Md5::new()),
            ChecksumKind::Sha1 => Self::Sha1(Sha1::new()),
            ChecksumKind::Sha256 => Self::Sha256(Sha256::new()),
            ChecksumKind::Sha512 => Self::Sha512(Sha512::new()),
        }
    }

    fn update(&mut self, data: &[u8]) {
        match self {
            Self::Md5(h) => h.update(data),
            Self::Sha1(h) => h.update(data),
            Self::Sha256(h) => h.update(data),
            Self::Sha512(h) => h.update(data),
        }
    }

    fn finish(self) -> Checksum {
        let (kind, bytes) = match self {
            Self::Md5(h) => (ChecksumKind::Md5, h.finalize().to_vec()),
            Self::Sha1(h) => (ChecksumKind::Sha1, h.finalize().to_vec()),
            Self::Sha256(h) => (ChecksumKind::Sha256, h.finalize().to_vec()),
            Self::Sha512(h) => (ChecksumKind::Sha512, h.finalize().to_vec()),
        };
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            let _ = write!(hex, "{byte:02x}");
        }
        Checksum::new(kind, &hex).expect("a digest has the length of its kind")
    }
}

/// Reads `from` to its end, writes all of it to `to` and gives length and checksum.
pub(crate) fn copy(from: &mut File, to: &mut impl Write, kind: ChecksumKind) -> io::Result<(u64, Checksum)> {
    let mut hasher = Hasher::new(kind);
    let mut buffer = vec![0; 128 * 1024];
    let mut size = 0;
    loop {
        let n = match from.read(&mut buffer) {
            Ok(0) => return Ok((size, hasher.finish())),
            Ok(n) => n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        hasher.update(&buffer[..n]);
        to.write_all(&buffer[..n])?;
        size += n as u64;
    }
}

/// Length and checksum of a file.
pub(crate) fn of_file(path: &Path, kind: ChecksumKind) -> io::Result<(u64, Checksum)> {
    copy(&mut File::open(path)?, &mut io::sink(), kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_give_the_published_values_for_abc() {
        let dir = tempfile::tempdir().expect("folder");
        let path = dir.path().join("abc");
        std::fs::write(&path, "abc").expect("write");
        for (kind, start) in [
            (ChecksumKind::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (ChecksumKind::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (ChecksumKind::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (ChecksumKind::Sha512, "ddaf35a193617abacc417349ae204131"),
        ] {
            let (size, sum) = of_file(&path, kind).expect("read");
            assert_eq!(size, 3);
            assert!(sum.hex().starts_with(start), "{sum}");
        }
    }
}
