//! A repository at a distance and its part in the cache.
//!
//! The cache holds one bare repository per address. Objects arrive only as whole packs, so an object that is
//! there is there with all it needs, also after a killed fetch. Reading takes no lock; fetching takes the one of
//! the repository, and git itself holds it too until it has really ended.

use super::classify::{classify, is_not_there};
use super::program::{Call, Git};
use crate::cache::CacheDir;
use crate::lock::FileLock;
use crate::options::FetchOptions;
use crate::retry::{Attempts, deadline};
use mbs_core::clock::Clock;
use mbs_core::source::{CommitHash, GitRef, RefKind, RepositoryUrl, SourceError};
use std::path::{Path, PathBuf};

/// A repository at a distance and its part in the cache.
pub(crate) struct Mirror<'a> {
    git: &'a Git,
    clock: &'a dyn Clock,
    options: &'a FetchOptions,
    url: &'a RepositoryUrl,
    folder: PathBuf,
}

impl<'a> Mirror<'a> {
    pub(crate) fn new(
        git: &'a Git,
        clock: &'a dyn Clock,
        options: &'a FetchOptions,
        cache: &CacheDir,
        url: &'a RepositoryUrl,
    ) -> Self {
        Self { git, clock, options, url, folder: cache.repository(url) }
    }

    /// The bare repository; it exists once [`Mirror::ensure`] has succeeded.
    pub(crate) fn git_dir(&self) -> PathBuf {
        self.folder.join("repo.git")
    }

    /// Finds the commit of a ref: branch, tag, full hash, short hash, in this order except that a full hash is
    /// never looked up as a name.
    pub(crate) async fn resolve(&self, reference: Option<&GitRef>) -> Result<(CommitHash, RefKind), SourceError> {
        if let Some(commit) = reference.and_then(GitRef::as_commit) {
            self.ensure(&commit).await?;
            return Ok((commit, RefKind::Commit));
        }
        if let Some(found) = self.ask(reference).await? {
            return Ok(found);
        }
        match reference.filter(|reference| reference.may_be_short_hash()) {
            Some(short) => Ok((self.complete(short).await?, RefKind::Commit)),
            None => Err(self.absent(reference.map_or("HEAD", GitRef::as_str))),
        }
    }

    /// Has the commit and all its files in the cache afterwards.
    pub(crate) async fn ensure(&self, commit: &CommitHash) -> Result<(), SourceError> {
        if self.has(commit).await? {
            return Ok(());
        }
        let lock = self.lock().await?;
        // Another task or process may have brought it meanwhile.
        if self.has(commit).await? {
            return Ok(());
        }
        self.init(commit.is_sha256()).await?;
        let shallow = self.fetch_one(commit, &lock).await;
        match shallow {
            Ok(true) => return Ok(()),
            // Servers may give out no single commits, or no shallow history at all: then everything is fetched.
            Ok(false) | Err(SourceError::Git { .. }) => {}
            Err(error) => return Err(error),
        }
        self.fetch_all(&lock).await?;
        if self.has(commit).await? { Ok(()) } else { Err(self.absent(commit.as_str())) }
    }

    /// Whether a commit is part of a branch as it is now.
    pub(crate) async fn in_branch(&self, commit: &CommitHash, branch: &GitRef) -> Result<bool, SourceError> {
        let full = GitRef::new(format!("refs/heads/{}", branch.as_str()))?;
        let Some((head, _)) = self.ask(Some(&full)).await? else { return Err(self.absent(full.as_str())) };
        if head == *commit {
            return Ok(true);
        }
        // Only the whole history tells.
        let lock = self.lock().await?;
        self.init(commit.is_sha256()).await?;
        self.fetch_all(&lock).await?;
        if !self.has(commit).await? {
            return Err(self.absent(commit.as_str()));
        }
        let name = format!("refs/mbs/heads/{}", branch.as_str());
        let contains = format!("--contains={commit}");
        let call = Call::new("for-each-ref", self.url).git_dir(&self.git_dir());
        let found = self.git.run(call.args(["for-each-ref", "--format=%(refname)", &contains]).args([&name])).await?;
        Ok(found.split(|byte| *byte == b'\n').any(|line| line == name.as_bytes()))
    }

