//! Why a request is refused before anything is resolved.

use super::refusal::RefusalKind;
use crate::build::ModuleState;
use crate::identity::VersionError;
use crate::modulemd::{ConvertError, Diagnostic};
use crate::resolve::StaticContextError;
use crate::source::{RefError, UrlError};
use crate::{ModuleName, NameError, Owner};
use std::fmt;

/// Why a request is refused before anything is resolved. No text holds credentials.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// There are no scratch builds here.
    #[error("scratch builds are not enabled here")]
    ScratchDisabled,
    /// Source packages for a build that is not a scratch build.
    #[error("source packages (`srpms`) can be given for scratch builds only; ask for one, or leave them out")]
    SrpmsWithoutScratch,
    /// A text can only be built as a scratch build.
    #[error("a document that is not in a repository can only be built as a scratch build here")]
    YamlDisabled,
    /// The user is in none of the groups.
    #[error(
        "user `{user}` is in none of the groups {} (its groups: {}); ask for membership",
        quoted(allowed),
        quoted(groups)
    )]
    NotInGroup {
        /// The user.
        user: Owner,
        /// The groups that may submit.
        allowed: Vec<String>,
        /// The groups of the user.
        groups: Vec<String>,
    },
    /// No address.
    #[error("the address of the repository (`scmurl`) is missing")]
    NoScmUrl,
    /// The address is not among those that may be built from.
    #[error("repository `{shown}` is not allowed here; allowed are addresses that start with {}", quoted(allowed))]
    ScmUrlNotAllowed {
        /// The address.
        shown: String,
        /// What allowed addresses start with.
        allowed: Vec<String>,
    },
    /// The host is not among those that may be built from.
    #[error("host `{host}` of repository `{shown}` is not allowed here; allowed are {}", quoted(allowed))]
    ScmHostNotAllowed {
        /// The address.
        shown: String,
        /// Its host.
        host: String,
        /// Allowed hosts.
        allowed: Vec<String>,
    },
    /// The address is not of the right form.
    #[error("repository address `{shown}` {problem}; write `scheme://host/path?[folder]#commit`")]
    ScmUrlShape {
        /// The address.
        shown: String,
        /// What is wrong with it; reads on after the address.
        problem: String,
    },
    /// No branch.
    #[error("the branch of the repository (`branch`) is missing")]
    NoBranch,
    /// Something that only goes with a text.
    #[error("`{parameter}` can be given only with a document that is not in a repository")]
    YamlOnly {
        /// The parameter.
        parameter: &'static str,
    },
    /// Parameters that mean nothing.
    #[error("unknown parameters: {}", quoted(.0))]
    UnknownParameters(Vec<String>),
    /// The owner is who asks.
    #[error("`owner` cannot be given where users are authenticated; leave it out")]
    OwnerGiven,
    /// The rebuild strategy is fixed.
    #[error("`rebuild_strategy` is fixed here and cannot be given")]
    StrategyFixed,
    /// The rebuild strategy is not allowed.
    #[error("rebuild strategy `{given}` is not allowed; choose one of {}", quoted(allowed))]
    StrategyNotAllowed {
        /// What was asked for.
        given: String,
        /// What is allowed.
        allowed: Vec<String>,
    },
    /// A parameter of the wrong kind.
    #[error("parameter `{parameter}` is not {expected}")]
    Shape {
        /// The parameter.
        parameter: String,
        /// What it has to be.
        expected: &'static str,
    },
    /// Reuse with a strategy that reuses nothing.
    #[error("`reuse_components_from` contradicts rebuild strategy `all`; leave one of them out")]
    ReuseWithAll,
    /// The build to reuse is not named right.
    #[error(
        "`{given}` in `reuse_components_from` is neither the number nor the NAME:STREAM:VERSION:CONTEXT of a build"
    )]
    ReuseIdentity {
        /// What was given.
        given: String,
    },
    /// The build to reuse does not exist.
    #[error("the build named in `reuse_components_from` does not exist")]
    ReuseNotFound,
    /// The build to reuse is not finished.
    #[error("the build named in `reuse_components_from` is in state `{state}`, and only a ready one can be reused", state = .0.name())]
    ReuseNotReady(ModuleState),
    /// A ref is not acceptable.
    #[error(transparent)]
    Ref(#[from] RefError),
    /// A name is not acceptable.
    #[error(transparent)]
    Name(#[from] NameError),
    /// The document has errors.
    #[error("{}", malformed(.0))]
    Malformed(Vec<Diagnostic>),
    /// The document of a packager makes no stream.
    #[error(transparent)]
    Convert(#[from] ConvertError),
    /// The chosen contexts leave something open.
    #[error(transparent)]
    StaticContexts(#[from] StaticContextError),
    /// Nothing tells the name of the module.
    #[error("the module has no name: add `name` to the document, or give `module_name`")]
    NoName,
    /// The document and its repository disagree about the name.
    #[error("the document names module `{found}`, and its repository `{expected}`; correct or remove `name`")]
    NameDiffers {
        /// Name in the document.
        found: String,
        /// Name of the repository.
        expected: String,
    },
    /// The document and its branch disagree about the stream.
    #[error(
        "the document has stream `{found}`, and branch `{branch}` means stream `{expected}`; correct or remove `stream`"
    )]
    StreamDiffers {
        /// Stream in the document.
        found: String,
        /// Stream that the branch gives.
        expected: String,
        /// The branch.
        branch: String,
    },
    /// A dash where none may be.
    #[error("dashes are not allowed in the {what}, and `{text}` has one")]
    Dash {
        /// `stream` or `context`.
        what: &'static str,
        /// The text.
        text: String,
    },
    /// A version although the commit decides it.
    #[error(
        "the document has version {0}, but the version of a module from a repository is the time of its commit; remove it"
    )]
    VersionGiven(u64),
    /// The time cannot be a version.
    #[error(transparent)]
    Version(#[from] VersionError),
    /// Included modules name repositories.
    #[error("included modules may not name a repository here: {}; remove it", pairs(.0))]
    ModuleRepositories(Vec<(String, String)>),
    /// Components name repositories.
    #[error("components may not name a repository here: {}; remove it", pairs(.0))]
    ComponentRepositories(Vec<(String, String)>),
    /// Components name look-aside caches.
    #[error("components may not name a look-aside cache here: {}; remove it", pairs(.0))]
    ComponentCaches(Vec<(String, String)>),
    /// The document uses the build system's own keys.
    #[error("the key `xmd.mbs` is reserved for the build system; remove it")]
    ReservedXmd,
    /// A base module cannot be built.
    #[error("module `{0}` is a base module and cannot be built")]
    BaseModule(ModuleName),
    /// Overrides that change nothing.
    #[error("no dependency block has {} in its {side}, so overriding that makes no sense", quoted(modules))]
    OverridesNotApplicable {
        /// `buildrequires` or `requires`.
        side: &'static str,
        /// The modules, sorted.
        modules: Vec<String>,
    },
    /// The stream is no longer maintained.
    #[error("stream `{stream}` of module `{name}` has reached its end of life")]
    EndOfLife {
        /// The module.
        name: String,
        /// The branch.
        stream: String,
    },
    /// Nobody knows whether the stream is maintained.
    #[error("cannot tell whether stream `{stream}` of module `{name}` is still maintained: {problem}")]
    LifeUnknown {
        /// The module.
        name: String,
        /// The branch.
        stream: String,
        /// Why.
        problem: String,
    },
    /// The branch is for scratch builds.
    #[error("only scratch builds can be made from branch `{0}`")]
    ScratchOnlyBranch(String),
}

