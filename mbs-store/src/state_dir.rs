//! The folder that holds the state.

use crate::error::io_error;
use crate::fs_type;
use mbs_core::BuildId;
use mbs_core::store::StoreError;
use std::ffi::OsString;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The variables that the default place depends on.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct StateEnvironment {
    /// `XDG_STATE_HOME`.
    pub xdg_state_home: Option<OsString>,
    /// `HOME`.
    pub home: Option<OsString>,
}

/// A state folder that exists: `mbs.sqlite`, `logs/` and `locks/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateDir {
    root: PathBuf,
}

impl StateDir {
    /// Where the state is if nobody says otherwise: `$XDG_STATE_HOME/mbs`, else `$HOME/.local/state/mbs`. As the XDG base
    /// directory specification says, empty and relative values count as unset.
    ///
    /// # Errors
    /// [`StoreError::Place`] if neither variable names a folder.
    pub fn default_path(environment: &StateEnvironment) -> Result<PathBuf, StoreError> {
        let absolute = |value: &Option<OsString>| value.as_ref().map(PathBuf::from).filter(|path| path.is_absolute());
        absolute(&environment.xdg_state_home)
            .map(|state| state.join("mbs"))
            .or_else(|| absolute(&environment.home).map(|home| home.join(".local/state/mbs")))
            .ok_or_else(|| StoreError::Place {
                place: "the default folder".to_owned(),
                why: "neither `XDG_STATE_HOME` nor `HOME` is an absolute path; name a folder with `--state-dir`"
                    .to_owned(),
            })
    }

    /// Makes the folder and its parts where they are missing; new ones may be entered by their owner only, because
    /// addresses of sources may hold credentials.
    ///
    /// # Errors
    /// [`StoreError::Place`] for a folder on a network file system, or one that may not be written;
    /// [`StoreError::Medium`] if the disk is full or fails.
    pub fn create(root: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let root = root.into();
        make_folder(&root)?;
        refuse_network(&root)?;
        let dir = Self { root };
        for folder in [dir.logs(), dir.locks()] {
            DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(|error| match error.kind() {
                // Not the folder in it is the matter, but the state folder itself.
                io::ErrorKind::PermissionDenied => io_error("use the state folder", &dir.root, &error),
                _ => io_error("make", &folder, &error),
            })?;
        }
        make_database(&dir.database())?;
        Ok(dir)
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The database.
    pub fn database(&self) -> PathBuf {
        self.root.join("mbs.sqlite")
    }

    /// Where builders write their logs.
    pub fn logs(&self) -> PathBuf {
        self.root.join("logs")
    }

    /// Where the locks are.
    pub fn locks(&self) -> PathBuf {
        self.root.join("locks")
    }

    /// The lock of whoever drives a build.
    pub fn lock(&self, build: BuildId) -> PathBuf {
        self.locks().join(format!("{build}.lock"))
    }
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(|error| io_error("make", path, &error))
}

/// SQLite gives its other files the permissions of this one. The file is made without being opened: closing it would
/// free the locks that a store of this process may have on it.
fn make_database(path: &Path) -> Result<(), StoreError> {
    use rustix::fs::{CWD, FileType, Mode, mknodat};
    match mknodat(CWD, path, FileType::RegularFile, Mode::RUSR | Mode::WUSR, 0) {
        Ok(()) | Err(rustix::io::Errno::EXIST) => Ok(()),
        Err(error) => Err(io_error("make", path, &error.into())),
    }
}

fn refuse_network(root: &Path) -> Result<(), StoreError> {
    let failed = |error: rustix::io::Errno| io_error("examine", root, &error.into());
    let system = rustix::fs::statfs(root).map_err(failed)?;
    let device = rustix::fs::stat(root).map_err(failed)?.st_dev;
    let device = (rustix::fs::major(device), rustix::fs::minor(device));
    // The number has 32 significant bits; some systems store it with a sign.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low 32 bits are the number")]
    let magic = system.f_type as u32;
    // Without a table of mounts a file system in user space counts as a local one.
    let mounts = || std::fs::read("/proc/self/mountinfo").unwrap_or_default();
    match fs_type::network(magic, device, mounts) {
        None => Ok(()),
        Some(name) => Err(StoreError::Place {
            place: root.display().to_string(),
            why: format!(
                "it is on a network file system ({name}), where locks do not hold; name a folder on a local disk with \
                 `--state-dir`"
            ),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    fn default(xdg_state_home: &str, home: &str) -> Result<PathBuf, StoreError> {
        StateDir::default_path(&StateEnvironment {
            xdg_state_home: Some(xdg_state_home.into()),
            home: Some(home.into()),
        })
    }

    #[test]
    fn the_default_follows_the_xdg_rules() {
        assert_eq!(default("/s", "/h").expect("xdg"), Path::new("/s/mbs"));
        assert_eq!(default("", "/h").expect("home"), Path::new("/h/.local/state/mbs"));
        assert_eq!(default("relative", "/h").expect("home"), Path::new("/h/.local/state/mbs"));
        let error = StateDir::default_path(&StateEnvironment::default()).expect_err("nothing set").to_string();
        assert!(error.contains("--state-dir"), "{error}");
    }

    #[test]
    fn new_folders_and_the_database_are_for_their_owner_only() {
        let temporary = tempfile::tempdir().expect("temporary folder");
        let dir = StateDir::create(temporary.path().join("a/b")).expect("state folder");
        let mode = |path: PathBuf| path.metadata().expect("metadata").permissions().mode() & 0o777;
        assert_eq!(mode(dir.root().to_owned()), 0o700);
        assert_eq!(mode(dir.logs()), 0o700);
        assert_eq!(mode(dir.locks()), 0o700);
        assert_eq!(mode(dir.database()), 0o600);
        StateDir::create(dir.root()).expect("a second time");
    }

    #[test]
    fn a_file_in_the_way_is_named() {
        let temporary = tempfile::tempdir().expect("temporary folder");
        let file = temporary.path().join("file");
        std::fs::write(&file, "x").expect("file");
        let error = StateDir::create(file.join("state")).expect_err("a file is in the way");
        assert!(matches!(error, StoreError::Place { .. }), "{error:?}");
        assert!(error.to_string().contains("file/state"), "{error}");
    }
}
