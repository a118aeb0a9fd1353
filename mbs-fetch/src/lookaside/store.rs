//! One verified copy of each look-aside file.
//!
//! A download goes to `HEX.part` under a lock and continues where an earlier one broke off. Only when its checksum
//! is right is it synced and renamed to `HEX`, so a file with that name is complete.

use crate::cache::CacheDir;
use crate::checksum;
use crate::http::{Http, describe};
use crate::lock::FileLock;
use crate::options::FetchOptions;
use crate::retry::Attempts;
use futures::StreamExt;
use mbs_core::ComponentName;
use mbs_core::clock::Clock;
use mbs_core::source::{CacheUrl, Checksum, LookasideEntry, SourceError};
use reqwest::StatusCode;
use reqwest::header::CONTENT_RANGE;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt;

/// The shared look-aside files.
pub(crate) struct Store<'a> {
    pub(crate) cache: &'a CacheDir,
    pub(crate) http: &'a Http,
    pub(crate) clock: &'a dyn Clock,
    pub(crate) options: &'a FetchOptions,
}

/// What one place had.
enum Found {
    /// The file is in the part file, complete as far as the server says.
    Yes {
        /// Whether some of it came from an earlier attempt.
        resumed: bool,
    },
    /// No such file there.
    No,
    /// The server wants other credentials.
    Denied(StatusCode),
}

