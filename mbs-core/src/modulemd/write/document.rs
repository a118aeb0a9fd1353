//! The entry: any document as text.

use super::fields::Fields;
use super::others::{defaults, obsoletes, translations, unknown};
use super::packager::{packager_v2, packager_v3};
use super::stream::{stream, stream_v1};
use crate::modulemd::model::{
    Defaults, Document, ModuleStream, Obsoletes, PackagerV2, PackagerV3, StreamV1, Translations, UnknownDocument,
    UnknownKeys,
};
use crate::modulemd::yaml::emitter::Emitter;
use std::io;

/// Any document, borrowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DocumentRef<'d> {
    /// `modulemd` version 1.
    StreamV1(&'d StreamV1),
    /// `modulemd` version 2.
    Stream(&'d ModuleStream),
    /// `modulemd-packager` version 2.
    PackagerV2(&'d PackagerV2),
    /// `modulemd-packager` version 3.
    PackagerV3(&'d PackagerV3),
    /// `modulemd-defaults` version 1.
    Defaults(&'d Defaults),
    /// `modulemd-translations` version 1.
    Translations(&'d Translations),
    /// `modulemd-obsoletes` version 1.
    Obsoletes(&'d Obsoletes),
    /// A document of an unknown kind or version.
    Unknown(&'d UnknownDocument),
}

/// References to the documents' types as [`DocumentRef`].
macro_rules! from_references {
    ($($variant:ident($kind:ty)),* $(,)?) => {
        $(impl<'d> From<&'d $kind> for DocumentRef<'d> {
            fn from(document: &'d $kind) -> Self {
                Self::$variant(document)
            }
        })*

        impl<'d> From<&'d Document> for DocumentRef<'d> {
            fn from(document: &'d Document) -> Self {
                match document {
                    $(Document::$variant(document) => Self::$variant(document),)*
                }
            }
        }
    };
}

from_references! {
    StreamV1(StreamV1),
    Stream(ModuleStream),
    PackagerV2(PackagerV2),
    PackagerV3(PackagerV3),
    Defaults(Defaults),
    Translations(Translations),
    Obsoletes(Obsoletes),
    Unknown(UnknownDocument),
}

impl<'d, T> From<&'d Box<T>> for DocumentRef<'d>
where
    &'d T: Into<Self>,
{
    fn from(document: &'d Box<T>) -> Self {
        document.as_ref().into()
    }
}

/// The canonical text of a document, from `---` to `...`.
///
/// Equal documents have equal texts, and [`read`](crate::modulemd::read) gives back an equal document.
///
/// ```
/// use mbs_core::modulemd::{Defaults, write};
///
/// let mut defaults = Defaults { module: "app".to_owned(), ..Defaults::default() };
/// defaults.stream = Some("5.10".to_owned());
/// defaults.profiles.insert("5.10".to_owned(), ["server".to_owned()].into());
/// let text = "---\ndocument: modulemd-defaults\nversion: 1\ndata:\n  module: app\n  stream: \"5.10\"\n  \
///             profiles:\n    \"5.10\":\n    - server\n...\n";
/// assert_eq!(write(&defaults), text);
/// ```
pub fn write<'d>(document: impl Into<DocumentRef<'d>>) -> String {
    let mut text = String::new();
    write_into(&mut text, document);
    text
}

/// Writes a document behind what a text already holds.
pub fn write_into<'d>(text: &mut String, document: impl Into<DocumentRef<'d>>) {
    let document = document.into();
    text.reserve(estimate(document));
    let mut out = Emitter::new(text);
    match document {
        DocumentRef::StreamV1(document) => {
            known(&mut out, "modulemd", 1, &document.unknown, |f| stream_v1(f, document));
        }
        DocumentRef::Stream(document) => known(&mut out, "modulemd", 2, &document.unknown, |f| stream(f, document)),
        DocumentRef::PackagerV2(document) => {
            known(&mut out, "modulemd-packager", 2, &document.unknown, |f| packager_v2(f, document));
        }
        DocumentRef::PackagerV3(document) => {
            known(&mut out, "modulemd-packager", 3, &document.unknown, |f| packager_v3(f, document));
        }
        DocumentRef::Defaults(document) => {
            known(&mut out, "modulemd-defaults", 1, &document.unknown, |f| defaults(f, document));
        }
        DocumentRef::Translations(document) => {
            known(&mut out, "modulemd-translations", 1, &document.unknown, |f| translations(f, document));
        }
        DocumentRef::Obsoletes(document) => {
            known(&mut out, "modulemd-obsoletes", 1, &document.unknown, |f| obsoletes(f, document));
        }
        DocumentRef::Unknown(document) => out.document(|out| unknown(out, &document.root)),
    }
}

/// Writes a document into a file, a socket or the like: its text in one piece.
///
/// # Errors
/// What the writer says.
pub fn write_to<'d>(mut writer: impl io::Write, document: impl Into<DocumentRef<'d>>) -> io::Result<()> {
    writer.write_all(write(document).as_bytes())
}

fn known(
    out: &mut Emitter<'_>,
    kind: &'static str,
    version: u64,
    unknown: &UnknownKeys,
    data: impl FnOnce(&mut Fields<'_, '_>),
) {
    out.document(|out| {
        Fields::write(out, Some(unknown).filter(|unknown| !unknown.is_empty()), |fields| {
            fields.text("document", kind);
            fields.number("version", version);
            fields.map("data", data);
        });
    });
}

/// About as many bytes as the text of a document will have.
fn estimate(document: DocumentRef<'_>) -> usize {
    const FRAME: usize = 1024;
    const PACKAGE: usize = 56;
    const COMPONENT: usize = 256;
    const ENTRY: usize = 256;
    match document {
        DocumentRef::Stream(stream) => {
            let map: usize = stream.artifacts.rpm_map.values().map(std::collections::BTreeMap::len).sum();
            2 * FRAME + PACKAGE * stream.artifacts.rpms.len() + COMPONENT * stream.components.rpms.len() + ENTRY * map
        }
        DocumentRef::StreamV1(stream) => {
            2 * FRAME + PACKAGE * stream.artifacts.rpms.len() + COMPONENT * stream.components.rpms.len()
        }
        DocumentRef::PackagerV2(document) => 2 * FRAME + COMPONENT * document.components.rpms.len(),
        DocumentRef::PackagerV3(document) => 2 * FRAME + COMPONENT * document.components.rpms.len(),
        _ => FRAME / 4,
    }
}
