//! The keys of each kind of document in their order, and the kinds of their values: asked of the model, once.

use super::probe::{Shape, Structs, probe};
use crate::modulemd::model::DocumentKind;
use crate::modulemd::model::{Defaults, ModuleStream, Obsoletes, PackagerV2, PackagerV3, StreamV1, Translations};
use std::collections::BTreeMap;
use std::sync::LazyLock;

static SHAPES: LazyLock<BTreeMap<DocumentKind, (Shape, Structs)>> =
    LazyLock::new(|| DocumentKind::ALL.iter().map(|kind| (*kind, probed(*kind))).collect());

/// What the `data` of a kind of document is, and the structs in it. Their keys stand in the order of the writer.
pub(crate) fn shapes(kind: DocumentKind) -> &'static (Shape, Structs) {
    SHAPES.get(&kind).expect("every kind is among all kinds")
}

fn probed(kind: DocumentKind) -> (Shape, Structs) {
    match kind {
        DocumentKind::StreamV1 => probe::<StreamV1>(),
        DocumentKind::Stream => probe::<ModuleStream>(),
        DocumentKind::PackagerV2 => probe::<PackagerV2>(),
        DocumentKind::PackagerV3 => probe::<PackagerV3>(),
        DocumentKind::Defaults => probe::<Defaults>(),
        DocumentKind::Translations => probe::<Translations>(),
        DocumentKind::Obsoletes => probe::<Obsoletes>(),
    }
}
