//! Why a submission is refused.

use super::refusal::RefusalKind;
use super::request_error::RequestError;
use crate::identity::{DisttagError, VersionError};
use crate::modulemd::{Diagnostic, NeedsExpansion};
use crate::plan::PlanError;
use crate::resolve::{ExpandError, ExpandWarning, Expansion, ProviderError};
use crate::source::SourceError;
use crate::store::StoreError;
use crate::{ModuleName, NameError};
use std::fmt;

/// Why a submission is refused. Nothing is stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SubmitError {
    /// The request or its document is refused before anything is resolved.
    #[error(transparent)]
    Request(#[from] RequestError),
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
    /// The module asks for architectures that nobody builds for.
    #[error(
        "`buildopts.arches` names {}, and builds on these base modules are made for {}; remove the others",
        quoted(unsupported),
        quoted(supported)
    )]
    Arches {
        /// Those that nobody builds for.
        unsupported: Vec<String>,
        /// Those that there are.
        supported: Vec<String>,
    },
    /// Dependencies of the documents cannot be had, of at least one.
    #[error("{}", listed(.0))]
    Expand(Vec<ExpandFailure>),
    /// The dependency blocks come to no build.
    #[error("no combination of the dependencies comes to a build{}", because(.0))]
    Nothing(Vec<ExpandWarning>),
    /// Which builds of other modules exist cannot be found out.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The base module's stream cannot be part of a release.
    #[error("{0}; build on another stream of the base module, for example with `--platform`")]
    Disttag(#[from] DisttagError),
    /// Source packages cannot be used.
    #[error("{}", listed(.0))]
    Srpms(Vec<String>),
    /// The time cannot be a version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A document of a submission that cannot be expanded.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpandFailure {
    /// Its context, if the packager chose it: a submission may have several documents.
    pub context: Option<String>,
    /// Why.
    pub error: ExpandError,
}

impl fmt::Display for ExpandFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.context {
            Some(context) => write!(f, "context `{context}`: {}", self.error),
            None => self.error.fmt(f),
        }
    }
}

fn listed<T: fmt::Display>(items: &[T]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn because(warnings: &[ExpandWarning]) -> String {
    if warnings.is_empty() { String::new() } else { format!(": {}", listed(warnings)) }
}

impl SubmitError {
    /// No build at all, with what the expansions say about it.
    pub(super) fn nothing(expansions: &[Expansion]) -> Self {
        Self::Nothing(expansions.iter().flat_map(|expansion| expansion.warnings.clone()).collect())
    }

    /// Whether a dependency of the module cannot be resolved, or not to one build, as opposed to an input that is
    /// malformed.
    pub fn is_unresolved(&self) -> bool {
        matches!(self, Self::Expand(_) | Self::Nothing(_) | Self::IncludedExpansion { .. })
    }

    /// A stable code: that of the cause if it has one.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Request(error) => error.code(),
            Self::Expand(failures) => failures.first().map_or("MS0201", |first| first.error.code()),
            Self::Nothing(_) => "MS0202",
            Self::Provider(_) => "MS0203",
            Self::NoName => "MS0204",
            Self::NoStream => "MS0205",
            Self::Name(_) => "MS0206",
            Self::BaseModule(_) => "MS0207",
            Self::ReservedXmd => "MS0208",
            Self::VersionGiven(_) => "MS0209",
            Self::Version(_) => "MS0210",
            Self::Plan(_) => "MS0211",
            Self::Sources(_) => "MS0212",
            Self::Included { .. } => "MS0213",
            Self::IncludedExpansion { .. } => "MS0214",
            Self::IncludedCircle(_) => "MS0215",
            Self::Arch { .. } => "MS0216",
            Self::Arches { .. } => "MS0217",
            Self::Disttag(_) => "MS0218",
            Self::Srpms(_) => "MS0219",
            Self::Store(_) => "MS0220",
        }
    }

    /// What kind of answer it is.
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::Sources(problems)
                if !problems.is_empty()
                    && problems.iter().all(|problem| matches!(problem, SourceError::NotInBranch { .. })) =>
            {
                RefusalKind::Validation
            }
            Self::Request(error) => error.kind(),
            Self::Store(StoreError::Exists { .. }) => RefusalKind::Conflict,
            // What the original finds out only in the backend becomes a failed build there, for reasons that it calls
            // unprocessable.
            Self::Expand(_)
            | Self::Provider(_)
            | Self::Plan(_)
            | Self::Sources(_)
            | Self::Included { .. }
            | Self::IncludedExpansion { .. }
            | Self::IncludedCircle(_)
            | Self::Store(_)
            | Self::Disttag(_) => RefusalKind::Unprocessable,
            Self::Nothing(_)
            | Self::NoName
            | Self::NoStream
            | Self::Name(_)
            | Self::BaseModule(_)
            | Self::ReservedXmd
            | Self::VersionGiven(_)
            | Self::Version(_)
            | Self::Arch { .. }
            | Self::Arches { .. }
            | Self::Srpms(_) => RefusalKind::Validation,
        }
    }
}
