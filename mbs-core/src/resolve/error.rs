//! Why a document cannot be expanded.

use super::conflict::Conflict;
use crate::build::ModuleState;
use crate::{ModuleName, NameError, Nsvc};
use std::collections::BTreeSet;
use std::fmt;

/// Why a document cannot be expanded. Nothing of it can then be built, also not the blocks that have a solution.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ExpandError {
    /// A name in the document is not acceptable.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The document says that its context is chosen, and has none.
    #[error("the document has a static context, but no `context`; add one")]
    NoContext,
    /// What a build would require still names wanted and excluded streams side by side.
    #[error(
        "module `{module}` is required with wanted and excluded streams side by side, and no build can say so; name only wanted, or only excluded ones"
    )]
    Mixed {
        /// The module.
        module: String,
    },
    /// No block build-requires a base module that exists.
    #[error("{}", no_base(names, missing))]
    NoBaseModule {
        /// Names of the base modules.
        names: Vec<ModuleName>,
        /// Streams that the document names and that have no ready build, as `name:stream`.
        missing: Vec<String>,
    },
    /// Compatible base modules are compared by numbers of the form x.y.z, which this one has not.
    #[error(
        "base module `{base}` has virtual streams, but its stream is not of the form x.y.z, so no compatible ones can be found; allow every base module with a common virtual stream, or choose another stream"
    )]
    StreamNotXyz {
        /// The base module.
        base: Nsvc,
    },
    /// Several streams fit, and the options say not to take all of them.
    #[error("{}", list(.0))]
    Ambiguous(Vec<Unsettled>),
    /// Modules that are needed have no usable build.
    #[error("{}", list(.0))]
    Missing(Vec<Missing>),
    /// No combination has everything that it needs.
    #[error("{}", list(.0))]
    Unsolvable(Vec<UnsolvableBlock>),
    /// Builds that would be taken cannot be dependencies.
    #[error("{}", list(.0))]
    Unusable(Vec<Unusable>),
    /// The search took more steps than allowed.
    #[error(
        "dependency block {block} has too many combinations: stopped after {steps} steps of search, and {limit} are allowed; name fewer streams, or raise the limit"
    )]
    TooMany {
        /// Number of the block, from 1.
        block: usize,
        /// Steps done, or needed for the results alone.
        steps: u64,
        /// Steps allowed.
        limit: u64,
    },
    /// The requires of a build are alternatives of too many others.
    #[error("the dependency blocks of module `{module}` come to more than {limit} alternatives; it cannot be used")]
    TooManyAlternatives {
        /// The build.
        module: Nsvc,
        /// How many are allowed.
        limit: usize,
    },
}

impl ExpandError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Name(_) => "MR0101",
            Self::NoBaseModule { .. } => "MR0102",
            Self::StreamNotXyz { .. } => "MR0103",
            Self::Ambiguous(_) => "MR0104",
            Self::Missing(_) => "MR0105",
            Self::Unsolvable(_) => "MR0106",
            Self::Unusable(_) => "MR0107",
            Self::TooMany { .. } => "MR0108",
            Self::TooManyAlternatives { .. } => "MR0109",
            Self::NoContext => "MR0110",
            Self::Mixed { .. } => "MR0111",
        }
    }
}

fn no_base(names: &[ModuleName], missing: &[String]) -> String {
    let names = quoted(names);
    if missing.is_empty() {
        format!(
            "no dependency block build-requires a base module ({names}) in any stream; add one, for example `platform: []`"
        )
    } else {
        let missing = quoted(missing);
        format!(
            "no build-required stream of a base module ({names}) has a ready build: {missing}; name one that exists"
        )
    }
}

pub(super) fn quoted<T: fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn list<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

/// A module of which several streams fit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// The module.
    pub name: ModuleName,
    /// The streams; empty where the document leaves it open altogether.
    pub streams: BTreeSet<String>,
    /// Who needs it, starting with what the document build-requires; empty if the document itself does.
    pub chain: Vec<Nsvc>,
}

impl fmt::Display for Unsettled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, streams, chain } = self;
        let open = if streams.is_empty() { "any".to_owned() } else { quoted(streams) };
        write!(f, "several streams of module `{name}` fit ({open})")?;
        if !chain.is_empty() {
            let through = chain.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" -> ");
            write!(f, " the requires of {through}")?;
        }
        f.write_str("; choose one as its default stream")
    }
}

