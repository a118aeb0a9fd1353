//! Writing a file in one step.

use crate::error::CliError;
use std::fs::{self, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use tempfile::Builder;

/// Puts bytes into a file: whoever reads it sees what was there before or all of them, also after a crash. A link stays
/// and what it points to is replaced; what is no regular file (a pipe, a terminal) is written to as it is.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    write(path, bytes).map_err(CliError::file("write", path))
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (real, permissions) = match fs::metadata(path) {
        Ok(found) if found.is_file() => (fs::canonicalize(path)?, Some(found.permissions())),
        Ok(_) => return fs::OpenOptions::new().write(true).open(path)?.write_all(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => (std::path::absolute(path)?, None),
        Err(error) => return Err(error),
    };
    let folder = real.parent().unwrap_or(Path::new("/"));
    // The process's mask takes away from these what nobody shall have.
    let mut new = Builder::new().prefix(".mbs-").permissions(Permissions::from_mode(0o666)).tempfile_in(folder)?;
    if let Some(permissions) = permissions {
        new.as_file().set_permissions(permissions)?;
    }
    new.write_all(bytes)?;
    new.as_file().sync_all()?;
    new.persist(&real)?;
    // Not every file system can do this for a folder; the new file is whole in any case.
    let _ = fs::File::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}
