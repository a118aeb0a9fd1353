//! Any document to a stream, and to any other kind.

use super::error::ConvertError;
use super::loss::Converted;
use super::to_packager_v3::to_packager_v3;
use super::{packager_v2, stream_v1};
use crate::modulemd::model::DocumentKind;
use crate::modulemd::model::{Document, ModuleStream};

/// The one stream that a document describes. The configurations of a packager's document become alternatives of its
/// dependencies ([`PackagerV3::to_stream_v2`](crate::modulemd::PackagerV3::to_stream_v2)).
///
/// # Errors
/// [`ConvertError::NotStream`] for a document of another kind, and what the conversion of its kind refuses.
pub fn to_stream(document: Document) -> Result<Converted<ModuleStream>, ConvertError> {
    match document {
        Document::Stream(stream) => Ok(Converted::whole(*stream)),
        Document::StreamV1(stream) => Ok(stream_v1::upgraded(*stream)),
        Document::PackagerV2(packager) => Ok(packager_v2::stream_of(*packager)),
        Document::PackagerV3(packager) => packager.to_stream_v2(),
        other => Err(ConvertError::NotStream { kind: other.title() }),
    }
}

impl Document {
    /// The documents of a module index that say the same: streams of version 2, and defaults where a packager's
    /// document has default profiles. Defaults come first, streams in the byte order of their contexts.
    ///
    /// # Errors
    /// What [`PackagerV3::expand`](crate::modulemd::PackagerV3::expand) refuses.
    pub fn into_index(self) -> Result<Converted<Vec<Document>>, ConvertError> {
        match self {
            Self::PackagerV3(packager) => Ok(packager.expand()?.map(|expanded| {
                let defaults = expanded.defaults.map(|defaults| Self::Defaults(Box::new(defaults)));
                let streams = expanded.streams.into_iter().map(|stream| Self::Stream(Box::new(stream)));
                defaults.into_iter().chain(streams).collect()
            })),
            Self::StreamV1(_) | Self::PackagerV2(_) => {
                Ok(to_stream(self)?.map(|stream| vec![Self::Stream(Box::new(stream))]))
            }
            other => Ok(Converted::whole(vec![other])),
        }
    }
}

/// A document as another kind. A packager's document of version 3 takes the place of all streams it describes.
///
/// # Errors
/// [`ConvertError::Downgrade`] for `modulemd` version 1, [`ConvertError::Unrelated`] where one of the two kinds
/// describes no stream, and what the single conversions refuse.
pub fn convert(document: Document, to: DocumentKind) -> Result<Converted<Document>, ConvertError> {
    if DocumentKind::of(&document) == Some(to) {
        return Ok(Converted::whole(document));
    }
    let from = document.title();
    match to {
        DocumentKind::Stream => Ok(to_stream(document)?.map(|stream| Document::Stream(Box::new(stream)))),
        DocumentKind::PackagerV2 => to_stream(document)?
            .then(|stream| Ok(stream.to_packager_v2().map(|packager| Document::PackagerV2(Box::new(packager))))),
        DocumentKind::PackagerV3 => to_stream(document)?.then(|stream| {
            Ok(to_packager_v3(&[stream], None)?.map(|packager| Document::PackagerV3(Box::new(packager))))
        }),
        DocumentKind::StreamV1 => {
            to_stream(document)?;
            Err(ConvertError::Downgrade { from })
        }
        DocumentKind::Defaults | DocumentKind::Translations | DocumentKind::Obsoletes => {
            Err(ConvertError::Unrelated { from, to })
        }
    }
}
