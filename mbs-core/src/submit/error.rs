//! Why a submission is refused.

use crate::identity::{DisttagError, VersionError};
use crate::modulemd::{Diagnostic, NeedsExpansion};
use crate::plan::PlanError;
use crate::source::SourceError;
use crate::{ModuleName, NameError};

/// Why a submission is refused. Nothing is stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The document has no name, and nothing else tells it.
    #[error("the module has no name: add `name` to the document or name the file after the module")]
    NoName,
    /// The document has no stream, and nothing else tells it.
    #[error("the module has no stream: add `stream` to the document or name one on the command line")]
    NoStream,
    /// A name is not acceptable.
    #[error(transparent)]
    Name(#[from] NameError),
    /// A base module cannot be built.
    #[error("module `{0}` is a base module and cannot be built")]
    BaseModule(ModuleName),
    /// The document says how it is to be built in the build system's own words.
    #[error("the key `xmd.mbs` is reserved for the build system; remove it")]
    ReservedXmd,
    /// The document carries a version although its commit decides it.
    #[error(
        "the document has version {0}, but the version of a module from a git commit is the time of the commit; remove it"
    )]
    VersionGiven(u64),
    /// The components contradict each other.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// Where a component comes from is not known or not acceptable.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Sources(Vec<SourceError>),
    /// The document of an included module has errors.
    #[error("the document of included module `{name}` has errors")]
    Included {
        /// The module.
        name: ModuleName,
        /// All problems of its document.
        diagnostics: Vec<Diagnostic>,
    },
    /// The document of an included module describes several builds, with components of their own.
    #[error("included module `{name}`: {needs}")]
    IncludedExpansion {
        /// The module.
        name: ModuleName,
        /// What there are several of.
        needs: NeedsExpansion,
    },
    /// Modules include each other.
    #[error("included modules form a circle: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" -> "))]
    IncludedCircle(Vec<ModuleName>),
    /// The module is not for this architecture.
    #[error("the module is built for {wanted} only, and this machine is `{machine}`")]
    Arch {
        /// `buildopts.arches`.
        wanted: String,
        /// The machine.
        machine: String,
    },
    /// No base module is required to build.
    #[error("the module build-requires no base module: add `platform: []` to the buildrequires of its dependencies")]
    NoPlatform,
    /// The document is for other platforms.
    #[error(
        "the module is built on `{name}:{wanted}`, but this build is for `{name}:{ours}`; name another platform with `--platform`"
    )]
    Platform {
        /// The base module.
        name: ModuleName,
        /// What the document allows.
        wanted: String,
        /// The stream of this build.
        ours: String,
    },
    /// A module to build against does not exist here.
    #[error("the module build-requires `{name}:{wanted}`, and no build of it is known here")]
    Unresolvable {
        /// The module.
        name: String,
        /// What the document allows.
        wanted: String,
    },
    /// The platform stream cannot be part of a release.
    #[error("{0}; name a platform with another stream with `--platform`")]
    Disttag(#[from] DisttagError),
    /// The time cannot be a version.
    #[error(transparent)]
    Version(#[from] VersionError),
}

impl SubmitError {
    /// Whether a dependency of the module cannot be resolved, or not to one build, as opposed to an input that is
    /// malformed.
    pub fn is_unresolved(&self) -> bool {
        matches!(
            self,
            Self::NoPlatform | Self::Platform { .. } | Self::Unresolvable { .. } | Self::IncludedExpansion { .. }
        )
    }
}
