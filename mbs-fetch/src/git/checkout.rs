//! Laying out the files of a commit.

use super::program::{Call, Git};
use chrono::{DateTime, Utc};
use mbs_core::source::{CommitHash, RepositoryUrl, SourceError};
use std::path::Path;

/// Writes the tree of a commit into `dest`, an empty folder. No `.git` comes with it.
pub(crate) async fn export(
    git: &Git,
    url: &RepositoryUrl,
    git_dir: &Path,
    commit: &CommitHash,
    dest: &Path,
    tmp: &Path,
) -> Result<(), SourceError> {
    // A private index, so that any number of checkouts of one repository can run at once.
    let index = tempfile::tempdir_in(tmp).map_err(SourceError::disk("create folder in", tmp))?;
    let call = Call::new("read-tree", url)
        .git_dir(git_dir)
        .env("GIT_WORK_TREE", dest)
        .env("GIT_INDEX_FILE", index.path().join("index"))
        .args(["read-tree", "-u", "--reset", "--no-recurse-submodules", commit.as_str()]);
    git.run(call).await.map(drop)
}

/// Committer time of a commit.
pub(crate) async fn commit_time(
    git: &Git,
    address: &(impl ToString + ?Sized),
    git_dir: &Path,
    commit: &CommitHash,
) -> Result<DateTime<Utc>, SourceError> {
    let address = address.to_string();
    let call = Call::new("cat-file", &address).git_dir(git_dir).args(["cat-file", "commit", commit.as_str()]);
    let object = git.run(call).await?;
    // The header ends at the first empty line; its committer line ends with `SECONDS ZONE`.
    let seconds = object
        .split(|b| *b == b'\n')
        .take_while(|line| !line.is_empty())
        .find_map(|line| line.strip_prefix(b"committer "))
        .and_then(|line| line.rsplit(|b| *b == b' ').nth(1))
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse::<i64>().ok());
    seconds.and_then(|seconds| DateTime::from_timestamp(seconds, 0)).ok_or_else(|| SourceError::Git {
        what: "cat-file".to_owned(),
        repository: address,
        detail: format!("commit {commit} has no readable committer time"),
    })
}
