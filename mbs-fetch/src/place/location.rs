//! Where a file or a repository is.

use super::download::{download, kept};
use crate::http::{Http, KeptAnswers};
use crate::options::FetchOptions;
use mbs_core::clock::Clock;
use mbs_core::source::{CacheUrl, SourceError, UrlError};
use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::PathBuf;

/// A folder or an address.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Folder(PathBuf),
    Url(CacheUrl),
}

/// What reaching a place needs.
pub(crate) struct Means<'a> {
    pub(crate) http: &'a Http,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) options: &'a FetchOptions,
    /// Where answers of servers are kept.
    pub(crate) kept: Option<&'a KeptAnswers>,
    /// Whether only what is kept may be used.
    pub(crate) offline: bool,
}

impl Place {
    /// A text with `://` is an address, all else a path. `kind` names in errors what it should be.
    pub(crate) fn parse(text: &str, kind: &'static str) -> Result<Self, UrlError> {
        if !text.contains("://") {
            return Ok(Self::Folder(PathBuf::from(text)));
        }
        // What may be fetched is the same for all kinds of files.
        let url = CacheUrl::parse(text).map_err(|error| UrlError { kind, ..error })?;
        match (url.scheme(), url.secret_url().to_file_path()) {
            ("file", Ok(path)) => Ok(Self::Folder(path)),
            _ => Ok(Self::Url(url)),
        }
    }

    /// A file below the place.
    pub(crate) fn file(&self, steps: &[&str]) -> Self {
        match self {
            Self::Folder(folder) => Self::Folder(folder.join(steps.iter().collect::<PathBuf>())),
            Self::Url(url) => Self::Url(url.file(steps)),
        }
    }

    /// The place without credentials: an absolute path or an address.
    pub(crate) fn public(&self) -> String {
        match self {
            Self::Folder(path) => std::path::absolute(path).as_ref().unwrap_or(path).display().to_string(),
            Self::Url(url) => bare(url),
        }
    }

    /// The file's bytes as they were kept from an earlier answer of the server.
    pub(crate) async fn read_kept(&self, means: &Means<'_>, limit: u64) -> Option<Vec<u8>> {
        match self {
            Self::Url(url) => kept(url, means, limit).await.map(|kept| kept.body),
            Self::Folder(_) => None,
        }
    }

    /// The file's bytes; none if there is no such file. `limit` is in bytes.
    pub(crate) async fn read(&self, means: &Means<'_>, limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
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

/// An address without credentials.
pub(super) fn bare(url: &CacheUrl) -> String {
    let mut bare = url.secret_url().clone();
    // Both only fail for addresses that cannot hold credentials.
    let _ = bare.set_username("");
    let _ = bare.set_password(None);
    bare.to_string()
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "{}", path.display()),
            Self::Url(url) => write!(f, "{url}"),
        }
    }
}
