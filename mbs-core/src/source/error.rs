//! Why sources could not be had.

use super::git_ref::{CommitHash, RefError};
use super::location::UrlError;
use super::lookaside::{Checksum, LookasideProblem};
use crate::modulemd::DecodeError;
use crate::{Blame, ComponentName, ModuleName};
use std::io;
use std::path::PathBuf;
use std::sync::Arc;

/// Lines of problems for a message.
fn joined(problems: &[LookasideProblem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn list(items: &[String]) -> String {
    items.iter().map(|item| format!("`{item}`")).collect::<Vec<_>>().join(", ")
}

/// Kind of trouble, for callers that choose by it and not by the exact variant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SourceProblem {
    /// What was submitted names something that is not there or is not acceptable.
    Input,
    /// A server could not be reached or broke off.
    Network,
    /// This machine: disk, missing program.
    Machine,
}

/// Why sources could not be had. Addresses in it are without credentials.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum SourceError {
    /// An address is refused.
    #[error(transparent)]
    Url(#[from] UrlError),

    /// A ref or hash is refused.
    #[error(transparent)]
    Ref(#[from] RefError),

    /// A component has no repository and there is no default.
    #[error("component `{component}` has no repository and no default is set; add `repository:` or give `--rpms-url`")]
    NoRepository {
        /// The component.
        component: ComponentName,
    },

    /// An included module has no repository and there is no default.
    #[error(
        "included module `{module}` has no repository and no default is set; add `repository:` or give `--modules-url`"
    )]
    NoModuleRepository {
        /// The module.
        module: ModuleName,
    },

    /// A ref does not exist in its repository.
    #[error("ref `{reference}` does not exist in `{repository}`; was it pushed?")]
    RefAbsent {
        /// The repository.
        repository: String,
        /// The ref as written.
        reference: String,
    },

    /// A commit is not part of the branch that it was named with.
    #[error(
        "commit {commit} is not in branch `{branch}` of `{repository}`; name the branch that holds it, or push it there"
    )]
    NotInBranch {
        /// The repository.
        repository: String,
        /// The commit.
        commit: String,
        /// The branch.
        branch: String,
    },

    /// A short hash fits several commits.
    #[error("hash `{reference}` fits several commits in `{repository}`; write more digits of it")]
    RefAmbiguous {
        /// The repository.
        repository: String,
        /// The hash as written.
        reference: String,
    },

    /// There is no repository at the address.
    #[error("no git repository at `{repository}`: {detail}")]
    RepositoryAbsent {
        /// The repository.
        repository: String,
        /// What git said.
        detail: String,
    },

    /// The server wants other credentials.
    #[error("access to `{address}` was denied: {detail}")]
    AccessDenied {
        /// The repository or file.
        address: String,
        /// What the server said.
        detail: String,
    },

    /// A server could not be reached, broke off or failed, also after retries.
    #[error("could not reach `{address}`: {detail}")]
    Network {
        /// The repository or file.
        address: String,
        /// What went wrong.
        detail: String,
    },

    /// A program or transfer took too long and was stopped.
    #[error("{what} of `{address}` took longer than {seconds} s and was stopped")]
    TimedOut {
        /// What was done.
        what: &'static str,
        /// The repository or file.
        address: String,
        /// The limit in seconds.
        seconds: u64,
    },

    /// The git program is not installed.
    #[error("the program `{program}` was not found; install git")]
    GitMissing {
        /// Name or path that was tried.
        program: String,
    },

    /// git failed in a way that is not known better.
    #[error("git {what} failed for `{repository}`: {detail}")]
    Git {
        /// The git command.
        what: String,
        /// The repository.
        repository: String,
        /// What git said.
        detail: String,
    },

    /// A list of look-aside files has bad lines.
    #[error("`{file}` of component `{component}` is malformed: {}", joined(problems))]
    LookasideList {
        /// The component.
        component: ComponentName,
        /// The list's name.
        file: String,
        /// Every bad line.
        problems: Vec<LookasideProblem>,
    },

    /// Look-aside files are listed but no cache is known.
    #[error(
        "component `{component}` lists look-aside file `{file}` but has no cache; add `cache:` or give `--cache-url`"
    )]
    NoLookaside {
        /// The component.
        component: ComponentName,
        /// The first such file.
        file: String,
    },

    /// A look-aside file is nowhere in its cache.
    #[error("look-aside file `{file}` of component `{component}` was not found; tried {}", list(tried))]
    LookasideAbsent {
        /// The component.
        component: ComponentName,
        /// The file.
        file: String,
        /// Every address tried.
        tried: Vec<String>,
    },

    /// A file has another checksum than listed.
    #[error("checksum of `{file}` from `{address}` is `{found}`, expected `{expected}`")]
    ChecksumMismatch {
        /// The file.
        file: String,
        /// Where it came from.
        address: String,
        /// As listed.
        expected: Checksum,
        /// As computed.
        found: Checksum,
    },

    /// A file or answer is larger than allowed.
    #[error("`{address}` is larger than the limit of {limit} bytes")]
    TooLarge {
        /// What is too large.
        address: String,
        /// The limit in bytes.
        limit: u64,
    },

    /// A repository has no spec file.
    #[error("no spec file in `{repository}` at {commit}; expected `{component}.spec` at the top or in `SPECS`")]
    SpecAbsent {
        /// The component.
        component: ComponentName,
        /// The repository.
        repository: String,
        /// The commit.
        commit: CommitHash,
    },

    /// A repository has several spec files and none has the component's name.
    #[error(
        "several spec files for component `{component}`: {}; name one of them `{component}.spec`",
        list(candidates)
    )]
    SpecAmbiguous {
        /// The component.
        component: ComponentName,
        /// The files found.
        candidates: Vec<String>,
    },

    /// A path or link in a repository leads where it must not.
    #[error("`{path}` {problem}")]
    UnsafePath {
        /// The path.
        path: String,
        /// What is wrong; reads on after the path.
        problem: &'static str,
    },

    /// There is no modulemd file, or several that could be meant.
    #[error("{}", no_modulemd(place, expected, candidates))]
    NoModulemd {
        /// Folder or repository.
        place: String,
        /// File name that was looked for first.
        expected: String,
        /// Files that look like modulemd documents.
        candidates: Vec<String>,
    },

    /// A file that should be text is not.
    #[error("`{path}` is not UTF-8 text: byte {offset} is wrong")]
    NotText {
        /// The file.
        path: String,
        /// Offset of the first wrong byte.
        offset: usize,
    },

    /// A compressed file cannot be unpacked, or is not to be.
    #[error("`{path}` cannot be read: {source}")]
    Packed {
        /// The file.
        path: String,
        /// Why.
        source: DecodeError,
    },

    /// A given path does not exist.
    #[error("`{path}` does not exist")]
    PathAbsent {
        /// The path.
        path: String,
    },

    /// Nothing may be fetched, and this is not in the cache.
    #[error("`{address}` is not in the cache, and nothing is fetched while offline; ask once with network")]
    NotCached {
        /// The file.
        address: String,
    },

    /// This machine refused a file operation.
    #[error("could not {doing} `{}`: {source}", path.display())]
    Disk {
        /// What was done.
        doing: &'static str,
        /// The file.
        path: PathBuf,
        /// The system's answer.
        source: Arc<io::Error>,
    },
}

