//! Where a repository is.

use super::download::download;
use super::error::RepositoryError;
use crate::http::Http;
use crate::options::FetchOptions;
use mbs_core::clock::Clock;
use mbs_core::source::{CacheUrl, SourceError, UrlError};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

/// A folder or an address.
pub(super) enum Place {
    Folder(PathBuf),
    Url(CacheUrl),
}

/// What reaching a place needs.
pub(super) struct Means<'a> {
    pub(super) http: &'a Http,
    pub(super) clock: &'a dyn Clock,
    pub(super) options: &'a FetchOptions,
}

impl Place {
    /// A text with `://` is an address, all else a path.
    pub(super) fn parse(text: &str) -> Result<Self, RepositoryError> {
        if !text.contains("://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        // What may be fetched is the same for all kinds of files.
        let url = CacheUrl::parse(text).map_err(|error| UrlError { kind: "repository", ..error })?;
        match (url.scheme(), url.secret_url().to_file_path()) {
            ("file", Ok(path)) => Ok(Self::Folder(path)),
            _ => Ok(Self::Url(url)),
        }
    }

    /// A file below the place.
    pub(super) fn file(&self, steps: &[&str]) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder.join(steps.iter().collect::<PathBuf>())),
            Self::Url(url) => Self::Url(url.file(steps)),
        }
    }

    /// The file's bytes; none if there is no such file. `limit` is in bytes.
    pub(super) async fn read(&self, means: &Means<'_>, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
        match self {
            Self::Url(url) => download(url, means, limit).await,
            Self::Folder(path) => {
                let open = path.clone();
                let read = move || {
                    let mut bytes = Vec::new();
                    File::open(&open)?.take(limit.saturating_add(1)).read_to_end(&mut bytes)?;
                    Ok(bytes)
                };
                match crate::lookaside::blocking(read).await {
                    Ok(bytes) if bytes.len() as u64 > limit => {
                        Err(SourceError::TooLarge { address: path.display().to_string(), limit })
                    }
                    Ok(bytes) => Ok(Some(bytes)),
                    Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                        Ok(None)
                    }
                    Err(error) => Err(SourceError::disk("read", path)(error)),
                }
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Url(url) => write!(f, "{url}"),
        }
    }
}