    /// Fetches one commit without its history; `false` when the server does not give it out.
    async fn fetch_one(&self, commit: &CommitHash, lock: &FileLock) -> Result<bool, SourceError> {
        let refspec = format!("+{commit}:refs/mbs/commits/{commit}");
        let args = ["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--depth=1"];
        let mut attempts = Attempts::new(self.clock, self.options);
        loop {
            let output = self.git.try_run(self.fetch_call(&args, lock).args([&refspec])).await?;
            if output.success || is_not_there(&output.stderr) {
                return Ok(output.success);
            }
            attempts.after(classify("fetch", &self.url.to_string(), &output.stderr)).await?;
        }
    }

    fn absent(&self, reference: &str) -> SourceError {
        SourceError::RefAbsent { repository: self.url.to_string(), reference: reference.to_owned() }
    }

    /// Asks the server for a branch or tag; without a ref for its default branch.
    async fn ask(&self, reference: Option<&GitRef>) -> Result<Option<(CommitHash, RefKind)>, SourceError> {
        // In order of precedence. A tag object is shown a second time, with `^{}`, as the commit it stands for.
        let wanted: Vec<(String, RefKind)> = match reference.map(GitRef::as_str) {
            None | Some("HEAD") => vec![("HEAD".to_owned(), RefKind::Branch)],
            Some(full) if full.starts_with("refs/") => {
                let kind = if full.starts_with("refs/tags/") { RefKind::Tag } else { RefKind::Branch };
                vec![(format!("{full}^{{}}"), kind), (full.to_owned(), kind)]
            }
            Some(name) => vec![
                (format!("refs/heads/{name}"), RefKind::Branch),
                (format!("refs/tags/{name}^{{}}"), RefKind::Tag),
                (format!("refs/tags/{name}"), RefKind::Tag),
            ],
        };
        let names: Vec<&str> = wanted.iter().map(|(name, _)| name.as_str()).collect();
        let listing = self.list(&names).await?;
        let refs: Vec<(&[u8], &[u8])> = listing
            .split(|b| *b == b'\n')
            .filter_map(|line| {
                let tab = line.iter().position(|b| *b == b'\t')?;
                Some((&line[..tab], &line[tab + 1..]))
            })
            .collect();
        // The patterns also match refs that only end like them, so the names are compared in full.
        Ok(wanted.iter().find_map(|(name, kind)| {
            let (hash, _) = refs.iter().find(|(_, found)| *found == name.as_bytes())?;
            Some((CommitHash::new(std::str::from_utf8(hash).ok()?).ok()?, *kind))
        }))
    }

