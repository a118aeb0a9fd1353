//! A lock of what was chosen.

use super::error::MakeLockError;
use super::model::{Lock, LockedBuild, LockedComponent, LockedFile, LockedModule};
use crate::build::{BuildRequest, SourceRef};
use crate::source::{Checksum, ChecksumKind, CommitHash, Hasher, LookasideEntry, RepositoryUrl};
use crate::submit::PlannedBuild;
use crate::{ComponentName, Nsvc};
use chrono::{DateTime, Utc};
use std::collections::BTreeMap;

/// What a lock is made of.
#[derive(Debug, Clone, Copy)]
pub struct LockInput<'a> {
    /// The document as it was submitted.
    pub modulemd: &'a str,
    /// The time of the document, see [`Origin::time`](crate::submit::Origin::time).
    pub time: DateTime<Utc>,
    /// The builds, with the commits of all components.
    pub builds: &'a [PlannedBuild],
    /// The look-aside files of each component that has any.
    pub files: &'a BTreeMap<ComponentName, Vec<LookasideEntry>>,
    /// Digest of the platform; none if the builds are not made on this machine.
    pub platform: Option<&'a str>,
    /// Digests of what the modules offer that are built against; empty as above.
    pub digests: &'a BTreeMap<Nsvc, String>,
}

impl Lock {
    /// The lock of a submission. The order of the builds makes no difference.
    ///
    /// # Errors
    /// [`MakeLockError`] for a component whose commit is not known or whose repository is refused.
    pub fn of(input: LockInput<'_>) -> Result<Self, MakeLockError> {
        let mut components = BTreeMap::new();
        let mut builds = Vec::new();
        for build in input.builds {
            builds.push(locked_build(build, input.digests));
            for (name, source) in sources(&build.new.request) {
                let locked = component(name, source, input.files.get(name))?;
                match components.get(name) {
                    Some(known) if *known != locked => {
                        return Err(MakeLockError::Differs { component: name.clone() });
                    }
                    Some(_) => {}
                    None => {
                        components.insert(name.clone(), locked);
                    }
                }
            }
        }
        builds.sort();
        Ok(Self {
            modulemd: digest(input.modulemd),
            time: u64::try_from(input.time.timestamp()).unwrap_or(0),
            platform: input.platform.map(str::to_owned),
            builds,
            components,
        })
    }
}

/// What a lock holds of the text of a document.
pub(super) fn digest(modulemd: &str) -> Checksum {
    Hasher::of(ChecksumKind::Sha256, modulemd.as_bytes())
}

/// The components that have a source: all but the macros.
pub(super) fn sources(request: &BuildRequest) -> impl Iterator<Item = (&ComponentName, &SourceRef)> {
    let components = request.plan.components.iter().map(|component| &component.name);
    components.zip(&request.sources).filter_map(|(name, source)| Some((name, source.as_ref()?)))
}

fn locked_build(build: &PlannedBuild, digests: &BTreeMap<Nsvc, String>) -> LockedBuild {
    let module = |one: &crate::build::BuiltAgainst| LockedModule {
        nsvc: one.nsvc.clone(),
        base: one.base,
        direct: one.direct,
        commit: one.commit.clone(),
        digest: digests.get(&one.nsvc).cloned(),
    };
    let mut modules: Vec<LockedModule> = build.new.request.built_against.iter().map(module).collect();
    modules.sort();
    LockedBuild { nsvc: build.new.nsvc.clone(), block: build.block, modules }
}

fn component(
    name: &ComponentName,
    source: &SourceRef,
    files: Option<&Vec<LookasideEntry>>,
) -> Result<LockedComponent, MakeLockError> {
    let commit = source.commit.as_deref().ok_or_else(|| MakeLockError::NoCommit { component: name.clone() })?;
    let commit = CommitHash::new(commit).map_err(|source| MakeLockError::Commit { component: name.clone(), source })?;
    let repository = RepositoryUrl::parse(&source.repository)
        .map_err(|source| MakeLockError::Repository { component: name.clone(), source })?;
    let mut files: Vec<LockedFile> = files
        .into_iter()
        .flatten()
        .map(|entry| LockedFile { path: entry.path.clone(), checksum: entry.checksum.clone() })
        .collect();
    files.sort();
    Ok(LockedComponent { repository: repository.git_url(), reference: source.git_ref.clone(), commit, files })
}