impl RequestError {
    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::ScratchDisabled => "MS0101",
            Self::SrpmsWithoutScratch => "MS0102",
            Self::Shape { .. } => "MS0103",
            Self::YamlDisabled => "MS0104",
            Self::NotInGroup { .. } => "MS0105",
            Self::NoScmUrl => "MS0106",
            Self::ScmUrlNotAllowed { .. } => "MS0107",
            Self::ScmUrlShape { .. } => "MS0108",
            Self::ScmHostNotAllowed { .. } => "MS0109",
            Self::NoBranch => "MS0110",
            Self::YamlOnly { .. } => "MS0111",
            Self::UnknownParameters(_) => "MS0112",
            Self::OwnerGiven => "MS0113",
            Self::StrategyFixed => "MS0114",
            Self::StrategyNotAllowed { .. } => "MS0115",
            Self::ReuseWithAll => "MS0116",
            Self::ReuseIdentity { .. } => "MS0117",
            Self::ReuseNotFound => "MS0118",
            Self::ReuseNotReady(_) => "MS0119",
            Self::Ref(_) => "MS0120",
            Self::Name(_) => "MS0121",
            Self::EndOfLife { .. } => "MS0122",
            Self::LifeUnknown { .. } => "MS0123",
            Self::Malformed(_) => "MS0124",
            Self::Convert(_) => "MS0125",
            Self::StaticContexts(_) => "MS0126",
            Self::NoName => "MS0127",
            Self::NameDiffers { .. } => "MS0128",
            Self::StreamDiffers { .. } => "MS0129",
            Self::Dash { .. } => "MS0130",
            Self::VersionGiven(_) => "MS0131",
            Self::Version(_) => "MS0132",
            Self::ModuleRepositories(_) => "MS0133",
            Self::ReservedXmd => "MS0134",
            Self::BaseModule(_) => "MS0135",
            Self::ComponentRepositories(_) => "MS0136",
            Self::ComponentCaches(_) => "MS0137",
            Self::OverridesNotApplicable { .. } => "MS0138",
            Self::ScratchOnlyBranch(_) => "MS0139",
        }
    }

    /// What kind of refusal it is.
    pub fn kind(&self) -> RefusalKind {
        match self {
            Self::ScratchDisabled
            | Self::SrpmsWithoutScratch
            | Self::YamlDisabled
            | Self::NotInGroup { .. }
            | Self::ScmUrlNotAllowed { .. }
            | Self::ScmHostNotAllowed { .. }
            | Self::ModuleRepositories(_)
            | Self::ComponentRepositories(_)
            | Self::ComponentCaches(_) => RefusalKind::Forbidden,
            Self::Malformed(_) => RefusalKind::Unprocessable,
            Self::Shape { .. }
            | Self::NoScmUrl
            | Self::ScmUrlShape { .. }
            | Self::NoBranch
            | Self::YamlOnly { .. }
            | Self::UnknownParameters(_)
            | Self::OwnerGiven
            | Self::StrategyFixed
            | Self::StrategyNotAllowed { .. }
            | Self::ReuseWithAll
            | Self::ReuseIdentity { .. }
            | Self::ReuseNotFound
            | Self::ReuseNotReady(_)
            | Self::Ref(_)
            | Self::Name(_)
            | Self::EndOfLife { .. }
            | Self::LifeUnknown { .. }
            | Self::Convert(_)
            | Self::StaticContexts(_)
            | Self::NoName
            | Self::NameDiffers { .. }
            | Self::StreamDiffers { .. }
            | Self::Dash { .. }
            | Self::VersionGiven(_)
            | Self::Version(_)
            | Self::ReservedXmd
            | Self::BaseModule(_)
            | Self::OverridesNotApplicable { .. }
            | Self::ScratchOnlyBranch(_) => RefusalKind::Validation,
        }
    }

    pub(super) fn shape(error: &UrlError) -> Self {
        Self::ScmUrlShape { shown: error.shown.clone(), problem: error.problem.to_owned() }
    }
}

fn quoted<T: fmt::Display>(names: &[T]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn pairs(pairs: &[(String, String)]) -> String {
    pairs.iter().map(|(name, place)| format!("`{name}` names `{place}`")).collect::<Vec<_>>().join(", ")
}

fn malformed(diagnostics: &[Diagnostic]) -> String {
    let mut errors = diagnostics.iter().filter(|one| one.is_error());
    let Some(first) = errors.next() else { return "the document cannot be read".to_owned() };
    let more = match errors.count() {
        0 => String::new(),
        count => format!(" (and {count} more)"),
    };
    format!("{}:{}:{}: {}{more}", first.file, first.line, first.column, first.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_in_texts_are_readable() {
        let error = RequestError::NotInGroup {
            user: Owner::new("ann").expect("owner"),
            allowed: vec!["packager".to_owned()],
            groups: Vec::new(),
        };
        assert_eq!(
            error.to_string(),
            "user `ann` is in none of the groups `packager` (its groups: none); ask for membership"
        );
        let error = RequestError::ModuleRepositories(vec![("a".to_owned(), "https://h/a".to_owned())]);
        assert!(error.to_string().ends_with("here: `a` names `https://h/a`; remove it"));
    }
}