    /// Lists the refs that end like one of `names`.
    async fn list(&self, names: &[&str]) -> Result<Vec<u8>, SourceError> {
        let mut attempts = Attempts::new(self.clock, self.options);
        loop {
            let call = Call::new("ls-remote", self.url).args(["ls-remote", "--quiet"]).remote(self.url).args(names);
            match self.git.run(call).await {
                Ok(listing) => return Ok(listing),
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    /// Completes a short hash, for which the whole history is needed.
    async fn complete(&self, short: &GitRef) -> Result<CommitHash, SourceError> {
        let lock = self.lock().await?;
        // A short hash does not tell which kind of hash the repository uses; asking for HEAD does.
        let sha256 = self.ask(None).await?.is_some_and(|(head, _)| head.is_sha256());
        self.init(sha256).await?;
        self.fetch_all(&lock).await?;
        let call = Call::new("rev-parse", self.url)
            .git_dir(&self.git_dir())
            .args(["rev-parse", "--verify", "--end-of-options"])
            .args([format!("{short}^{{commit}}")]);
        let output = self.git.try_run(call).await?;
        if output.success {
            let text = output.stdout.trim_ascii();
            return std::str::from_utf8(text)
                .ok()
                .and_then(|text| CommitHash::new(text).ok())
                .ok_or_else(|| self.absent(short.as_str()));
        }
        if output.stderr.contains("ambiguous") && output.stderr.contains("short object ID") {
            return Err(SourceError::RefAmbiguous { repository: self.url.to_string(), reference: short.to_string() });
        }
        Err(self.absent(short.as_str()))
    }

    /// Whether the cache has the commit.
    async fn has(&self, commit: &CommitHash) -> Result<bool, SourceError> {
        if !self.git_dir().exists() {
            return Ok(false);
        }
        let call = Call::new("cat-file", self.url)
            .git_dir(&self.git_dir())
            .args(["cat-file", "-e"])
            .args([format!("{commit}^{{commit}}")]);
        Ok(self.git.try_run(call).await?.success)
    }

    async fn lock(&self) -> Result<FileLock, SourceError> {
        std::fs::create_dir_all(&self.folder).map_err(SourceError::disk("create folder", &self.folder))?;
        let limit = self.options.git_timeout;
        let until = deadline(self.clock, limit);
        let path = self.folder.join("lock");
        // A git left over from a killed run may hold the lock; it must not hold this run for ever.
        tokio::select! {
            lock = FileLock::take(&path, self.clock) => lock,
            () = self.clock.sleep_until(until) => Err(SourceError::TimedOut {
                what: "waiting for another fetch",
                address: self.url.to_string(),
                seconds: limit.as_secs(),
            }),
        }
    }

    /// Makes the bare repository, or clears what a killed git left in it. Call with the lock held.
    async fn init(&self, sha256: bool) -> Result<(), SourceError> {
        let git_dir = self.git_dir();
        if git_dir.exists() {
            clear_leftovers(&git_dir);
            return Ok(());
        }
        let fresh = tempfile::Builder::new()
            .prefix("new-")
            .tempdir_in(&self.folder)
            .map_err(SourceError::disk("create folder in", &self.folder))?;
        let format = if sha256 { "--object-format=sha256" } else { "--object-format=sha1" };
        let call = Call::new("init", self.url).args(["init", "--quiet", "--bare", "--template=", format, "--"]);
        self.git.run(call.args([fresh.path()])).await?;
        let fresh = fresh.keep();
        std::fs::rename(&fresh, &git_dir).map_err(SourceError::disk("rename folder to", &git_dir))
    }

    /// Fetches all branches and tags with their whole history. Call with the lock held.
    async fn fetch_all(&self, lock: &FileLock) -> Result<(), SourceError> {
        let mut attempts = Attempts::new(self.clock, self.options);
        loop {
            let mut args = vec!["fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--prune"];
            if std::fs::metadata(self.git_dir().join("shallow")).is_ok_and(|file| file.len() > 0) {
                args.push("--unshallow");
            }
            let refspecs = ["+refs/heads/*:refs/mbs/heads/*", "+refs/tags/*:refs/mbs/tags/*"];
            match self.git.run(self.fetch_call(&args, lock).args(refspecs)).await {
                Ok(_) => return Ok(()),
                Err(error) => attempts.after(error).await?,
            }
        }
    }

    /// A fetch that keeps the lock for as long as git lives, also when this process is killed.
    fn fetch_call(&self, args: &[&str], lock: &FileLock) -> Call<'a> {
        Call::new("fetch", self.url).git_dir(&self.git_dir()).args(args).remote(self.url).holding(lock.share())
    }
}

/// Removes lock files and half packs of a git that was killed. The repository's lock is held, so no git is at work.
fn clear_leftovers(git_dir: &Path) {
    fn remove(folder: &Path, deep: bool, stale: &dyn Fn(&str) -> bool) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            if deep && entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                remove(&entry.path(), true, stale);
            } else if name.to_str().is_some_and(stale) {
                // What cannot be removed makes the next git command fail with its own message.
                let _ = std::fs::remove_file(entry.path());
            }
        }
    }
    let lock = |name: &str| name.strip_suffix(".lock").is_some();
    remove(git_dir, false, &lock);
    remove(&git_dir.join("refs"), true, &lock);
    remove(&git_dir.join("objects/pack"), false, &|name| name.starts_with("tmp_") || name.starts_with(".tmp-"));
}
