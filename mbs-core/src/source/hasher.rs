//! Computes checksums.

use super::lookaside::{Checksum, ChecksumKind};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};
use std::fmt::Write as _;

/// A running checksum of any kind.
#[derive(Debug, Clone)]
pub struct Hasher(State);

#[derive(Debug, Clone)]
enum State {
    Md5(Md5),
    Sha1(Sha1),
    Sha256(Sha256),
    Sha512(Sha512),
}

impl Hasher {
    /// The checksum of nothing.
    pub fn new(kind: ChecksumKind) -> Self {
        Self(match kind {
            ChecksumKind::Md5 => State::Md5(Md5::new()),
            ChecksumKind::Sha1 => State::Sha1(Sha1::new()),
            ChecksumKind::Sha256 => State::Sha256(Sha256::new()),
            ChecksumKind::Sha512 => State::Sha512(Sha512::new()),
        })
    }

    /// The checksum of some bytes.
    pub fn of(kind: ChecksumKind, bytes: &[u8]) -> Checksum {
        let mut hasher = Self::new(kind);
        hasher.update(bytes);
        hasher.finish()
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            State::Md5(state) => state.update(bytes),
            State::Sha1(state) => state.update(bytes),
            State::Sha256(state) => state.update(bytes),
            State::Sha512(state) => state.update(bytes),
        }
    }

    /// The checksum of all that was taken.
    pub fn finish(self) -> Checksum {
        let (kind, bytes) = match self.0 {
            State::Md5(state) => (ChecksumKind::Md5, state.finalize().to_vec()),
            State::Sha1(state) => (ChecksumKind::Sha1, state.finalize().to_vec()),
            State::Sha256(state) => (ChecksumKind::Sha256, state.finalize().to_vec()),
            State::Sha512(state) => (ChecksumKind::Sha512, state.finalize().to_vec()),
        };
        let mut hex = String::with_capacity(bytes.len() * 2);
        for byte in bytes {
            // Writing into a `String` cannot fail.
            let _ = write!(hex, "{byte:02x}");
        }
        Checksum::of_digest(kind, hex)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_kinds_give_the_published_values_for_abc() {
        for (kind, start) in [
            (ChecksumKind::Md5, "900150983cd24fb0d6963f7d28e17f72"),
            (ChecksumKind::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (ChecksumKind::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (ChecksumKind::Sha512, "ddaf35a193617abacc417349ae204131"),
        ] {
            let sum = Hasher::of(kind, b"abc");
            assert!(sum.kind() == kind && sum.hex().starts_with(start), "{sum}");
        }
    }
}
