//! Storing submissions and imports: deciding what becomes of each build, and writing all of it or nothing.
//!
//! ```text
//!   planned builds ──▶ what is stored? ──▶ admit_builds ──▶ Store::submit ──▶ stored builds
//!                            ▲                                   │
//!                            └──── somebody else wrote first ────┘
//! ```

use super::admission::{Admission, AdmissionError, AdmissionPolicy, KnownBuild, admit_builds};
use super::refusal::RefusalKind;
use crate::build::{BuildHeader, Event, IllegalEvent, ModuleBuild, ModuleState, NewBuild, decide};
use crate::clock::Clock;
use crate::store::{Append, BuildQuery, BuildSummary, Page, Store, StoreError, SubmitPart};
use crate::{BuildId, Nsvc};
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// How often it is decided anew because somebody else wrote in between.
const TRIES: u32 = 20;

/// Pause before that, so that two writers do not go on colliding.
const PAUSE: TimeDelta = TimeDelta::milliseconds(5);

/// Why nothing was stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoringError {
    /// What is stored already does not allow it.
    #[error(transparent)]
    Refused(#[from] AdmissionError),
    /// A failed build cannot go on as it is.
    #[error("build {build} of module `{nsvc}` cannot go on: {}", source.why)]
    NotResumable {
        /// The build.
        build: BuildId,
        /// Its identity.
        nsvc: Box<Nsvc>,
        /// Why not.
        source: IllegalEvent,
    },
    /// A build cannot be replaced as it is.
    #[error("build {build} in state `{state}` cannot be replaced: {why}")]
    InUse {
        /// The build.
        build: BuildId,
        /// Its state.
        state: ModuleState,
        /// Why not, and what to do first.
        why: &'static str,
    },
    /// An import would replace what was built here.
    #[error(
        "module `{nsvc}` was built here as build {build} (state `{state}`), and an import does not replace it; remove the \
         build, or import the module with another version or context"
    )]
    BuiltHere {
        /// The build.
        build: BuildId,
        /// Its state.
        state: ModuleState,
        /// Its identity.
        nsvc: Box<Nsvc>,
    },
    /// The store failed, or somebody else wrote first again and again.
    #[error(transparent)]
    Store(StoreError),
}

impl StoringError {
    /// The stable code; none if the store failed.
    pub fn code(&self) -> Option<&'static str> {
        match self {
            Self::Refused(error) => Some(error.code()),
            Self::NotResumable { .. } => Some("MS0305"),
            Self::InUse { .. } => Some("MS0306"),
            Self::BuiltHere { .. } => Some("MS0408"),
            Self::Store(_) => None,
        }
    }

    /// What kind of refusal it is; none if the store failed.
    pub fn kind(&self) -> Option<RefusalKind> {
        match self {
            Self::Refused(error) => Some(error.kind()),
            Self::NotResumable { .. } | Self::InUse { .. } | Self::BuiltHere { .. } => Some(RefusalKind::Conflict),
            Self::Store(_) => None,
        }
    }
}

impl From<StoreError> for StoringError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::InUse { build, state, why } => Self::InUse { build, state, why },
            other => Self::Store(other),
        }
    }
}

/// What became of one build of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredBuild {
    /// It was stored.
    Created {
        /// Its fixed head.
        header: BuildHeader,
        /// The build whose place it took.
        replaced: Option<BuildId>,
    },
    /// A stored build that had failed goes on.
    Resumed(Box<ModuleBuild>),
    /// A stored build stands for it.
    Kept {
        /// The build.
        id: BuildId,
        /// Its identity.
        nsvc: Nsvc,
        /// Its state.
        state: ModuleState,
    },
}

impl StoredBuild {
    /// Number of the build.
    pub fn id(&self) -> BuildId {
        match self {
            Self::Created { header, .. } => header.id,
            Self::Resumed(build) => build.id(),
            Self::Kept { id, .. } => *id,
        }
    }

    /// Its identity.
    pub fn nsvc(&self) -> &Nsvc {
        match self {
            Self::Created { header, .. } => &header.nsvc,
            Self::Resumed(build) => build.nsvc(),
            Self::Kept { nsvc, .. } => nsvc,
        }
    }

    /// Whether somebody has to drive it now.
    pub fn is_new(&self) -> bool {
        !matches!(self, Self::Kept { .. })
    }
}

/// Stores the builds of a submission, all of them or none: new ones are created, failed ones go on, others are kept. Returns
/// what became of each, in their order.
///
/// If somebody else writes in between, it is decided anew, a bounded number of times.
///
/// # Errors
/// [`StoringError`]; nothing is stored then.
pub async fn store_builds(
    store: &dyn Store,
    clock: &dyn Clock,
    builds: &[NewBuild],
    policy: AdmissionPolicy,
) -> Result<Vec<StoredBuild>, StoringError> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match try_builds(store, builds, policy, clock.now()).await {
            Err(StoringError::Store(error)) if tries > 0 && is_outrun(&error) => {
                clock.sleep_until(clock.now() + PAUSE).await;
            }
            answer => return answer,
        }
    }
}

/// Whether somebody else wrote between the look and the write.
fn is_outrun(error: &StoreError) -> bool {
    error.is_conflict() || matches!(error, StoreError::Exists { .. } | StoreError::NotFound(_))
}

