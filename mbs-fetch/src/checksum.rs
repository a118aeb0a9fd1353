//! Checksums of files, and copies that compute them on the way.

use mbs_core::source::{Checksum, ChecksumKind, Hasher};
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;

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
