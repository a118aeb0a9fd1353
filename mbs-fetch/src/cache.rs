//! The folder that keeps what was fetched.
//!
//! ```text
//! ROOT/git/config                         configuration for every git call
//! ROOT/git/NAME-KEY/{repo.git,lock}       one bare repository per address
//! ROOT/lookaside/KIND/HH/HEX              verified file, named by its checksum
//! ROOT/lookaside/KIND/HH/HEX.{part,lock}  download under way
//! ROOT/http/HH/HEX                        answer of a server, named by the checksum of its address
//! ROOT/tmp/                               short-lived
//! ```
//!
//! Everything in it can be deleted while nothing runs.

use mbs_core::source::{Checksum, RepositoryUrl, SourceError};
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

/// The folder that keeps what was fetched, shared by all builds of one user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CacheDir {
    root: PathBuf,
}

impl CacheDir {
    /// A cache in `root`, which is created when needed. A relative path is taken from the current folder.
    ///
    /// # Errors
    /// [`SourceError::Disk`] when the folders cannot be made.
    pub fn open(root: impl AsRef<Path>) -> Result<Self, SourceError> {
        let root = std::path::absolute(root.as_ref()).map_err(SourceError::disk("find", root.as_ref()))?;
        // Private: repositories fetched with credentials are in it.
        let private = |path: &Path| std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path);
        for path in [root.clone(), root.join("git"), root.join("lookaside"), root.join("http"), root.join("tmp")] {
            private(&path).map_err(SourceError::disk("create folder", &path))?;
        }
        Ok(Self { root })
    }

    /// Where the cache is by default: `$XDG_CACHE_HOME/mbs`, else `$HOME/.cache/mbs`.
    ///
    /// `None` when neither variable holds an absolute path. `variable` looks up an environment variable.
    pub fn default_root(variable: impl Fn(&str) -> Option<OsString>) -> Option<PathBuf> {
        let absolute = |name| variable(name).map(PathBuf::from).filter(|path| path.is_absolute());
        let base = absolute("XDG_CACHE_HOME").or_else(|| absolute("HOME").map(|home| home.join(".cache")))?;
        Some(base.join("mbs"))
    }

    /// The folder itself.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Folder for short-lived files, on the same file system as the rest.
    pub(crate) fn tmp(&self) -> PathBuf {
        self.root.join("tmp")
    }

    pub(crate) fn git_config(&self) -> PathBuf {
        self.root.join("git/config")
    }

    /// Folder of one repository. Credentials do not matter for it.
    pub(crate) fn repository(&self, url: &RepositoryUrl) -> PathBuf {
        let digest = Sha256::digest(url.git_url());
        let key = digest.iter().take(12).fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        let readable: String =
            url.name().chars().filter(|c| c.is_ascii_alphanumeric() || "+-_".contains(*c)).take(60).collect();
        self.root.join("git").join(format!("{}-{key}", readable.trim_start_matches('-')))
    }

    /// Place of a kept answer. Credentials do not matter for it.
    pub(crate) fn http(&self, address: &str) -> PathBuf {
        let digest = Sha256::digest(address);
        let key = digest.iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"));
        self.root.join("http").join(&key[..2]).join(key)
    }

    /// Place of a verified look-aside file.
    pub(crate) fn lookaside(&self, checksum: &Checksum) -> PathBuf {
        self.root.join("lookaside").join(checksum.kind().as_str()).join(&checksum.hex()[..2]).join(checksum.hex())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_place_follows_the_environment() {
        let with = |xdg: Option<&str>, home: Option<&str>| {
            CacheDir::default_root(|name| match name {
                "XDG_CACHE_HOME" => xdg.map(OsString::from),
                _ => home.map(OsString::from),
            })
        };
        assert_eq!(with(Some("/x"), Some("/h")), Some(PathBuf::from("/x/mbs")));
        assert_eq!(with(Some("relative"), Some("/h")), Some(PathBuf::from("/h/.cache/mbs")));
        assert_eq!(with(None, None), None);
    }
}
