//! Writing files so that a crash leaves the old content or the new one.

use serde::Serialize;
use serde::de::DeserializeOwned;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

/// Prefix of files that are being put into a result folder. A killed process leaves them behind.
pub(super) const TEMPORARY: &str = ".mbs-";

/// A file or folder that could not be handled.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`: {source}", path.display())]
pub(super) struct FileError {
    action: &'static str,
    path: PathBuf,
    pub(super) source: io::Error,
}

pub(super) fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |source| FileError { action, path, source }
}

pub(super) fn make_folder(path: &Path) -> Result<(), FileError> {
    fs::create_dir_all(path).map_err(failed("make the folder", path))
}

/// Removes a folder with everything in it; one that does not exist is fine.
pub(super) fn remove_folder(path: &Path) -> Result<(), FileError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed("remove the folder", path)(error)),
        _ => Ok(()),
    }
}

/// Makes names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> Result<(), FileError> {
    File::open(path).and_then(|folder| folder.sync_all()).map_err(failed("write to the disk", path))
}

/// Replaces a JSON file in one step, durably.
pub(super) fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), FileError> {
    let bytes = serde_json::to_vec_pretty(value).map_err(|error| failed("encode", path)(error.into()))?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder).map_err(failed("make a file beside", path))?;
    new.write_all(&bytes).and_then(|()| new.as_file().sync_all()).map_err(failed("write", path))?;
    new.persist(path).map_err(|error| failed("replace", path)(error.error))?;
    sync_folder(folder)
}

/// Makes or replaces a link, in one step.
pub(super) fn put_link(to: &Path, place: &Path) -> Result<(), FileError> {
    let folder = place.parent().unwrap_or(Path::new("."));
    let link = tempfile::Builder::new().prefix(TEMPORARY).make_in(folder, |path| std::os::unix::fs::symlink(to, path));
    let link = link.map_err(failed("make a link beside", place))?;
    link.persist(place).map(drop).map_err(|error| failed("replace", place)(error.error))
}

/// Reads a JSON file; none if there is no such file.
pub(super) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, FileError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed("read", path)(error)),
    };
    serde_json::from_slice(&bytes).map(Some).map_err(|error| failed("understand", path)(error.into()))
}

/// Puts a file at another place without leaving half of it there: a link where both lie on one file system, else a copy.
pub(super) fn link_or_copy(from: &Path, to: &Path) -> Result<(), FileError> {
    // A rename onto a link to the same file does nothing, and would leave the temporary name behind.
    if is_same_file(from, to).map_err(failed("look at", from))? {
        return Ok(());
    }
    let folder = to.parent().unwrap_or(Path::new("."));
    let temporary = tempfile::Builder::new()
        .prefix(TEMPORARY)
        .make_in(folder, |path| {
            fs::hard_link(from, path).or_else(|_| {
                let mut target = File::options().write(true).create_new(true).open(path)?;
                io::copy(&mut File::open(from)?, &mut target)?;
                target.sync_all()
            })
        })
        .map_err(failed("put a package into the folder of", to))?;
    temporary.persist(to).map(drop).map_err(|error| failed("replace", to)(error.error))
}

/// Space below which a disk counts as full, in bytes: whoever could not write more may have removed what he wrote.
const SPARSE: u64 = 512 * 1024;

/// Whether the disk of a folder is full, as far as that can be told.
pub(super) fn is_full(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|disk| {
        // File systems without a table of files say 0 of 0.
        let no_files = disk.f_files > 0 && disk.f_favail == 0;
        no_files || disk.f_bavail.saturating_mul(disk.f_frsize) < SPARSE
    })
}

/// Whether both are names of one file.
fn is_same_file(one: &Path, other: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(other) {
        Ok(there) => {
            let here = fs::metadata(one)?;
            Ok((here.dev(), here.ino()) == (there.dev(), there.ino()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_put_twice_into_its_place_leaves_nothing_else_there() {
        let folder = tempfile::tempdir().unwrap();
        let (from, place) = (folder.path().join("a.rpm"), folder.path().join("results"));
        fs::write(&from, "package").unwrap();
        fs::create_dir(&place).unwrap();
        for _ in 0..2 {
            link_or_copy(&from, &place.join("a.rpm")).unwrap();
        }
        fs::write(place.join("b.rpm"), "old").unwrap();
        link_or_copy(&from, &place.join("b.rpm")).unwrap();
        assert_eq!(fs::read_to_string(place.join("b.rpm")).unwrap(), "package");
        assert_eq!(fs::read_dir(&place).unwrap().count(), 2);
    }
}
