//! The files of a source RPM as an archive.

use super::error::SrpmError;
use super::package::SourceFile;
use flate2::{Compression, GzBuilder};
use std::io::Write as _;

/// A regular file that everybody may read.
pub(super) const FILE_MODE: u16 = 0o100_644;

const TRAILER: &str = "TRAILER!!!";

/// Writes a cpio archive in the "newc" form: no owners, the same time for all files.
pub(super) fn archive(files: &[&SourceFile], time: u32) -> Result<Vec<u8>, SrpmError> {
    let mut archive = Vec::with_capacity(files.iter().map(|file| file.bytes.len() + 256).sum());
    for (number, file) in files.iter().enumerate() {
        let inode = u32::try_from(number + 1).map_err(|_| SrpmError::TooLarge { what: "the number of files" })?;
        member(&mut archive, &file.name, inode, u32::from(FILE_MODE), time, &file.bytes)?;
    }
    member(&mut archive, TRAILER, 0, 0, 0, &[])?;
    Ok(archive)
}

fn member(archive: &mut Vec<u8>, name: &str, inode: u32, mode: u32, time: u32, bytes: &[u8]) -> Result<(), SrpmError> {
    let size = u32::try_from(bytes.len()).map_err(|_| SrpmError::TooLarge { what: "a source file" })?;
    let name_size = u32::try_from(name.len() + 1).map_err(|_| SrpmError::TooLarge { what: "a file name" })?;
    // Inode, mode, owner, group, links, time, size, device (4 numbers), length of the name, checksum.
    archive.extend_from_slice(b"070701");
    for number in [inode, mode, 0, 0, 1, time, size, 0, 0, 0, 0, name_size, 0] {
        write!(archive, "{number:08x}").expect("writing to memory does not fail");
    }
    archive.extend_from_slice(name.as_bytes());
    archive.push(0);
    pad(archive);
    archive.extend_from_slice(bytes);
    pad(archive);
    Ok(())
}

fn pad(archive: &mut Vec<u8>) {
    archive.resize(archive.len().next_multiple_of(4), 0);
}

/// Compresses without a time or a system in the result.
pub(super) fn compress(archive: &[u8]) -> Vec<u8> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let mut encoder = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM).write(Vec::new(), Compression::best());
    encoder.write_all(archive).expect("writing to memory does not fail");
    encoder.finish().expect("writing to memory does not fail")
}
