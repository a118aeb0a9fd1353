//! What a lock holds.

use crate::source::{Checksum, CommitHash};
use crate::{ComponentName, Nsvc};
use std::collections::BTreeMap;

/// The version of the form that this release writes and reads.
pub const FORMAT: u64 = 1;

/// Every choice of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// SHA-256 of the document as it was submitted.
    pub modulemd: Checksum,
    /// Time of the document in seconds since 1970: of its commit, or when it was locked. Versions and the times of built
    /// files come from it.
    pub time: u64,
    /// Digest of the platform that the builds are for; none if they are not made on this machine.
    pub platform: Option<String>,
    /// The builds, by identity.
    pub builds: Vec<LockedBuild>,
    /// The components of all builds.
    pub components: BTreeMap<ComponentName, LockedComponent>,
}

/// One build of a submission.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedBuild {
    /// Its identity.
    pub nsvc: Nsvc,
    /// The dependency block that was solved, from 0.
    pub block: usize,
    /// What it is built against, by identity.
    pub modules: Vec<LockedModule>,
}

/// A module build that a build is built against.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedModule {
    /// Its identity.
    pub nsvc: Nsvc,
    /// Whether it is a base module.
    pub base: bool,
    /// Whether the document build-requires it; else another one of these requires it.
    pub direct: bool,
    /// Commit of its sources, if it noted one.
    pub commit: Option<String>,
    /// Digest of the packages that it offers; none if the builds are not made on this machine.
    pub digest: Option<String>,
}

/// Where the source of a component comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedComponent {
    /// Its repository, without credentials.
    pub repository: String,
    /// The ref as written; none: the default branch.
    pub reference: Option<String>,
    /// The commit.
    pub commit: CommitHash,
    /// Its look-aside files, by path.
    pub files: Vec<LockedFile>,
}

/// A look-aside file of a component.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct LockedFile {
    /// Its path in the component's repository.
    pub path: String,
    /// What its content must have.
    pub checksum: Checksum,
}
