//! The implementation of the `Source` trait.

use crate::cache::CacheDir;
use crate::checksum;
use crate::git::{Git, Mirror, WorkingTree, commit_time, export, inspect};
use crate::http::Http;
use crate::lookaside::{Store, candidates, read_lists};
use crate::options::FetchOptions;
use crate::tree::{Spec, check_links, find_spec, settle};
use async_trait::async_trait;
use futures::StreamExt;
use mbs_core::clock::Clock;
use mbs_core::source::{
    Checkout, CheckoutRequest, CommitHash, GitRef, LookasideEntry, RefKind, RefRequest, RepositoryUrl, ResolvedRef,
    Source, SourceError,
};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Fetches from git repositories and look-aside caches, with one cache folder for both.
///
/// Any number of fetchers, also of several processes, may share a cache folder. All methods need a tokio runtime
/// with I/O and time enabled. Dropping a future kills git and ends transfers at once; copying or hashing of one file
/// that is under way at that moment still runs to its end.
pub struct Fetcher {
    pub(crate) cache: CacheDir,
    pub(crate) git: Git,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) options: FetchOptions,
    pub(crate) http: Http,
}

impl Fetcher {
    /// A fetcher that keeps its files in `cache`. Starts no program and opens no connection yet.
    ///
    /// # Errors
    /// [`SourceError::Disk`] when the cache folder cannot be written.
    pub fn new(cache: CacheDir, options: FetchOptions, clock: Arc<dyn Clock>) -> Result<Self, SourceError> {
        let git = Git::new(&options, cache.git_config(), clock.clone())?;
        Ok(Self { http: Http::new(&options), cache, git, clock, options })
    }

    /// The git checkout that a local file or folder belongs to, if it is as committed.
    ///
    /// `None` outside of git, for a file git does not know, and when any committed file was changed. Files that
    /// are not in git do not matter otherwise.
    ///
    /// # Errors
    /// [`SourceError::Disk`] when `path` does not exist, [`SourceError::GitMissing`].
    pub async fn working_tree(&self, path: &Path) -> Result<Option<WorkingTree>, SourceError> {
        inspect(&self.git, path, &self.cache.tmp()).await
    }

    pub(crate) fn mirror<'a>(&'a self, url: &'a RepositoryUrl) -> Mirror<'a> {
        Mirror::new(&self.git, &*self.clock, &self.options, &self.cache, url)
    }

    async fn place_lookaside(
        &self,
        request: &CheckoutRequest,
        dest: &Path,
        entries: &[LookasideEntry],
    ) -> Result<BTreeSet<PathBuf>, SourceError> {
        let store = Store { cache: &self.cache, http: &self.http, clock: &*self.clock, options: &self.options };
        let mut placed = BTreeSet::new();
        for entry in entries {
            let target = dest.join(&entry.path);
            // A small file may be in git as well; then there is nothing to fetch.
            let (path, expected) = (target.clone(), entry.checksum.clone());
            let in_git = move || {
                Ok(path.is_file() && checksum::of_file(&path, expected.kind()).is_ok_and(|(_, sum)| sum == expected))
            };
            if on_disk(in_git).await? {
                continue;
            }
            let places = request
                .cache
                .as_ref()
                .map(|cache| candidates(cache, &request.component, request.reference.as_ref(), entry));
            store.place(&request.component, entry, places.as_deref(), &target).await?;
            placed.insert(PathBuf::from(&entry.path));
        }
        Ok(placed)
    }
}

/// Runs file work away from the threads that drive futures.
async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, SourceError> + Send + 'static,
) -> Result<T, SourceError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(SourceError::disk("work on", "files")(io::Error::other(error))),
    }
}

/// Makes the folder a checkout goes to, or accepts an empty one.
fn prepare(dest: &Path) -> Result<(), SourceError> {
    match std::fs::create_dir(dest) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        made => return made.map_err(SourceError::disk("create folder", dest)),
    }
    let mut entries = std::fs::read_dir(dest).map_err(SourceError::disk("list", dest))?;
    if entries.next().is_some() {
        let error = io::Error::from(io::ErrorKind::DirectoryNotEmpty);
        return Err(SourceError::disk("check out into", dest)(error));
    }
    Ok(())
}

#[async_trait]
impl Source for Fetcher {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        type Key<'a> = (&'a RepositoryUrl, Option<&'a GitRef>);
        // Each address and ref is asked for once, so that equal requests cannot get different answers.
        let keys: BTreeSet<Key<'_>> = requests.iter().map(|r| (&r.repository, r.reference.as_ref())).collect();
        let asked: Vec<_> = keys
            .iter()
            .map(|&(repository, reference)| async move {
                ((repository, reference), self.mirror(repository).resolve(reference).await)
            })
            .collect();
        let answers: BTreeMap<Key<'_>, Result<(CommitHash, RefKind), SourceError>> =
            futures::stream::iter(asked).buffer_unordered(self.options.parallel.max(1)).collect().await;
        requests
            .iter()
            .map(|request| {
                let (commit, kind) = answers[&(&request.repository, request.reference.as_ref())].clone()?;
                Ok(ResolvedRef { component: request.component.clone(), commit, kind })
            })
            .collect()
    }

    async fn checkout(&self, request: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
        let dest = std::path::absolute(dest).map_err(SourceError::disk("find", dest))?;
        prepare(&dest)?;
        let mirror = self.mirror(&request.repository);
        mirror.ensure(&request.commit).await?;
        let git_dir = mirror.git_dir();
        let time = commit_time(&self.git, &request.repository, &git_dir, &request.commit).await?;
        export(&self.git, &request.repository, &git_dir, &request.commit, &dest, &self.cache.tmp()).await?;

        let (root, component) = (dest.clone(), request.component.clone());
        let (spec, entries) = on_disk(move || {
            // Before anything is read or written through the tree.
            check_links(&root)?;
            let spec = find_spec(&root, &component)?;
            let layout = if matches!(&spec, Spec::Found(path) if path.starts_with("SPECS")) { "SOURCES" } else { "" };
            Ok((spec, read_lists(&root, layout, &component)?))
        })
        .await?;
        let spec = match spec {
            Spec::Found(path) => path,
            Spec::Absent => {
                return Err(SourceError::SpecAbsent {
                    component: request.component.clone(),
                    repository: request.repository.to_string(),
                    commit: request.commit.clone(),
                });
            }
            Spec::Several(candidates) => {
                return Err(SourceError::SpecAmbiguous { component: request.component.clone(), candidates });
            }
        };
        let source_dir = PathBuf::from(if spec.starts_with("SPECS") { "SOURCES" } else { "" });
        let lookaside = self.place_lookaside(request, &dest, &entries).await?;
        let root = dest.clone();
        let files = on_disk(move || settle(&root, time, &lookaside)).await?;
        Ok(Checkout { spec, source_dir, files, commit_time: time })
    }
}
