//! The file that is changed: read once, replaced at once.

use super::super::input::contents;
use crate::error::CliError;
use mbs_core::modulemd::{Limits, gather};
use std::fs::{File, Metadata};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, fchown};
use std::path::{Path, PathBuf};

/// Where the text comes from and goes to.
pub(crate) enum Source {
    /// Standard input and output.
    Stream(Vec<u8>),
    /// A file.
    File {
        /// As the user calls it.
        named: PathBuf,
        /// Behind all symbolic links; nothing for a pipe or device, which cannot be replaced.
        real: Option<PathBuf>,
        bytes: Vec<u8>,
        metadata: Box<Metadata>,
    },
}

impl Source {
    pub(crate) fn read(path: &Path) -> Result<Self, CliError> {
        if path.as_os_str() == "-" {
            return Ok(Self::Stream(contents(path, &Limits::default())?));
        }
        let failed = |error| CliError::file("read", path)(error);
        let file = File::open(path).map_err(failed)?;
        let metadata = Box::new(file.metadata().map_err(failed)?);
        // The links of a pipe, such as those of a shell's `<(...)`, lead to no path.
        let real = metadata.is_file().then(|| path.canonicalize()).transpose().map_err(failed)?;
        // What is cut off here is above the limit, so it is refused and never replaced.
        let bytes = gather(file, &Limits::default()).map_err(failed)?;
        Ok(Self::File { named: path.to_owned(), real, bytes, metadata })
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Stream(_) => "standard input".to_owned(),
            Self::File { named, .. } => named.display().to_string(),
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Stream(bytes) | Self::File { bytes, .. } => bytes,
        }
    }

    pub(crate) fn is_stream(&self) -> bool {
        matches!(self, Self::Stream(_))
    }

    /// Puts a new text in the place of the old one, all or nothing: a reader sees the one or the other, also after a
    /// loss of power. Owner, group and permissions stay.
    pub(crate) fn replace(&self, text: &[u8]) -> Result<(), CliError> {
        let Self::File { named, real, bytes, metadata } = self else { return Ok(()) };
        let failed = |error| CliError::file("write", named)(error);
        let Some(real) = real else {
            return Err(CliError::usage_hint(
                format!("`{}` is no regular file and cannot be replaced", named.display()),
                "`-` reads standard input and writes to standard output",
            ));
        };
        let folder = real.parent().unwrap_or(Path::new("/"));
        // Someone who may not write the file would be able to replace it where he may write the folder.
        File::options().write(true).open(real).map_err(failed)?;
        let mut new = tempfile::Builder::new().prefix(".mbs-edit-").tempfile_in(folder).map_err(failed)?;
        new.write_all(text).map_err(failed)?;
        let made = new.as_file().metadata().map_err(failed)?;
        if (made.uid(), made.gid()) != (metadata.uid(), metadata.gid()) {
            let other = |wanted: u32, found: u32| (wanted != found).then_some(wanted);
            fchown(new.as_file(), other(metadata.uid(), made.uid()), other(metadata.gid(), made.gid()))
                .map_err(|error| CliError::file("keep the owner of", named)(error))?;
        }
        new.as_file().set_permissions(metadata.permissions()).map_err(failed)?;
        new.as_file().sync_all().map_err(failed)?;
        if !is_unchanged(named, real, bytes, metadata) {
            return Err(CliError::ChangedMeanwhile { path: named.clone() });
        }
        new.persist(real).map_err(|error| failed(error.error))?;
        // Not every file system can do this for a folder; the new file is whole in any case.
        let _ = File::open(folder).and_then(|folder| folder.sync_all());
        Ok(())
    }
}

/// Whether the file is still the one that was read.
fn is_unchanged(named: &Path, real: &Path, bytes: &[u8], metadata: &Metadata) -> bool {
    let now = || -> io::Result<bool> {
        let found = std::fs::metadata(named)?;
        Ok(named.canonicalize()? == real
            && (found.dev(), found.ino()) == (metadata.dev(), metadata.ino())
            && std::fs::read(real)? == bytes)
    };
    now().unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    #[test]
    fn a_file_that_changed_meanwhile_is_left_alone() {
        let folder = tempfile::tempdir().expect("folder");
        let path = folder.path().join("f");
        std::fs::write(&path, "old").expect("written");
        let source = Source::read(&path).expect("read");
        std::fs::write(&path, "other").expect("written");
        assert!(matches!(source.replace(b"new"), Err(CliError::ChangedMeanwhile { .. })));
        assert_eq!(std::fs::read(&path).expect("read"), b"other");
        assert_eq!(std::fs::read_dir(folder.path()).expect("folder").count(), 1, "nothing is left behind");
    }

    #[test]
    fn what_is_no_regular_file_is_read_and_not_replaced() {
        let source = Source::read(Path::new("/dev/null")).expect("read");
        assert!(source.bytes().is_empty());
        assert!(matches!(source.replace(b"new"), Err(CliError::Usage { .. })));
    }

    #[test]
    fn links_and_permissions_stay() {
        let folder = tempfile::tempdir().expect("folder");
        let (path, link) = (folder.path().join("f"), folder.path().join("l"));
        std::fs::write(&path, "old").expect("written");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).expect("set");
        symlink("f", &link).expect("link");
        Source::read(&link).expect("read").replace(b"new").expect("replaced");
        assert!(link.symlink_metadata().expect("link").is_symlink());
        assert_eq!(std::fs::read(&path).expect("read"), b"new");
        assert_eq!(path.metadata().expect("file").mode() & 0o7777, 0o640);
    }
}
