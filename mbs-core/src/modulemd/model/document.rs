//! Any document.

use super::defaults::Defaults;
use super::kind::DocumentKind;
use super::obsoletes::Obsoletes;
use super::packager::{PackagerV2, PackagerV3};
use super::stream::ModuleStream;
use super::stream_v1::StreamV1;
use super::translations::Translations;
use super::unknown::UnknownKeys;
use super::value::Value;
use serde::Serialize;

/// A document that was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Document {
    /// `modulemd` version 1.
    StreamV1(Box<StreamV1>),
    /// `modulemd` version 2.
    Stream(Box<ModuleStream>),
    /// `modulemd-packager` version 2.
    PackagerV2(Box<PackagerV2>),
    /// `modulemd-packager` version 3.
    PackagerV3(Box<PackagerV3>),
    /// `modulemd-defaults` version 1.
    Defaults(Box<Defaults>),
    /// `modulemd-translations` version 1.
    Translations(Box<Translations>),
    /// `modulemd-obsoletes` version 1.
    Obsoletes(Box<Obsoletes>),
    /// A document of an unknown kind or version, kept as it is.
    Unknown(Box<UnknownDocument>),
}

/// A document of an unknown kind or version.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct UnknownDocument {
    /// The value of `document`.
    pub kind: String,
    /// The value of `version`; 0 if that is no number.
    pub version: u64,
    /// The whole document, `document` and `version` included.
    pub root: Value,
}

impl Document {
    /// Kind and version as a person calls it, such as `modulemd-packager 3`.
    pub fn title(&self) -> String {
        let (kind, version) = self.kind();
        format!("{kind} {version}")
    }

    /// The values of `document` and `version`.
    pub fn kind(&self) -> (&str, u64) {
        match self.known() {
            Ok(kind) => kind.key(),
            Err(unknown) => (&unknown.kind, unknown.version),
        }
    }

    /// The kind of a document that is understood, or the one that is not.
    ///
    /// # Errors
    /// The unknown document.
    pub fn known(&self) -> Result<DocumentKind, &UnknownDocument> {
        Ok(match self {
            Self::StreamV1(_) => DocumentKind::StreamV1,
            Self::Stream(_) => DocumentKind::Stream,
            Self::PackagerV2(_) => DocumentKind::PackagerV2,
            Self::PackagerV3(_) => DocumentKind::PackagerV3,
            Self::Defaults(_) => DocumentKind::Defaults,
            Self::Translations(_) => DocumentKind::Translations,
            Self::Obsoletes(_) => DocumentKind::Obsoletes,
            Self::Unknown(unknown) => return Err(unknown),
        })
    }

    /// The unknown keys of the document; nothing for an unknown document, which is kept whole.
    pub fn unknown_keys(&self) -> Option<&UnknownKeys> {
        match self {
            Self::StreamV1(document) => Some(&document.unknown),
            Self::Stream(document) => Some(&document.unknown),
            Self::PackagerV2(document) => Some(&document.unknown),
            Self::PackagerV3(document) => Some(&document.unknown),
            Self::Defaults(document) => Some(&document.unknown),
            Self::Translations(document) => Some(&document.unknown),
            Self::Obsoletes(document) => Some(&document.unknown),
            Self::Unknown(_) => None,
        }
    }

    /// The same, for changing.
    pub fn unknown_keys_mut(&mut self) -> Option<&mut UnknownKeys> {
        match self {
            Self::StreamV1(document) => Some(&mut document.unknown),
            Self::Stream(document) => Some(&mut document.unknown),
            Self::PackagerV2(document) => Some(&mut document.unknown),
            Self::PackagerV3(document) => Some(&mut document.unknown),
            Self::Defaults(document) => Some(&mut document.unknown),
            Self::Translations(document) => Some(&mut document.unknown),
            Self::Obsoletes(document) => Some(&mut document.unknown),
            Self::Unknown(_) => None,
        }
    }
}

/// The documents' types as [`Document`].
macro_rules! from_documents {
    ($($variant:ident($kind:ty)),* $(,)?) => {
        $(impl From<$kind> for Document {
            fn from(document: $kind) -> Self {
                Self::$variant(Box::new(document))
            }
        })*
    };
}

from_documents! {
    StreamV1(StreamV1),
    Stream(ModuleStream),
    PackagerV2(PackagerV2),
    PackagerV3(PackagerV3),
    Defaults(Defaults),
    Translations(Translations),
    Obsoletes(Obsoletes),
    Unknown(UnknownDocument),
}
