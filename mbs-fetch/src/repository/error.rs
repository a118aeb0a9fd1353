//! Why the module documents of a repository could not be had.

use mbs_core::Blame;
use mbs_core::modulemd::DecodeError;
use mbs_core::repodata::{PartError, RepomdError};
use mbs_core::source::{SourceError, UrlError};

/// Why the module documents of a repository could not be had. Addresses in it are without credentials.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum RepositoryError {
    /// The address is refused.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// There is no repository.
    #[error(
        "no repository at `{place}`: it has no `{list}`; name the folder that holds `repodata`, or make the metadata with `createrepo_c`"
    )]
    Absent {
        /// The repository.
        place: String,
        /// The list of parts, from there.
        list: &'static str,
    },
    /// The list of parts cannot be used.
    #[error("in the repository `{place}`: {source}")]
    Repomd {
        /// The repository.
        place: String,
        /// What is wrong.
        source: RepomdError,
    },
    /// The file with the documents is not what the list says, or the list's entry is of no use.
    #[error("in the repository `{place}`: {source}")]
    Part {
        /// The repository.
        place: String,
        /// What is wrong.
        source: PartError,
    },
    /// The list names a file that does not exist.
    #[error(
        "`repomd.xml` names `{file}`, which does not exist; the repository is damaged or being changed: try again, or make its metadata again"
    )]
    FileAbsent {
        /// The file.
        file: String,
    },
    /// The file with the documents cannot be unpacked.
    #[error("`{file}` cannot be read: {source}")]
    Content {
        /// The file.
        file: String,
        /// What is wrong.
        source: DecodeError,
    },
    /// The network, the server or this machine.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl RepositoryError {
    /// Whether it is what somebody sees who comes while the repository is being changed.
    pub(super) fn may_be_a_change(&self) -> bool {
        matches!(
            self,
            Self::FileAbsent { .. } | Self::Part { source: PartError::Size { .. } | PartError::Checksum { .. }, .. }
        )
    }

    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Source(error) => error.blame(),
            _ => Blame::User,
        }
    }
}
