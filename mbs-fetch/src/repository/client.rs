//! Reads the module documents of a repository.

use super::error::RepositoryError;
use crate::cache::CacheDir;
use crate::http::{Http, KeptAnswers};
use crate::options::FetchOptions;
use crate::place::{Means, Place};
use mbs_core::clock::Clock;
use mbs_core::modulemd::{Limits, decode};
use mbs_core::repodata::{MODULES, REPOMD, Repomd, RepomdError};
use std::sync::Arc;

/// Largest `repomd.xml` in bytes. Real ones have some thousand.
const MAX_LIST: u64 = 16 << 20;

/// Reads repositories in folders and on servers. Opens no connection before the first request.
///
/// With a cache folder the answers of servers are kept there: the next time the list of parts is only fetched if it has
/// changed, and the documents only if their checksum has. Credentials are never part of what is kept.
pub struct RepositoryClient {
    http: Http,
    clock: Arc<dyn Clock>,
    options: FetchOptions,
    kept: Option<KeptAnswers>,
    offline: bool,
}

/// The module documents of a repository, as text that was compared with its checksums.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RepositoryModules {
    /// The file they come from, without credentials; for diagnostics.
    pub file: String,
    /// The documents, without compression. Nothing says that they are right.
    pub text: Vec<u8>,
    /// How many entries for module documents the list of parts has: of several, the newest was read.
    pub entries: usize,
}

impl RepositoryClient {
    /// A client with the limits of a fetcher.
    pub fn new(options: FetchOptions, clock: Arc<dyn Clock>) -> Self {
        Self { http: Http::new(&options), clock, options, kept: None, offline: false }
    }

    /// Keeps answers of servers in a cache folder.
    pub fn with_cache(self, cache: CacheDir) -> Self {
        Self { kept: Some(KeptAnswers::new(cache)), ..self }
    }

    /// Whether only what is in the cache may be used; repositories in folders are read all the same. What is not in the
    /// cache is then [`SourceError::NotCached`](mbs_core::source::SourceError::NotCached).
    pub fn offline(self, offline: bool) -> Self {
        Self { offline, ..self }
    }

    pub(crate) fn means(&self) -> Means<'_> {
        let (kept, offline) = (self.kept.as_ref(), self.offline);
        Means { http: &self.http, clock: &*self.clock, options: &self.options, kept, offline }
    }

    /// The module documents of a repository: a path, or an address with the scheme `file`, `http` or `https`.
    ///
    /// Size and checksum of the file are compared with the list of parts, before and after decompression. The address is
    /// that of the folder that holds `repodata`. A file that differs from the list or is gone is looked for once more with
    /// a new list: the repository may just have been changed. Needs a tokio runtime with I/O and time enabled.
    ///
    /// # Errors
    /// [`RepositoryError`]: no repository, no module documents in it, a list that is broken, a file that differs from the
    /// list, trouble with the network.
    pub async fn modules(&self, place: &str, limits: &Limits) -> Result<RepositoryModules, RepositoryError> {
        let root = Place::parse(place, "repository")?;
        match self.attempt(&root, limits).await {
            Err(error) if error.may_be_a_change() => self.attempt(&root, limits).await,
            found => found,
        }
    }

    async fn attempt(&self, root: &Place, limits: &Limits) -> Result<RepositoryModules, RepositoryError> {
        let means = self.means();
        let list = root.file(&REPOMD.split('/').collect::<Vec<_>>()).read(&means, MAX_LIST).await?;
        let list = list.ok_or_else(|| RepositoryError::Absent { place: root.to_string(), list: REPOMD })?;
        let in_list = |source| RepositoryError::Repomd { place: root.to_string(), source };
        let list = std::str::from_utf8(&list).map_err(|error| {
            let line = list[..error.valid_up_to()].split(|byte| *byte == b'\n').count();
            in_list(RepomdError::Broken { line, problem: "it is not UTF-8".to_owned() })
        })?;
        let list = Repomd::parse(list).map_err(in_list)?;
        let part = list.part(MODULES).map_err(in_list)?;
        let in_part = |source| RepositoryError::Part { place: root.to_string(), source };

        let file = root.file(&part.path().map_err(in_part)?);
        let limit = limits.compressed_bytes() as u64;
        let packed = match file.read_kept(&means, limit).await {
            Some(kept) if part.check(&kept).is_ok() => Some(kept),
            _ => file.read(&means, limit).await?,
        };
        let packed = packed.ok_or_else(|| RepositoryError::FileAbsent { file: file.to_string() })?;
        part.check(&packed).map_err(in_part)?;
        let text = decode(&packed, limits)
            .map_err(|source| RepositoryError::Content { file: file.to_string(), source })?
            .into_owned();
        part.check_open(&text).map_err(in_part)?;
        let entries = list.parts.iter().filter(|part| part.kind == MODULES).count();
        Ok(RepositoryModules { file: file.to_string(), text, entries })
    }
}
