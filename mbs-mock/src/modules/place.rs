//! Where a repository is, and how its files are had.

use super::error::ModulesProblem;
use super::repository::disk;
use mbs_core::repodata::PackageSource;
use mbs_core::source::{CacheUrl, Checksum, SourceError};
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;

/// What reaching a server needs.
#[derive(Clone)]
pub struct Remote {
    /// Who fetches.
    pub source: Arc<dyn PackageSource>,
    /// Runs the fetching; the thread that asks is blocked meanwhile and must not be one of its own.
    pub runtime: tokio::runtime::Handle,
}

/// Where a repository is.
pub(super) enum Place {
    Folder(PathBuf),
    Server(String, Remote),
}

impl Place {
    pub(super) fn parse(text: &str, remote: Option<&Remote>) -> Result<Self, ModulesProblem> {
        if !text.contains("://") {
            return if text.starts_with('/') {
                Ok(Self::Folder(PathBuf::from(text)))
            } else {
                Err(ModulesProblem::Place("is neither an absolute path nor an address".to_owned()))
            };
        }
        let url = CacheUrl::parse(text).map_err(|error| ModulesProblem::Place(error.problem.to_owned()))?;
        match (url.scheme(), url.secret_url().to_file_path()) {
            ("file", Ok(path)) => Ok(Self::Folder(path)),
            _ => remote.map(|remote| Self::Server(text.to_owned(), remote.clone())).ok_or(ModulesProblem::Remote),
        }
    }

    /// A file of the repository's metadata; none if there is none. `limit` is in bytes.
    pub(super) fn metadata(&self, path: &[&str], limit: u64) -> Result<Option<Vec<u8>>, ModulesProblem> {
        match self {
            Self::Server(address, remote) => {
                remote.runtime.block_on(remote.source.metadata(address, path, limit)).map_err(ModulesProblem::Fetch)
            }
            Self::Folder(folder) => {
                let path = folder.join(path.iter().collect::<PathBuf>());
                let mut bytes = Vec::new();
                let read =
                    File::open(&path).and_then(|file| file.take(limit.saturating_add(1)).read_to_end(&mut bytes));
                match read {
                    Ok(_) if bytes.len() as u64 > limit => {
                        Err(ModulesProblem::Fetch(SourceError::TooLarge { address: path.display().to_string(), limit }))
                    }
                    Ok(_) => Ok(Some(bytes)),
                    Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                        Ok(None)
                    }
                    Err(error) => Err(disk("read", &path)(error)),
                }
            }
        }
    }

    /// The file of a package on this machine; that of a folder may not exist.
    pub(super) fn package(&self, path: &[String], checksum: &Checksum) -> Result<PathBuf, ModulesProblem> {
        match self {
            Self::Folder(folder) => Ok(folder.join(path.iter().collect::<PathBuf>())),
            Self::Server(address, remote) => {
                let path: Vec<&str> = path.iter().map(String::as_str).collect();
                let fetched = remote.runtime.block_on(remote.source.package(address, &path, checksum));
                fetched.map_err(ModulesProblem::Fetch)
            }
        }
    }
}
