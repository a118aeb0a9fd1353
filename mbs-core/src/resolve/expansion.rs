//! What a document expands to.

use super::facts::ModuleFacts;
use crate::build::ModuleState;
use crate::identity::Contexts;
use crate::modulemd::ModuleStream;
use crate::{Context, ModuleName, Nsvc};
use std::fmt;
use std::sync::Arc;

/// What a document expands to.
#[derive(Debug, Clone, PartialEq)]
pub struct Expansion {
    /// The builds to make: by block, then by the streams of what is build-required.
    pub results: Vec<Expanded>,
    /// What the submitter should know of.
    pub warnings: Vec<ExpandWarning>,
    /// How many steps of search it took.
    pub steps: u64,
}

/// One build to make.
#[derive(Debug, Clone, PartialEq)]
pub struct Expanded {
    /// The dependency block that was solved, from 0.
    pub block: usize,
    /// The document of the build, with its context and `xmd.mbs`.
    pub document: ModuleStream,
    /// The context hashes. [`Contexts::context`] is the computed one also for a static context.
    pub contexts: Contexts,
    /// The context of the build: the computed one, or the static one.
    pub context: Context,
    /// What it is built against, by name.
    pub picks: Vec<Pick>,
}

/// A module that is built against.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The build.
    pub facts: Arc<ModuleFacts>,
    /// Whether the document build-requires it; else another pick requires it.
    pub direct: bool,
}

/// Something that was accepted, but that the submitter should know of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ExpandWarning {
    /// A build is taken that is not ready.
    NotReady {
        /// The build.
        build: Nsvc,
        /// Its state.
        state: ModuleState,
    },
    /// A build is taken whose base module is assumed: it notes none, or one that nobody knows here.
    Assumed {
        /// The build.
        build: Nsvc,
    },
    /// A block makes no build because there is nothing to choose from.
    NothingToChoose {
        /// Number of the block, from 1.
        block: usize,
        /// The module without a stream.
        module: ModuleName,
    },
    /// Base streams are named that have no ready build.
    NoSuchBase {
        /// The stream, as `name:stream`.
        base: String,
    },
    /// A block without buildrequires makes the only build.
    OnlyBlock {
        /// Number of the block, from 1.
        block: usize,
    },
}

impl ExpandWarning {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotReady { .. } => "MR0201",
            Self::Assumed { .. } => "MR0202",
            Self::NothingToChoose { .. } => "MR0203",
            Self::NoSuchBase { .. } => "MR0204",
            Self::OnlyBlock { .. } => "MR0205",
        }
    }
}

impl fmt::Display for ExpandWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotReady { build, state } => {
                write!(f, "`{build}` is taken, though its state is `{state}`; allow only ready builds to avoid it")
            }
            Self::Assumed { build } => write!(
                f,
                "`{build}` was built on no base module that is known here; it is counted as built on the base stream it names"
            ),
            Self::NothingToChoose { block, module } => {
                write!(f, "dependency block {block} makes no build: no stream of `{module}` has a build to choose")
            }
            Self::NoSuchBase { base } => write!(f, "`{base}` has no ready build and is left out"),
            Self::OnlyBlock { block } => write!(
                f,
                "dependency block {block} build-requires nothing, so it makes the only build and all other blocks none"
            ),
        }
    }
}
