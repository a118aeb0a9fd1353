//! Puts a finished folder in the place of another.

use std::fs::{self, File};
use std::path::Path;

use rustix::fs::{CWD, RenameFlags, renameat_with};
use rustix::io::Errno;

use super::metadata::RepoError;

fn io(action: &'static str, path: &Path, source: std::io::Error) -> RepoError {
    RepoError::Io { action, path: path.to_owned(), source }
}

/// Writes a folder and its files through to the disk.
pub(super) fn sync_folder(folder: &Path) -> Result<(), RepoError> {
    for entry in fs::read_dir(folder).map_err(|error| io("read", folder, error))? {
        let path = entry.map_err(|error| io("read", folder, error))?.path();
        sync(&path)?;
    }
    sync(folder)
}

pub(super) fn sync(path: &Path) -> Result<(), RepoError> {
    File::open(path).and_then(|file| file.sync_all()).map_err(|error| io("sync", path, error))
}

/// Moves `new` to `place`. What stood there goes to `aside` (or to where `new` was); the caller removes both.
pub(super) fn put_in_place(new: &Path, place: &Path, aside: &Path) -> Result<(), RepoError> {
    let moved = match renameat_with(CWD, new, CWD, place, RenameFlags::EXCHANGE) {
        Ok(()) => Ok(()),
        Err(Errno::NOENT) => fs::rename(new, place),
        // Some file systems cannot exchange. A reader that comes between these two finds no repository and tries again;
        // it never finds a mixed one.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => {
            fs::rename(place, aside).and_then(|()| fs::rename(new, place))
        }
        Err(error) => Err(error.into()),
    };
    moved.map_err(|error| io("replace", place, error))
}
