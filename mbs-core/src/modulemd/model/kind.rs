//! The kinds of documents.

use super::document::Document;
use std::fmt;

/// Kind and version of the documents that are understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DocumentKind {
    /// `modulemd` version 1.
    StreamV1,
    /// `modulemd` version 2.
    Stream,
    /// `modulemd-packager` version 2.
    PackagerV2,
    /// `modulemd-packager` version 3.
    PackagerV3,
    /// `modulemd-defaults` version 1.
    Defaults,
    /// `modulemd-translations` version 1.
    Translations,
    /// `modulemd-obsoletes` version 1.
    Obsoletes,
}

impl DocumentKind {
    /// All kinds.
    pub const ALL: &'static [Self] = &[
        Self::StreamV1,
        Self::Stream,
        Self::PackagerV2,
        Self::PackagerV3,
        Self::Defaults,
        Self::Translations,
        Self::Obsoletes,
    ];

    /// The values of `document` and `version`.
    pub fn key(self) -> (&'static str, u64) {
        match self {
            Self::StreamV1 => ("modulemd", 1),
            Self::Stream => ("modulemd", 2),
            Self::PackagerV2 => ("modulemd-packager", 2),
            Self::PackagerV3 => ("modulemd-packager", 3),
            Self::Defaults => ("modulemd-defaults", 1),
            Self::Translations => ("modulemd-translations", 1),
            Self::Obsoletes => ("modulemd-obsoletes", 1),
        }
    }

    /// The kind with these values of `document` and `version`. `modulemd-stream` is another name of `modulemd`.
    pub fn known(document: &str, version: u64) -> Option<Self> {
        let name = if document == "modulemd-stream" { "modulemd" } else { document };
        Self::ALL.iter().copied().find(|kind| kind.key() == (name, version))
    }

    /// The known versions of a document, in ascending order; none if it is unknown.
    pub(crate) fn versions(document: &str) -> Vec<u64> {
        let name = if document == "modulemd-stream" { "modulemd" } else { document };
        Self::ALL
            .iter()
            .map(|kind| kind.key())
            .filter(|(known, _)| *known == name)
            .map(|(_, version)| version)
            .collect()
    }

    /// One word for it, as other tools' options have it, such as `modulemd-packager-v3`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::StreamV1 => "modulemd-v1",
            Self::Stream => "modulemd-v2",
            Self::PackagerV2 => "modulemd-packager-v2",
            Self::PackagerV3 => "modulemd-packager-v3",
            Self::Defaults => "modulemd-defaults-v1",
            Self::Translations => "modulemd-translations-v1",
            Self::Obsoletes => "modulemd-obsoletes-v1",
        }
    }

    /// The kind with that word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == text)
    }

    /// The kind of a document; nothing for one that is not understood.
    pub fn of(document: &Document) -> Option<Self> {
        document.known().ok()
    }
}

impl fmt::Display for DocumentKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
