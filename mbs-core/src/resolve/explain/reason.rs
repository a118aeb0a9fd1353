//! Why a build is not taken.

use crate::Nsvc;
use crate::build::ModuleState;
use crate::resolve::conflict::Conflict;
use crate::resolve::error::quoted;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// Why a build is not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum LeftReason {
    /// There is a newer version of its stream.
    OlderVersion {
        /// The newer one.
        newer: Nsvc,
    },
    /// Another context of its version goes before it.
    OtherContext {
        /// The other one.
        taken: Nsvc,
    },
    /// The document excludes its stream.
    StreamExcluded,
    /// Nobody names its stream.
    StreamNotNamed {
        /// The streams that are named.
        named: BTreeSet<String>,
    },
    /// The configuration keeps this base stream out of "all streams".
    BaseExcluded,
    /// It is not in state ready.
    NotReady {
        /// Its state.
        state: ModuleState,
    },
    /// It was built on other base modules than the ones in question.
    OtherPlatform {
        /// What it was built on; empty if it does not say.
        built_on: Vec<Nsvc>,
        /// The ones in question.
        wanted: Vec<Nsvc>,
    },
    /// It was built on something newer than the base module of the result.
    NewerPlatform {
        /// What it was built on.
        built_on: Vec<Nsvc>,
        /// The base module of the result.
        base: Nsvc,
    },
    /// Of one major number only the newest base stream counts on which there is a build of the stream.
    ShadowedPlatform {
        /// What it was built on.
        built_on: Nsvc,
        /// The base module that counts.
        by: Nsvc,
    },
    /// With it something else would lack what it needs.
    InConflict {
        /// Both sides.
        conflict: Conflict,
    },
    /// No combination with it has everything it needs.
    NoCombination,
    /// Another combination of the same streams leaves fewer newer builds behind.
    Outranked {
        /// What is taken instead.
        taken: Nsvc,
    },
    /// This result has another stream; others have this one.
    Alternative {
        /// What is taken instead.
        taken: Nsvc,
    },
    /// Several streams would do for those who need it, and another one goes first.
    OtherStream {
        /// What is taken instead.
        taken: Nsvc,
    },
    /// Nothing in this result needs the module.
    NotNeeded,
    /// It was built without stream expansion.
    NotExpanded,
    /// It names no commit.
    NoCommit,
    /// Another context of its version is still being built.
    SiblingUnfinished {
        /// The other context.
        sibling: Nsvc,
        /// Its state.
        state: ModuleState,
    },
    /// It could have been taken; the expansion failed before, for another reason.
    NoResult,
}

impl LeftReason {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::OlderVersion { .. } => "MR0301",
            Self::OtherContext { .. } => "MR0302",
            Self::StreamExcluded => "MR0303",
            Self::StreamNotNamed { .. } => "MR0304",
            Self::BaseExcluded => "MR0305",
            Self::NotReady { .. } => "MR0306",
            Self::OtherPlatform { .. } => "MR0307",
            Self::NewerPlatform { .. } => "MR0308",
            Self::ShadowedPlatform { .. } => "MR0309",
            Self::InConflict { .. } => "MR0310",
            Self::NoCombination => "MR0311",
            Self::Outranked { .. } => "MR0312",
            Self::Alternative { .. } => "MR0313",
            Self::OtherStream { .. } => "MR0314",
            Self::NotNeeded => "MR0315",
            Self::NotExpanded => "MR0316",
            Self::NoCommit => "MR0317",
            Self::SiblingUnfinished { .. } => "MR0318",
            Self::NoResult => "MR0319",
        }
    }
}

/// At most so many names stand in a sentence.
const SHOWN: usize = 4;

/// Names in quotes, of many only the first ones.
pub(super) fn some<T: fmt::Display>(names: &[T]) -> String {
    let text = quoted(names.iter().take(SHOWN));
    if names.len() > SHOWN { format!("{text} and {} more", names.len() - SHOWN) } else { text }
}

impl fmt::Display for LeftReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OlderVersion { newer } => write!(f, "is older than `{newer}`"),
            Self::OtherContext { taken } => {
                write!(f, "is another context of the version of `{taken}`, which goes first")
            }
            Self::StreamExcluded => f.write_str("is of a stream that the document excludes"),
            Self::StreamNotNamed { named } if named.is_empty() => f.write_str("is of a stream that nobody asks for"),
            Self::StreamNotNamed { named } => {
                let named: Vec<&String> = named.iter().collect();
                write!(f, "is of a stream that nobody asks for; asked for is {}", some(&named))
            }
            Self::BaseExcluded => {
                f.write_str("is of a base stream that the configuration leaves out unless it is named")
            }
            Self::NotReady { state: ModuleState::Done } => {
                f.write_str("is not ready, but done: it waits for its gate, or is a scratch build")
            }
            Self::NotReady { state } => write!(f, "is not ready, but {state}"),
            Self::OtherPlatform { built_on, wanted } if built_on.is_empty() => {
                write!(f, "does not say what it was built on; wanted is {}", some(wanted))
            }
            Self::OtherPlatform { built_on, wanted } => {
                write!(f, "was built on {}; wanted is {}", some(built_on), some(wanted))
            }
            Self::NewerPlatform { built_on, base } => {
                write!(f, "was built on {}, which is newer than `{base}`", some(built_on))
            }
            Self::ShadowedPlatform { built_on, by } => {
                write!(f, "was built on `{built_on}`, but there is a build of the stream on the newer `{by}`")
            }
            Self::InConflict { conflict } => write!(f, "is in conflict: {conflict}"),
            Self::NoCombination => f.write_str("is in no combination that has everything it needs"),
            Self::Outranked { taken } => {
                write!(f, "fits, but the combination with `{taken}` leaves fewer newer builds behind")
            }
            Self::Alternative { taken } => write!(f, "is taken in other results; this one has `{taken}`"),
            Self::OtherStream { taken } => write!(f, "would do, but of several streams `{taken}` goes first"),
            Self::NotNeeded => f.write_str("is not needed"),
            Self::NotExpanded => {
                f.write_str("was built without stream expansion (`xmd.mbs.mse`), so it cannot be used")
            }
            Self::NoCommit => f.write_str("names no commit in `xmd.mbs`, so it cannot be used"),
            Self::SiblingUnfinished { sibling, state } => {
                write!(f, "cannot be used before `{sibling}` of the same version is finished; that is {state}")
            }
            Self::NoResult => f.write_str("could have been taken, had the expansion not failed for another reason"),
        }
    }
}
