//! The names that builds are going to have.

use super::error::SubmitError;
use super::submission::PlannedBuild;
use crate::build::{BuildHeader, ModuleState};
use crate::identity::{
    DEFAULT_CG_TAG, DEFAULT_CG_TAG_TEMPLATE, DEFAULT_DISTTAG_PREFIX, Disttag, ModuleNvr, SCRATCH_DISTTAG_PREFIX,
    content_generator_tag, koji_tag, koji_target,
};
use crate::store::{Sibling, StoreError, place};
use crate::{BuildId, ModuleName, StreamName, TagName, Version};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What a build is called in packages and build systems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildNames {
    /// The dist tag, without the leading dot.
    pub disttag: Disttag,
    /// The tag of its packages.
    pub koji_tag: TagName,
    /// The build target.
    pub koji_target: TagName,
    /// The tag that the finished module gets; none for scratch builds.
    pub cg_tag: Option<TagName>,
    /// The module as a build of its own.
    pub nvr: ModuleNvr,
}

impl BuildNames {
    /// The names of a stored build. `bases` are the names of base modules, by preference.
    ///
    /// # Errors
    /// [`SubmitError`] for a name that would be too long or hold what it must not.
    pub fn of(header: &BuildHeader, bases: &[ModuleName]) -> Result<Self, SubmitError> {
        let (nsvc, request) = (&header.nsvc, &header.request);
        let prefix = if header.scratch { SCRATCH_DISTTAG_PREFIX } else { DEFAULT_DISTTAG_PREFIX };
        let scratch = header.scratch.then_some(header.id);
        let tagged = request.built_against.iter().filter(|one| one.koji_tag.is_some());
        let tagged = tagged.map(|one| (one.nsvc.name.clone(), one.nsvc.stream.clone())).collect();
        let cg_tag = || content_generator_tag(DEFAULT_CG_TAG_TEMPLATE, DEFAULT_CG_TAG, bases, &tagged);
        Ok(Self {
            disttag: Disttag::new(prefix, request.marking.as_deref(), header.index, nsvc)?,
            koji_tag: koji_tag(nsvc, scratch)?,
            koji_target: koji_target(nsvc, scratch)?,
            cg_tag: if header.scratch { None } else { Some(cg_tag()?) },
            nvr: ModuleNvr::from(nsvc),
        })
    }
}

/// A planned build as it would stand in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foreseen {
    /// Its head: number, final context, result folder.
    pub header: BuildHeader,
    /// State of the stored build that has its identity already.
    pub exists: Option<ModuleState>,
    /// Its names.
    pub names: BuildNames,
}

/// How the builds of one submission would stand in a store in which `next` is the next number. `siblings` tells for each
/// of them the stored builds of the same name, stream and version. Others may be faster: this is a prediction.
///
/// # Errors
/// As [`BuildNames::of`].
pub fn foresee(
    builds: &[PlannedBuild],
    siblings: &[Vec<Sibling>],
    next: BuildId,
    bases: &[ModuleName],
    now: DateTime<Utc>,
) -> Result<Vec<Foreseen>, SubmitError> {
    let mut made: Vec<Foreseen> = Vec::with_capacity(builds.len());
    let mut next = next.0;
    // The siblings of each stream and version, with the builds before, and which folders these take.
    let mut known: BTreeMap<(&ModuleName, &StreamName, Version), Vec<Sibling>> = BTreeMap::new();
    let mut folders: BTreeSet<String> = BTreeSet::new();
    for (number, build) in builds.iter().enumerate() {
        let new = &build.new;
        let stored = || siblings.get(number).cloned().unwrap_or_default();
        let known = known.entry((&new.nsvc.name, &new.nsvc.stream, new.nsvc.version)).or_insert_with(stored);
        let is_taken = |folder: &str| Ok(folders.contains(folder));
        let (header, exists) = match place(new, BuildId(next), known, now, is_taken) {
            Ok(header) => {
                next += 1;
                known.push(Sibling {
                    id: header.id,
                    context: header.nsvc.context.clone(),
                    scratch: header.scratch,
                    state: ModuleState::Init,
                });
                (header, None)
            }
            Err(StoreError::Exists { id, state, .. }) => {
                let alike = known.iter().filter(|sibling| sibling.scratch == new.scratch);
                let header = BuildHeader {
                    id,
                    nsvc: new.nsvc.clone(),
                    owner: new.owner.clone(),
                    scratch: new.scratch,
                    index: alike.map(|sibling| sibling.id).min().unwrap_or(id),
                    folder: BuildHeader::plain_folder(&new.nsvc),
                    submitted: now,
                    request: Arc::clone(&new.request),
                };
                (header, Some(state))
            }
            Err(error) => return Err(SubmitError::Store(error)),
        };
        folders.insert(header.folder.clone());
        let names = BuildNames::of(&header, bases)?;
        made.push(Foreseen { header, exists, names });
    }
    Ok(made)
}
