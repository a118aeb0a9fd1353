//! What becomes of the planned builds, given what is stored under their identities.
//!
//! | stored under the identity | what becomes of the planned build |
//! | --- | --- |
//! | nothing, or the planned build is a scratch build | it is created |
//! | a build that failed | the stored build goes on with its own document and commits |
//! | a build that failed, and everything is to be resolved anew | the planned build takes its place |
//! | a build in any other state | nothing: the stored one is kept |
//! | a scratch build | the submission is refused |
//!
//! Resolving anew replaces: a build's request never changes, and its log says how it came about. The failed build is removed
//! in the transaction that stores the new one, because an identity exists once; the new one has its own number.

use super::refusal::RefusalKind;
use crate::build::{ModuleState, NewBuild};
use crate::reuse::RebuildStrategy;
use crate::{BuildId, Nsvc};
use std::collections::{BTreeMap, BTreeSet};

/// What is stored under the identity of a planned build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownBuild {
    /// Its number.
    pub id: BuildId,
    /// Its state.
    pub state: ModuleState,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// Its rebuild strategy.
    pub strategy: RebuildStrategy,
    /// Number of its log entries, to notice what others write.
    pub revision: u64,
}

/// What the submitter says about builds that are stored already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AdmissionPolicy {
    /// The rebuild strategy, if the submitter names one: it cannot differ from that of a build that goes on.
    pub strategy: Option<RebuildStrategy>,
    /// Whether failed builds are replaced by what was planned now instead of going on with what was found out then.
    pub refresh: bool,
}

/// What becomes of a planned build.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Admission {
    /// It is stored.
    Create,
    /// A stored build stands for it.
    Keep {
        /// The build.
        id: BuildId,
        /// Its state.
        state: ModuleState,
    },
    /// A stored build that failed goes on.
    Resume {
        /// The build.
        id: BuildId,
        /// The revision that this was decided at.
        revision: u64,
    },
    /// It is stored in the place of a build that failed.
    Replace {
        /// The build that goes.
        id: BuildId,
        /// The revision that this was decided at.
        revision: u64,
    },
}

/// Why a submission is not stored.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AdmissionError {
    /// There is nothing to do.
    #[error(
        "{}; only a new build, one that failed, or one against other buildrequires can be submitted: change the module, or \
         its dependencies",
        list(.0)
    )]
    AllExist(Vec<ExistingBuild>),
    /// The strategy of a build that goes on cannot change.
    #[error(
        "failed build {id} of module `{nsvc}` has rebuild strategy `{stored}`, and it cannot go on with `{asked}`; leave the \
         strategy out, or resolve everything anew"
    )]
    StrategyChanged {
        /// The planned build.
        nsvc: Box<Nsvc>,
        /// The stored build.
        id: BuildId,
        /// Its strategy.
        stored: RebuildStrategy,
        /// The strategy of the submission.
        asked: RebuildStrategy,
    },
    /// A scratch build has the identity.
    #[error("scratch build {id} has the identity `{nsvc}`; remove it, or give the module another context")]
    ScratchExists {
        /// The planned build.
        nsvc: Box<Nsvc>,
        /// The stored build.
        id: BuildId,
    },
    /// The submission holds the same identity twice.
    #[error("the submission makes module `{0}` twice; give each configuration a context of its own")]
    Twice(Box<Nsvc>),
}

/// A build that is stored already.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExistingBuild {
    /// Which build it is.
    pub nsvc: Nsvc,
    /// Its number.
    pub id: BuildId,
    /// Its state.
    pub state: ModuleState,
}

fn list(existing: &[ExistingBuild]) -> String {
    let one = |build: &ExistingBuild| {
        format!("module `{}` exists already as build {} in state `{}`", build.nsvc, build.id, build.state)
    };
    existing.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl AdmissionError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::AllExist(_) => "MS0301",
            Self::StrategyChanged { .. } => "MS0302",
            Self::ScratchExists { .. } => "MS0303",
            Self::Twice(_) => "MS0304",
        }
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::AllExist(_) | Self::ScratchExists { .. } => RefusalKind::Conflict,
            Self::StrategyChanged { .. } | Self::Twice(_) => RefusalKind::Validation,
        }
    }
}

/// Decides what becomes of each build of a submission, in their order. `known` holds what is stored under the identities of
/// those that are not scratch builds.
///
/// # Errors
/// [`AdmissionError`]; nothing of the submission is to be stored then.
pub fn admit_builds(
    planned: &[NewBuild],
    known: &BTreeMap<Nsvc, KnownBuild>,
    policy: AdmissionPolicy,
) -> Result<Vec<Admission>, AdmissionError> {
    let mut seen = BTreeSet::new();
    let mut admissions = Vec::with_capacity(planned.len());
    let mut existing = Vec::new();
    for build in planned {
        if !build.scratch && !seen.insert(&build.nsvc) {
            return Err(AdmissionError::Twice(Box::new(build.nsvc.clone())));
        }
        let admission = match known.get(&build.nsvc).filter(|_| !build.scratch) {
            None => Admission::Create,
            Some(found) => meet(&build.nsvc, found, policy)?,
        };
        if let Admission::Keep { id, state } = admission {
            existing.push(ExistingBuild { nsvc: build.nsvc.clone(), id, state });
        }
        admissions.push(admission);
    }
    if !planned.is_empty() && existing.len() == planned.len() {
        return Err(AdmissionError::AllExist(existing));
    }
    Ok(admissions)
}

