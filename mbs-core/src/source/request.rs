//! The trait between the engine and whatever fetches sources.

use super::error::SourceError;
use super::git_ref::{CommitHash, GitRef};
use super::location::{CacheUrl, RepositoryUrl};
use crate::ComponentName;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Question: which commit does a component's ref name now?
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefRequest {
    /// The component, for messages.
    pub component: ComponentName,
    /// Its repository.
    pub repository: RepositoryUrl,
    /// Branch, tag, full or short hash; none means the repository's default branch.
    pub reference: Option<GitRef>,
}

/// What a ref turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum RefKind {
    /// A branch, or the default branch.
    Branch,
    /// A tag.
    Tag,
    /// A full or short hash.
    Commit,
}

/// Answer to a [`RefRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResolvedRef {
    /// The component.
    pub component: ComponentName,
    /// The commit.
    pub commit: CommitHash,
    /// What the ref was.
    pub kind: RefKind,
}

/// Order to lay out the files of one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutRequest {
    /// The component; its name selects the spec file and is part of look-aside addresses.
    pub component: ComponentName,
    /// Its repository.
    pub repository: RepositoryUrl,
    /// The exact commit.
    pub commit: CommitHash,
    /// Where files listed in `sources` or `.NAME.metadata` are.
    pub cache: Option<CacheUrl>,
    /// The ref as written; one layout of look-aside caches has the branch in its addresses.
    pub reference: Option<GitRef>,
}

/// Where a file of a checkout came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileOrigin {
    /// The git repository.
    Git,
    /// The look-aside cache.
    Lookaside,
}

/// One regular file of a checkout.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckoutFile {
    /// Path relative to the checkout.
    pub path: PathBuf,
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 in lower-case hex.
    pub sha256: String,
    /// Where it came from.
    pub origin: FileOrigin,
}

/// The files of one component at one commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkout {
    /// The spec file, relative to the checkout.
    pub spec: PathBuf,
    /// Folder that serves as rpmbuild's `_sourcedir`, relative to the checkout: empty, or `SOURCES`.
    pub source_dir: PathBuf,
    /// All regular files, sorted by path.
    pub files: Vec<CheckoutFile>,
    /// Committer time of the commit. All files have it as modification time.
    pub commit_time: DateTime<Utc>,
}

/// Finds commits and lays out source files.
#[async_trait]
pub trait Source: Send + Sync {
    /// Finds the commits of many refs at once.
    ///
    /// Behaviour: the answers stand in the order of the requests and every problem is reported. Equal requests
    /// get equal answers. A branch goes before a tag, a tag before a short hash. A hash is checked to exist.
    ///
    /// Idempotency: nothing is changed but caches. Dropping the future stops all work it started.
    ///
    /// Errors: per request, see [`SourceError`].
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>>;

    /// Lays out a component: the git tree of one commit and its look-aside files with verified checksums.
    ///
    /// Needs: `dest` does not exist or is an empty folder, and its parent exists.
    ///
    /// Behaviour: the same request gives the same bytes, modes and times. No `.git` is left in `dest`, and no
    /// link in it leads outside. After an error `dest` holds nothing of use and may be removed.
    ///
    /// Idempotency: calling again with another `dest` gives the same files.
    ///
    /// Errors: see [`SourceError`].
    async fn checkout(&self, request: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError>;
}
