//! What can go wrong, as the user is told.

use crate::commands::import::ImportProblem;
use crate::config::ConfigError;
use crate::exit::Exit;
use crate::output::{listed, refusal_json, to_text, unresolved_text};
use mbs_core::BuildId;
use mbs_core::drive::{DriveError, RequestError};
use mbs_core::lock::{LockError, LockingError, NotAsLocked};
use mbs_core::modulemd::edit::EditError;
use mbs_core::modulemd::{Diagnostic, MergeError};
use mbs_core::resolve::Explanation;
use mbs_core::source::SourceError;
use mbs_core::store::StoreError;
use mbs_core::submit::{AdmissionError, StoringError, SubmitError};
use mbs_fetch::RepositoryError;
use mbs_mock::OpenError;
use mbs_mock::platform::PlatformError;
use mbs_mock::repo::RepoError;
use serde_json::json;
use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    /// The command line asks for something that makes no sense.
    #[error("{message}")]
    Usage { message: String, hint: Option<String> },
    /// The configuration file is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// No platform is known.
    #[error(transparent)]
    Platform(#[from] PlatformError),
    /// A backend that does not exist.
    #[error("there is no backend `{name}`; known: {known}")]
    UnknownBackend { name: String, known: String },
    /// The input has errors.
    #[error("`{file}` has {errors} {} and is not built", if *errors == 1 { "error" } else { "errors" })]
    Malformed { file: String, errors: usize, diagnostics: Vec<Diagnostic>, text: String },
    /// The input cannot become a build.
    #[error(transparent)]
    Submit(#[from] SubmitError),
    /// The dependencies of the input cannot be had.
    #[error("{source}")]
    Unresolved {
        #[source]
        source: Box<SubmitError>,
        /// Why, for each document of the input.
        documents: Vec<Explanation>,
        hint: Option<String>,
    },
    /// The modules to build against cannot be read.
    #[error(transparent)]
    Modules(Box<mbs_fetch::provider::OpenError>),
    /// A submission is not stored.
    #[error(transparent)]
    Storing(Box<StoringError>),
    /// A lock file cannot be read.
    #[error("`{}`: {source}", path.display())]
    LockFile { path: PathBuf, source: LockError },
    /// A submission does not come out as locked.
    #[error("the module cannot be built as locked in `{}`: {source}", path.display())]
    NotAsLocked { path: PathBuf, source: Box<NotAsLocked> },
    /// No lock can be made of a submission.
    #[error(transparent)]
    Unlockable(Box<LockingError>),
    /// Documents cannot be imported, none is.
    #[error("nothing is imported: {} {}", problems.len(), if problems.len() == 1 { "problem" } else { "problems" })]
    NotImported { problems: Vec<ImportProblem> },
    /// A source cannot be had.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The state cannot be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A build does not allow what is asked.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// Driving failed.
    #[error(transparent)]
    Drive(#[from] DriveError),
    /// The build was retired and is not built again under the same identity.
    #[error("build {id} has this identity and is retired")]
    Retired { id: BuildId },
    /// The results of a finished build were removed, and what it would need to make them again too.
    #[error("the repository `{}` of build {id} is gone and cannot be made again: {problem}", path.display())]
    ResultsGone { id: BuildId, path: PathBuf, problem: String },
    /// Writing a file anew would lose what its reader does not keep.
    #[error("`{file}` has {what} that would be lost, {places}")]
    WouldLose { file: String, what: String, places: String, hint: &'static str },
    /// The input has errors, and nothing is made of it.
    #[error("`{file}` has {errors} {}; nothing is written", if *errors == 1 { "error" } else { "errors" })]
    Faulty { file: String, errors: usize, diagnostics: Vec<Diagnostic>, text: String },
    /// A change that would break the document.
    #[error("the change would give `{file}` {errors} new {}; nothing is written", if *errors == 1 { "error" } else { "errors" })]
    Breaks { file: String, errors: usize, diagnostics: Vec<Diagnostic>, text: String },
    /// A document cannot become another kind of document.
    #[error("`{file}`: {source}")]
    Convert { file: String, source: mbs_core::modulemd::ConvertError },
    /// The macros of the module cannot be made.
    #[error("{0}")]
    Macros(String),
    /// There is no such component.
    #[error("build {build} has no component `{name}`")]
    NoComponent { build: BuildId, name: String },
    /// There is no log.
    #[error("there is no log of {what}")]
    NoLog { what: String },
    /// The packages of a module to build against cannot be had.
    #[error(transparent)]
    Packages(Box<mbs_mock::modules::ModulesError>),
    /// The machine cannot build.
    #[error(transparent)]
    Backend(#[from] OpenError),
    /// A file cannot be used.
    #[error("could not {doing} `{}`: {source}", path.display())]
    File { doing: &'static str, path: PathBuf, source: io::Error },
    /// A folder of this program cannot be used.
    #[error("{source}")]
    Place {
        #[source]
        source: Box<CliError>,
        /// The option that names another one.
        option: &'static str,
    },
    /// The module documents of a repository cannot be had.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The metadata of a repository cannot be written.
    #[error(transparent)]
    Metadata(#[from] RepoError),
    /// Documents for a repository have errors.
    #[error("the documents have {errors} {}; the repository was not changed", if *errors == 1 { "error" } else { "errors" })]
    NotAttached { errors: usize },
    /// Documents disagree.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// There is nothing to put into a repository.
    #[error("there are no module documents in `{}`", place.display())]
    NoDocuments { place: PathBuf },
    /// A file cannot be edited as asked.
    #[error("{source}")]
    Edit {
        #[source]
        source: Box<EditError>,
    },
    /// Somebody else changed a file while it was being edited.
    #[error("`{}` was changed by another program meanwhile; it was left alone", path.display())]
    ChangedMeanwhile { path: PathBuf },
    /// There is nothing that draws graphs.
    #[error("the program `dot`, which draws graphs, is not on this machine")]
    NoGraphviz,
    /// A graph is not drawn.
    #[error("`dot` could not draw the graph: {problem}")]
    Graphviz { problem: String },
    /// Standard output cannot be written.
    #[error("could not write the result: {0}")]
    Output(#[source] io::Error),
}

impl From<mbs_fetch::provider::OpenError> for CliError {
    fn from(error: mbs_fetch::provider::OpenError) -> Self {
        Self::Modules(Box::new(error))
    }
}

impl From<LockingError> for CliError {
    fn from(error: LockingError) -> Self {
        match error {
            LockingError::Submit(error) => Self::Submit(error),
            other => Self::Unlockable(Box::new(other)),
        }
    }
}

impl From<StoringError> for CliError {
    fn from(error: StoringError) -> Self {
        match error {
            StoringError::Store(error) => Self::Store(error),
            other => Self::Storing(Box::new(other)),
        }
    }
}

impl CliError {
    /// Wrong usage.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: None }
    }

    /// Wrong usage with advice.
    pub(crate) fn usage_hint(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Usage { message: message.into(), hint: Some(hint.into()) }
    }

    /// A file operation that failed; for `map_err`.
    pub(crate) fn file(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { doing, path, source }
    }

    /// An error about a folder of this program, with the option that names it; for `map_err`.
    pub(crate) fn place<E: Into<Self>>(option: &'static str) -> impl FnOnce(E) -> Self {
        move |error| Self::Place { source: Box::new(error.into()), option }
    }

    /// Whether the reader of our output has gone, which is his right.
    pub(crate) fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// What to do about it.
    fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } | Self::Unresolved { hint, .. } => hint.clone(),
            Self::WouldLose { hint, .. } => Some((*hint).to_owned()),
            Self::Convert { source: mbs_core::modulemd::ConvertError::Lossy(_), .. } => {
                Some("`--lossy` does it all the same".to_owned())
            }
            Self::Malformed { file, .. } | Self::Faulty { file, .. } => {
                Some(format!("`mbs validate {file}` checks it again"))
            }
            Self::Submit(SubmitError::IncludedExpansion { .. }) => {
                Some("split the document, or leave one dependency block or configuration in it".to_owned())
            }
            Self::Store(StoreError::NotFound(_)) | Self::Request(RequestError::Store(StoreError::NotFound(_))) => {
                Some("`mbs builds` lists the builds; is `--state-dir` the right one?".to_owned())
            }
            Self::Store(StoreError::LeaseHeld { build, .. }) => Some(format!("`mbs watch {build}` shows how it goes")),
            Self::Store(StoreError::InUse { build, state, .. }) if state.is_active() => {
                Some(format!("`mbs cancel {build}` ends it"))
            }
            Self::Storing(error)
                if matches!(**error, StoringError::Refused(AdmissionError::StrategyChanged { .. })) =>
            {
                Some("`--refresh` resolves everything anew".to_owned())
            }
            Self::ResultsGone { id, .. } => Some(format!(
                "`--again` makes a scratch build beside it; after `mbs rm {id}` the module can be built anew"
            )),
            Self::Retired { id } => {
                Some(format!("`mbs rm {id}` removes it, `--again` makes a scratch build beside it"))
            }
            Self::Edit { source } => match source.as_ref() {
                EditError::Ambiguous { .. } | EditError::NoDocument { .. } => {
                    Some("`--document N` chooses a document, counted from 0".to_owned())
                }
                EditError::Syntax(problem) => Some(format!("`mbs validate {}` shows all problems", problem.file)),
                EditError::Exists { .. } => Some("`mbs edit set` changes a value that is there".to_owned()),
                _ => None,
            },
            Self::NotAsLocked { .. } => Some(
                "give the options that the lock file was made with; `mbs plan --lock` makes another one".to_owned(),
            ),
            Self::NoGraphviz => Some(
                "install `graphviz` (`apt install graphviz`, `dnf install graphviz`), or draw the output of `--format dot` elsewhere"
                    .to_owned(),
            ),
            Self::ChangedMeanwhile { .. } => Some("run the command again".to_owned()),
            Self::Place { option, .. } => Some(format!("`{option}` names another folder")),
            Self::NoDocuments { .. } => Some("name the files that hold them with `--modules`".to_owned()),
            Self::NoComponent { build, .. } => Some(format!("`mbs show {build}` lists the components")),
            _ => None,
        }
    }

    /// Message, causes and advice, as lines for standard error.
    pub(crate) fn render(&self) -> String {
        let mut text = String::new();
        match self {
            Self::Malformed { diagnostics, text: source, .. }
            | Self::Faulty { diagnostics, text: source, .. }
            | Self::Breaks { diagnostics, text: source, .. } => {
                text.push_str(&mbs_core::modulemd::render_all(diagnostics, source));
                text.push('\n');
            }
            Self::Submit(SubmitError::Included { diagnostics, .. }) => {
                text.push_str(&mbs_core::modulemd::render_all(diagnostics, ""));
                text.push('\n');
            }
            Self::NotImported { problems } => {
                for problem in problems.iter().filter(|problem| !problem.shown) {
                    // Writing into a `String` cannot fail.
                    let _ = writeln!(text, "{problem}");
                }
            }
            _ => {}
        }
        self.render_message(&mut text);
        if let Some(hint) = self.hint() {
            text.push_str("hint: ");
            text.push_str(&hint);
            text.push('\n');
        }
        text
    }

    fn render_message(&self, text: &mut String) {
        match self {
            Self::Unresolved { documents, .. } if documents.iter().any(|one| one.failure.is_some()) => {
                text.push_str(&unresolved_text(documents));
            }
            Self::Submit(error) => {
                // Writing into a `String` cannot fail.
                let _ = match listed(error) {
                    None => writeln!(text, "error[{}]: {error}", error.code()),
                    Some(lines) => {
                        let lines = lines.join("\n  ");
                        writeln!(
                            text,
                            "error[{}]: the module is not built, for these reasons:\n  {lines}",
                            error.code()
                        )
                    }
                };
            }
            other => _ = writeln!(text, "error: {other}"),
        }
    }

    /// The error for programs that read the result as JSON; none if only people are told.
    pub(crate) fn json(&self) -> Option<String> {
        let (error, documents): (&SubmitError, &[Explanation]) = match self {
            Self::Unresolved { source, documents, .. } => (source, documents),
            Self::Submit(error) => (error, &[]),
            Self::NotImported { problems } => {
                let code = problems.iter().find_map(|problem| problem.code.as_deref());
                let error = json!({ "code": code, "message": self.to_string(), "problems": problems });
                return to_text(&json!({ "error": error })).ok();
            }
            _ => return None,
        };
        refusal_json(error, documents).ok()
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        Exit::of(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_message_and_a_hint_on_lines_of_their_own() {
        let error = CliError::from(StoreError::NotFound(BuildId(7)));
        assert_eq!(
            error.render(),
            "error: there is no build 7\nhint: `mbs builds` lists the builds; is `--state-dir` the right one?\n"
        );
        assert_eq!(CliError::usage("no").render(), "error: no\n");
    }
}