fn no_modulemd(place: &str, expected: &str, candidates: &[String]) -> String {
    if candidates.is_empty() {
        format!("no modulemd file in `{place}`; expected `{expected}`")
    } else {
        format!("several modulemd files in `{place}` and no `{expected}`; name one of {} instead", list(candidates))
    }
}

impl SourceError {
    /// A file operation that failed; for `map_err`.
    pub fn disk(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Disk { doing, path, source: Arc::new(source) }
    }

    /// Kind of trouble.
    pub fn problem(&self) -> SourceProblem {
        match self {
            Self::Url(_)
            | Self::Ref(_)
            | Self::NoRepository { .. }
            | Self::NoModuleRepository { .. }
            | Self::RefAbsent { .. }
            | Self::NotInBranch { .. }
            | Self::RefAmbiguous { .. }
            | Self::RepositoryAbsent { .. }
            | Self::AccessDenied { .. }
            | Self::LookasideList { .. }
            | Self::NoLookaside { .. }
            | Self::LookasideAbsent { .. }
            | Self::ChecksumMismatch { .. }
            | Self::TooLarge { .. }
            | Self::SpecAbsent { .. }
            | Self::SpecAmbiguous { .. }
            | Self::UnsafePath { .. }
            | Self::NoModulemd { .. }
            | Self::NotText { .. }
            | Self::Packed { .. }
            | Self::NotCached { .. }
            | Self::PathAbsent { .. } => SourceProblem::Input,
            Self::Network { .. } | Self::TimedOut { .. } | Self::Git { .. } => SourceProblem::Network,
            Self::GitMissing { .. } | Self::Disk { .. } => SourceProblem::Machine,
        }
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self.problem() {
            SourceProblem::Input => Blame::User,
            SourceProblem::Network | SourceProblem::Machine => Blame::Infra,
        }
    }

    /// Whether the same request may succeed later without anybody acting.
    pub fn retryable(&self) -> bool {
        self.problem() == SourceProblem::Network
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_absent_is_the_users_and_the_network_is_not() {
        let absent = SourceError::RefAbsent { repository: "file:///r".into(), reference: "x".into() };
        assert_eq!((absent.blame(), absent.retryable()), (Blame::User, false));
        let network = SourceError::Network { address: "https://h/".into(), detail: "reset".into() };
        assert_eq!((network.blame(), network.retryable()), (Blame::Infra, true));
        let disk = SourceError::disk("write", "/x")(io::Error::other("no space left"));
        assert_eq!((disk.blame(), disk.retryable()), (Blame::Infra, false));
        assert_eq!(disk.to_string(), "could not write `/x`: no space left");
    }
}