/// A planned build meets a stored one.
fn meet(nsvc: &Nsvc, found: &KnownBuild, policy: AdmissionPolicy) -> Result<Admission, AdmissionError> {
    let KnownBuild { id, state, revision, strategy: stored, .. } = *found;
    if found.scratch {
        return Err(AdmissionError::ScratchExists { nsvc: Box::new(nsvc.clone()), id });
    }
    if state != ModuleState::Failed {
        return Ok(Admission::Keep { id, state });
    }
    if policy.refresh {
        return Ok(Admission::Replace { id, revision });
    }
    match policy.strategy {
        Some(asked) if asked != stored => {
            Err(AdmissionError::StrategyChanged { nsvc: Box::new(nsvc.clone()), id, stored, asked })
        }
        _ => Ok(Admission::Resume { id, revision }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::BuildRequest;
    use crate::plan::{PlanInput, plan};
    use crate::{Arch, Owner};
    use std::sync::Arc;

    fn planned(context: &str, scratch: bool) -> NewBuild {
        let arch = Arch::new("x86_64").expect("arch");
        let plan = plan(&PlanInput::default(), &BTreeSet::from([arch.clone()])).expect("plan");
        NewBuild {
            nsvc: format!("m:1:1:{context}").parse().expect("identity"),
            owner: Owner::new("ann").expect("owner"),
            scratch,
            request: Arc::new(BuildRequest::new("memory", arch, plan)),
        }
    }

    fn known(builds: &[(&str, u64, ModuleState)]) -> BTreeMap<Nsvc, KnownBuild> {
        let known = |id, state| {
            let strategy = RebuildStrategy::default();
            KnownBuild { id: BuildId(id), state, scratch: false, strategy, revision: 7 }
        };
        let one = |(context, id, state): &(&str, u64, ModuleState)| (planned(context, false).nsvc, known(*id, *state));
        builds.iter().map(one).collect()
    }

    #[test]
    fn new_ones_are_created_failed_ones_go_on_and_others_are_kept() {
        let states = ModuleState::ALL.map(|state| (state.name(), u64::from(state.number()) + 1, state));
        let builds: Vec<_> =
            ["new"].into_iter().chain(states.map(|(name, ..)| name)).map(|c| planned(c, false)).collect();
        let admitted = admit_builds(&builds, &known(&states), AdmissionPolicy::default()).expect("admitted");
        assert_eq!(admitted[0], Admission::Create);
        for ((_, id, state), admission) in states.into_iter().zip(&admitted[1..]) {
            let id = BuildId(id);
            let expected = match state {
                ModuleState::Failed => Admission::Resume { id, revision: 7 },
                _ => Admission::Keep { id, state },
            };
            assert_eq!(*admission, expected);
        }
    }

    #[test]
    fn a_refresh_replaces_what_failed_and_keeps_the_rest() {
        let stored = known(&[("a", 1, ModuleState::Failed), ("b", 2, ModuleState::Ready)]);
        // Another strategy is no hindrance then.
        let policy = AdmissionPolicy { strategy: Some(RebuildStrategy::All), refresh: true };
        let admitted = admit_builds(&[planned("a", false), planned("b", false)], &stored, policy).expect("admitted");
        let kept = Admission::Keep { id: BuildId(2), state: ModuleState::Ready };
        assert_eq!(admitted, [Admission::Replace { id: BuildId(1), revision: 7 }, kept]);
    }

    #[test]
    fn scratch_builds_are_always_created() {
        let stored = known(&[("a", 1, ModuleState::Ready), ("b", 2, ModuleState::Failed)]);
        let builds = ["a", "a", "b"].map(|context| planned(context, true));
        let admitted = admit_builds(&builds, &stored, AdmissionPolicy::default()).expect("admitted");
        assert_eq!(admitted, [Admission::Create; 3]);
    }

    #[test]
    fn if_all_exist_every_one_is_named() {
        let stored = known(&[("a", 1, ModuleState::Ready), ("b", 2, ModuleState::Build)]);
        let builds = ["a", "b"].map(|context| planned(context, false));
        let error = admit_builds(&builds, &stored, AdmissionPolicy::default()).expect_err("nothing to do");
        assert_eq!((error.code(), error.kind()), ("MS0301", RefusalKind::Conflict));
        let text = error.to_string();
        for words in [
            "`m:1:1:a` exists already as build 1 in state `ready`",
            "`m:1:1:b` exists already as build 2 in state `build`",
        ] {
            assert!(text.contains(words), "{text}");
        }
        assert_eq!(admit_builds(&[], &stored, AdmissionPolicy::default()), Ok(Vec::new()));
    }

    #[test]
    fn a_build_that_goes_on_keeps_its_strategy() {
        let stored = known(&[("a", 1, ModuleState::Failed)]);
        let admit = |strategy| {
            admit_builds(&[planned("a", false)], &stored, AdmissionPolicy { strategy: Some(strategy), refresh: false })
        };
        assert_eq!(admit(RebuildStrategy::default()), Ok(vec![Admission::Resume { id: BuildId(1), revision: 7 }]));
        let error = admit(RebuildStrategy::OnlyChanged).expect_err("another strategy");
        assert_eq!((error.code(), error.kind().http_status()), ("MS0302", 400));
        assert!(error.to_string().contains("`changed-and-after`"), "{error}");
    }

    #[test]
    fn an_identity_is_made_once_and_not_of_a_scratch_build() {
        let error = admit_builds(&["a", "a"].map(|c| planned(c, false)), &BTreeMap::new(), AdmissionPolicy::default());
        assert_eq!(error.expect_err("twice").code(), "MS0304");
        let mut stored = known(&[("a_1", 3, ModuleState::Done)]);
        for build in stored.values_mut() {
            build.scratch = true;
        }
        let error = admit_builds(&[planned("a_1", false)], &stored, AdmissionPolicy::default()).expect_err("taken");
        assert_eq!((error.code(), error.kind()), ("MS0303", RefusalKind::Conflict));
    }
}
