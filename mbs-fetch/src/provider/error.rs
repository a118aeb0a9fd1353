//! Why a provider could not be opened.

use super::sidecar::SidecarError;
use crate::repository::RepositoryError;
use mbs_core::Blame;
use mbs_core::modulemd::{DecodeError, Diagnostic};
use mbs_core::source::{SourceError, UrlError};

/// Why a provider could not be opened. Addresses in it are without credentials.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The address is refused.
    #[error(transparent)]
    Url(#[from] UrlError),
    /// There is no such file.
    #[error("no module index at `{place}`; name a file with module documents, a repository, or a build service")]
    Absent {
        /// The place.
        place: String,
    },
    /// A folder that is no repository.
    #[error(
        "the folder `{place}` is no repository: it has no `repodata/repomd.xml`; name a file in it, or make the metadata with `createrepo_c`"
    )]
    NoRepository {
        /// The folder.
        place: String,
    },
    /// An index cannot be unpacked.
    #[error("`{file}` cannot be read: {source}")]
    Content {
        /// The file.
        file: String,
        /// What is wrong.
        source: DecodeError,
    },
    /// Not one document of an index can be read.
    #[error("`{file}` is no module index: no document of it can be read; the first problem: {}, in line {}", .first.message, .first.line)]
    NoDocuments {
        /// The file.
        file: String,
        /// The first problem.
        first: Box<Diagnostic>,
    },
    /// A sidecar is refused.
    #[error(transparent)]
    Sidecar(#[from] SidecarError),
    /// A repository cannot be read.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// The network, the server or this machine.
    #[error(transparent)]
    Source(#[from] SourceError),
}

impl OpenError {
    /// Who has to act.
    pub fn blame(&self) -> Blame {
        match self {
            Self::Source(error) => error.blame(),
            Self::Repository(error) => error.blame(),
            _ => Blame::User,
        }
    }
}