async fn try_builds(
    store: &dyn Store,
    builds: &[NewBuild],
    policy: AdmissionPolicy,
    now: DateTime<Utc>,
) -> Result<Vec<StoredBuild>, StoringError> {
    let mut loaded = BTreeMap::new();
    let mut known = BTreeMap::new();
    let identities: BTreeSet<&Nsvc> = builds.iter().filter(|build| !build.scratch).map(|build| &build.nsvc).collect();
    for nsvc in identities {
        let Some(found) = find(store, nsvc).await? else { continue };
        let BuildSummary { id, state, scratch, revision, .. } = found;
        // Only what goes on has to be known in full.
        let (strategy, state, revision) = if state == ModuleState::Failed {
            let build = store.load(id).await?;
            let read = (build.request().strategy, build.state(), build.revision());
            loaded.insert(id, build);
            read
        } else {
            (crate::reuse::RebuildStrategy::default(), state, revision)
        };
        known.insert(nsvc.clone(), KnownBuild { id, state, scratch, strategy, revision });
    }
    let admissions = admit_builds(builds, &known, policy)?;
    let mut parts = Vec::new();
    let mut resumed = BTreeMap::new();
    for (new, admission) in builds.iter().zip(&admissions) {
        match admission {
            Admission::Keep { .. } => {}
            Admission::Create => parts.push(SubmitPart::Create(new.clone())),
            Admission::Replace { id, revision } => {
                parts.push(SubmitPart::Replace { old: *id, expected_revision: *revision, new: new.clone() });
            }
            Admission::Resume { id, revision } => {
                let build = loaded.remove(id).ok_or(StoreError::NotFound(*id))?;
                let (build, part) = resume(build, *revision, new, now)?;
                resumed.insert(*id, build);
                parts.push(part);
            }
        }
    }
    let mut created = store.submit(&parts, now).await?.into_iter();
    let mut stored = Vec::with_capacity(builds.len());
    for (new, admission) in builds.iter().zip(admissions) {
        let replaced = match admission {
            Admission::Replace { id, .. } => Some(id),
            _ => None,
        };
        stored.push(match admission {
            Admission::Keep { id, state } => StoredBuild::Kept { id, nsvc: new.nsvc.clone(), state },
            Admission::Resume { id, .. } => {
                StoredBuild::Resumed(Box::new(resumed.remove(&id).ok_or(StoreError::NotFound(id))?))
            }
            Admission::Create | Admission::Replace { .. } => {
                let header = created.next().expect("a store answers with every build that it stored").header;
                StoredBuild::Created { header, replaced }
            }
        });
    }
    Ok(stored)
}

/// The build that goes on, and how that is written.
fn resume(
    mut build: ModuleBuild,
    revision: u64,
    new: &NewBuild,
    now: DateTime<Utc>,
) -> Result<(ModuleBuild, SubmitPart), StoringError> {
    let asked = Event::ResumeAsked { by: new.owner.to_string() };
    let decided = decide(&mut build, asked, now).map_err(|source| StoringError::NotResumable {
        build: build.id(),
        nsvc: Box::new(build.nsvc().clone()),
        source,
    })?;
    let write = Append {
        build: build.id(),
        expected_revision: revision,
        fence: None,
        decided: decided.into_iter().collect(),
        done: Vec::new(),
        slots: None,
        summary: BuildSummary::of(&build),
    };
    Ok((build, SubmitPart::Append(Box::new(write))))
}

async fn find(store: &dyn Store, nsvc: &Nsvc) -> Result<Option<BuildSummary>, StoreError> {
    Ok(store.find(&BuildQuery::nsvc(nsvc), Page { offset: 0, limit: 1 }).await?.0.pop())
}

/// Stores an [`import`](super::import()). An earlier import of the same identity is replaced; the answer names it.
///
/// # Errors
/// [`StoringError::BuiltHere`] if the identity belongs to a build that was not imported; [`StoringError`].
pub async fn store_import(
    store: &dyn Store,
    clock: &dyn Clock,
    new: &NewBuild,
) -> Result<(BuildHeader, Option<BuildId>), StoringError> {
    let mut tries = TRIES;
    loop {
        tries -= 1;
        match try_import(store, new, clock.now()).await {
            Err(StoringError::Store(error)) if tries > 0 && is_outrun(&error) => {
                clock.sleep_until(clock.now() + PAUSE).await;
            }
            answer => return answer,
        }
    }
}

async fn try_import(
    store: &dyn Store,
    new: &NewBuild,
    now: DateTime<Utc>,
) -> Result<(BuildHeader, Option<BuildId>), StoringError> {
    let (part, replaced) = match find(store, &new.nsvc).await? {
        None => (SubmitPart::Create(new.clone()), None),
        Some(found) if found.imported => {
            let part = SubmitPart::Replace { old: found.id, expected_revision: found.revision, new: new.clone() };
            (part, Some(found.id))
        }
        Some(found) => {
            let (build, state) = (found.id, found.state);
            return Err(StoringError::BuiltHere { build, state, nsvc: Box::new(found.nsvc) });
        }
    };
    let created = store.submit(&[part], now).await?.pop().expect("a store answers with every build that it stored");
    Ok((created.header, replaced))
}
