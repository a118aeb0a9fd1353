//! Documents made at random that have keys which the format does not have.

use super::generated::documents;
use super::generated_values::{text, value};
use crate::modulemd::{Document, KeyPath, UnknownKeys};
use proptest::collection::vec;
use proptest::prelude::*;

/// Documents of all kinds with unknown keys at any place where a map of the format can stand.
pub(super) fn documents_with_unknown_keys() -> impl Strategy<Value = Document> {
    // No key of the format begins like these.
    let key = text().prop_map(|text| format!("x{text}"));
    (documents(), vec((any::<proptest::sample::Index>(), key, value()), 1..5)).prop_map(|(mut document, keys)| {
        let places = places(&document);
        if let Some(unknown) = unknown(&mut document) {
            for (place, key, value) in keys {
                unknown.insert(&place.get(&places).key(&key), value);
            }
        }
        document
    })
}

fn unknown(document: &mut Document) -> Option<&mut UnknownKeys> {
    match document {
        Document::StreamV1(document) => Some(&mut document.unknown),
        Document::Stream(document) => Some(&mut document.unknown),
        Document::PackagerV2(document) => Some(&mut document.unknown),
        Document::PackagerV3(document) => Some(&mut document.unknown),
        Document::Defaults(document) => Some(&mut document.unknown),
        Document::Translations(document) => Some(&mut document.unknown),
        Document::Obsoletes(document) => Some(&mut document.unknown),
        Document::Unknown(_) => None,
    }
}

/// The places of the maps that the format has in a document, or can have there.
fn places(document: &Document) -> Vec<KeyPath> {
    let data = KeyPath::new(["data"]);
    let mut places = vec![KeyPath::default(), data.clone()];
    let mut parts = |names: &[&str]| places.extend(names.iter().map(|name| data.key(name)));
    let mut below: Vec<KeyPath> = Vec::new();
    match document {
        Document::StreamV1(document) => {
            parts(&["license", "dependencies", "references", "api", "filter", "buildopts", "components", "artifacts"]);
            below.extend(document.servicelevels.keys().map(|key| data.key("servicelevels").key(key)));
            below.extend(document.profiles.keys().map(|key| data.key("profiles").key(key)));
        }
        Document::Stream(document) => {
            parts(&["license", "references", "api", "filter", "demodularized", "buildopts", "components", "artifacts"]);
            below.push(data.key("buildopts").key("rpms"));
            below.extend((0..document.dependencies.len()).map(|index| data.key("dependencies").index(index)));
            let rpms = data.key("components").key("rpms");
            below.extend(document.components.rpms.keys().map(|key| rpms.key(key)));
            for (digest, entries) in &document.artifacts.rpm_map {
                let digest = data.key("artifacts").key("rpm-map").key(digest);
                below.extend(entries.keys().map(|key| digest.key(key)));
            }
        }
        Document::PackagerV2(document) => {
            parts(&["license", "references", "api", "filter", "demodularized", "components"]);
            let modules = data.key("components").key("modules");
            below.extend(document.components.modules.keys().map(|key| modules.key(key)));
        }
        Document::PackagerV3(document) => {
            parts(&["references", "api", "filter", "demodularized", "components"]);
            for index in 0..document.configurations.len() {
                let configuration = data.key("configurations").index(index);
                below.extend([configuration.key("buildopts").key("rpms"), configuration]);
            }
        }
        Document::Defaults(document) => {
            below.extend(document.intents.keys().map(|key| data.key("intents").key(key)));
        }
        Document::Translations(document) => {
            below.extend(document.translations.keys().map(|key| data.key("translations").key(key)));
        }
        Document::Obsoletes(_) => below.push(data.key("obsoleted_by")),
        Document::Unknown(_) => {}
    }
    places.extend(below);
    places
}