/// A stream that is needed and has no usable build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The module.
    pub name: ModuleName,
    /// The stream.
    pub stream: String,
    /// Who needs it, starting with what the document build-requires; empty if the document itself does.
    pub chain: Vec<Nsvc>,
    /// Builds of the stream that exist but do not count: not ready, or built on other base modules.
    pub known: Vec<(Nsvc, ModuleState)>,
    /// Base modules that the ready ones of these were built on.
    pub built_on: Vec<Nsvc>,
    /// Base modules in question.
    pub wanted: Vec<Nsvc>,
    /// Streams of the module that have a ready build.
    pub streams: Vec<String>,
    /// Modules with builds whose names look like this one, if there are no builds of it.
    pub near: Vec<ModuleName>,
}

/// At most so many streams or names are suggested.
const SUGGESTED: usize = 5;

impl Missing {
    /// What can be done about it.
    pub fn advice(&self) -> String {
        let Self { name, stream, known, streams, near, .. } = self;
        let ready = known.iter().any(|(_, state)| *state == ModuleState::Ready);
        if ready {
            return "rebuild it there".to_owned();
        }
        let other = if let Some(more) = streams.len().checked_sub(SUGGESTED).filter(|more| *more > 0) {
            format!("name another stream: {} or one of {more} more", quoted(&streams[..SUGGESTED]))
        } else if !streams.is_empty() {
            format!("name another stream: {}", quoted(streams))
        } else if !near.is_empty() {
            return format!("did you mean {}?", quoted(near));
        } else {
            "name another stream".to_owned()
        };
        if known.is_empty() {
            format!("build `{name}:{stream}`, or {other}")
        } else {
            format!("wait for one, or {other}")
        }
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, stream, chain, known, built_on, wanted, .. } = self;
        match chain.as_slice() {
            [] => write!(f, "the document build-requires `{name}:{stream}`")?,
            chain => {
                let through = chain.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" -> ");
                write!(f, "the document build-requires {through}, which requires `{name}:{stream}`")?;
            }
        }
        if known.is_empty() {
            f.write_str(", and no build of that exists")?;
        } else if known.iter().any(|(_, state)| *state == ModuleState::Ready) {
            f.write_str(", and no build of that was made on a base module in question")?;
            if !built_on.is_empty() {
                write!(f, " ({}), but on {}", quoted(wanted), quoted(built_on))?;
            }
        } else {
            let states: BTreeSet<&str> = known.iter().map(|(_, state)| state.name()).collect();
            let states = states.into_iter().collect::<Vec<_>>().join(", ");
            write!(f, ", and no build of that is ready (only: {states})")?;
        }
        write!(f, "; {}", self.advice())
    }
}

/// A dependency block without a solution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsolvableBlock {
    /// Number of the block, from 1.
    pub block: usize,
    /// Modules that cannot be build-required together: without one of them the others would do.
    pub modules: Vec<ModuleName>,
    /// What each attempt ended in.
    pub conflicts: Vec<Conflict>,
}

impl fmt::Display for UnsolvableBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { block, modules, conflicts } = self;
        write!(f, "dependency block {block} has no solution")?;
        for (number, conflict) in conflicts.iter().enumerate() {
            write!(f, "{} {conflict}", if number == 0 { ":" } else { ", and" })?;
        }
        write!(f, "; change the streams of {} in its buildrequires", quoted(modules))
    }
}

/// Why a build cannot be a dependency.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Unusable {
    /// Another context of its version is still being built.
    SiblingUnfinished {
        /// The build.
        build: Nsvc,
        /// The other context.
        sibling: Nsvc,
        /// State of that.
        state: ModuleState,
    },
    /// It noted no commit.
    NoCommit(Nsvc),
    /// It was not made by stream expansion.
    NotExpanded(Nsvc),
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SiblingUnfinished { build, sibling, state } => {
                write!(
                    f,
                    "`{build}` cannot be used yet: `{sibling}` of the same version is in state `{state}`; wait until that is finished"
                )
            }
            Self::NoCommit(build) => write!(f, "`{build}` names no commit in `xmd.mbs`; rebuild or import it anew"),
            Self::NotExpanded(build) => {
                write!(f, "`{build}` was built without stream expansion (`xmd.mbs.mse`); rebuild it")
            }
        }
    }
}