impl Store<'_> {
    /// Puts a look-aside file at `target`, fetching it when the store does not have it.
    ///
    /// `places` are tried in order; `None` when the component has no cache.
    pub(crate) async fn place(
        &self,
        component: &ComponentName,
        entry: &LookasideEntry,
        places: Option<&[CacheUrl]>,
        target: &Path,
    ) -> Result<(), SourceError> {
        let mut damaged = false;
        loop {
            let stored = self.obtain(component, entry, places).await?;
            let (from, to, kind) = (stored.clone(), target.to_owned(), entry.checksum.kind());
            // Always a copy: what builds from it could write to a shared file.
            let copied = blocking(move || copy_to(&from, &to, kind)).await;
            let found = copied.map_err(SourceError::disk("copy a look-aside file to", target))?;
            if found == entry.checksum {
                return Ok(());
            }
            if damaged {
                let address = stored.display().to_string();
                return Err(mismatch(entry, address, found));
            }
            // The stored copy rotted on disk: fetch it anew, once.
            tracing::warn!(file = entry.file_name(), "the stored copy is damaged and is fetched again");
            std::fs::remove_file(&stored).map_err(SourceError::disk("remove", &stored))?;
            damaged = true;
        }
    }

    /// The stored file, fetched if needed.
    pub(crate) async fn obtain(
        &self,
        component: &ComponentName,
        entry: &LookasideEntry,
        places: Option<&[CacheUrl]>,
    ) -> Result<PathBuf, SourceError> {
        let stored = self.cache.lookaside(&entry.checksum);
        if stored.exists() {
            return Ok(stored);
        }
        let file = || entry.file_name().to_owned();
        let places = places.ok_or_else(|| SourceError::NoLookaside { component: component.clone(), file: file() })?;
        let folder = stored.parent().unwrap_or(Path::new("/"));
        std::fs::create_dir_all(folder).map_err(SourceError::disk("create folder", folder))?;
        let _lock = FileLock::take(&stored.with_extension("lock"), self.clock).await?;
        if stored.exists() {
            return Ok(stored);
        }
        let part = stored.with_extension("part");
        let mut first_problem = None;
        for place in places {
            match self.try_place(entry, place, &part, &stored).await {
                Ok(true) => return Ok(stored),
                Ok(false) => {}
                // A later place may have the right file; if none has, the first problem tells most.
                Err(error @ (SourceError::ChecksumMismatch { .. } | SourceError::AccessDenied { .. })) => {
                    first_problem.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(first_problem.unwrap_or_else(|| SourceError::LookasideAbsent {
            component: component.clone(),
            file: file(),
            tried: places.iter().map(ToString::to_string).collect(),
        }))
    }

    /// Tries one place, again after trouble with the network. `false`: the file is not there.
    async fn try_place(
        &self,
        entry: &LookasideEntry,
        place: &CacheUrl,
        part: &Path,
        stored: &Path,
    ) -> Result<bool, SourceError> {
        let mut attempts = Attempts::new(self.clock, self.options);
        loop {
            let found = if place.scheme() == "file" {
                self.copy_local(place, part).await
            } else {
                self.download(place, part).await
            };
            match found {
                Ok(Found::No) => return Ok(false),
                Ok(Found::Denied(status)) => {
                    let detail = format!("the server answered {status}");
                    return Err(SourceError::AccessDenied { address: place.to_string(), detail });
                }
                Ok(Found::Yes { resumed }) => {
                    let (path, kind) = (part.to_owned(), entry.checksum.kind());
                    let sum = blocking(move || checksum::of_file(&path, kind)).await;
                    let (_, sum) = sum.map_err(SourceError::disk("read", part))?;
                    if sum == entry.checksum {
                        keep(part, stored).map_err(SourceError::disk("store", stored))?;
                        return Ok(true);
                    }
                    remove(part)?;
                    // Parts of two different files prove nothing: once more from the start.
                    if !resumed {
                        return Err(mismatch(entry, place.to_string(), sum));
                    }
                }
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    async fn copy_local(&self, place: &CacheUrl, part: &Path) -> Result<Found, SourceError> {
        let Ok(from) = place.secret_url().to_file_path() else { return Ok(Found::No) };
        let (to, limit) = (part.to_owned(), self.options.max_file_size);
        let read = from.clone();
        let copied = blocking(move || match std::fs::metadata(&read) {
            Ok(meta) if meta.is_file() && meta.len() > limit => Ok(None),
            Ok(meta) if meta.is_file() => std::fs::copy(&read, &to).map(|_| Some(true)),
            Ok(_) => Ok(Some(false)),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(Some(false))
            }
            Err(error) => Err(error),
        });
        match copied.await.map_err(SourceError::disk("copy", &from))? {
            None => Err(SourceError::TooLarge { address: place.to_string(), limit }),
            Some(true) => Ok(Found::Yes { resumed: false }),
            Some(false) => Ok(Found::No),
        }
    }

    /// Downloads to the part file, from where an earlier download stopped.
    async fn download(&self, place: &CacheUrl, part: &Path) -> Result<Found, SourceError> {
        let network = |detail: String| SourceError::Network { address: place.to_string(), detail };
        let mut offset = std::fs::metadata(part).map_or(0, |meta| meta.len());
        let mut response = self.http.get(place, offset).await?;
        let continues =
            |value: &str| value.strip_prefix("bytes ").is_some_and(|v| v.starts_with(&format!("{offset}-")));
        let usable = match response.status() {
            StatusCode::PARTIAL_CONTENT => {
                response.headers().get(CONTENT_RANGE).and_then(|v| v.to_str().ok()).is_some_and(continues)
            }
            StatusCode::RANGE_NOT_SATISFIABLE => false,
            _ => true,
        };
        if offset > 0 && !usable {
            remove(part)?;
            offset = 0;
            response = self.http.get(place, 0).await?;
        }
        let status = response.status();
        match status {
            StatusCode::OK => offset = 0,
            StatusCode::PARTIAL_CONTENT if offset > 0 => {}
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => return Ok(Found::Denied(status)),
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS => {
                return Err(network(format!("the server answered {status}")));
            }
            _ if status.is_server_error() => return Err(network(format!("the server answered {status}"))),
            _ => return Ok(Found::No),
        }
        let limit = self.options.max_file_size;
        let too_large = || SourceError::TooLarge { address: place.to_string(), limit };
        if response.content_length().is_some_and(|length| length.saturating_add(offset) > limit) {
            return Err(too_large());
        }
        let disk = |error| SourceError::disk("write", part)(error);
        let mut options = tokio::fs::OpenOptions::new();
        options.create(true).write(true).truncate(offset == 0).append(offset > 0);
        if offset > 0 {
            options.truncate(false);
        }
        let mut file = options.open(part).await.map_err(disk)?;
        let mut length = offset;
        let mut body = response.bytes_stream();
        while let Some(chunk) = body.next().await {
            let chunk = match chunk {
                Ok(chunk) => chunk,
                Err(error) => {
                    // What arrived is worth keeping for the next attempt.
                    file.flush().await.map_err(disk)?;
                    return Err(network(describe(error)));
                }
            };
            length += chunk.len() as u64;
            if length > limit {
                drop(file);
                remove(part)?;
                return Err(too_large());
            }
            file.write_all(&chunk).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        Ok(Found::Yes { resumed: offset > 0 })
    }
}

fn mismatch(entry: &LookasideEntry, address: String, found: Checksum) -> SourceError {
    let file = entry.file_name().to_owned();
    SourceError::ChecksumMismatch { file, address, expected: entry.checksum.clone(), found }
}

fn remove(path: &Path) -> Result<(), SourceError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(SourceError::disk("remove", path)(error)),
        _ => Ok(()),
    }
}

/// Gives a verified part file its final name, safe against loss of power.
fn keep(part: &Path, stored: &Path) -> io::Result<()> {
    File::open(part)?.sync_all()?;
    std::fs::rename(part, stored)?;
    File::open(stored.parent().unwrap_or(Path::new("/")))?.sync_all()
}

/// Copies to a new file in place of whatever has the name, and gives the checksum of what was copied.
fn copy_to(from: &Path, to: &Path, kind: mbs_core::source::ChecksumKind) -> io::Result<Checksum> {
    if let Some(folder) = to.parent() {
        std::fs::create_dir_all(folder)?;
    }
    match std::fs::remove_file(to) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let (_, sum) = checksum::copy(&mut File::open(from)?, &mut File::create_new(to)?, kind)?;
    Ok(sum)
}

/// Runs file work away from the threads that drive futures.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
