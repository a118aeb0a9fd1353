//! Facts of any document.

use super::parts::{buildopts, components, each, profiles, references, single_streams};
use super::stream::{stream, stream_v1};
use super::xmd::xmd;
use mbs_core::modulemd::{DefaultProfiles, Defaults, Document, ModuleStream, Obsoletes, PackagerV3, Translations};
use serde_json::{Value, json};

/// The facts of a document; none for one whose content is not read.
pub fn document(document: &Document) -> Option<Value> {
    match document {
        Document::Stream(one) => Some(stream(one)),
        Document::PackagerV2(one) => Some(stream(&ModuleStream::from((**one).clone()))),
        Document::PackagerV3(one) => Some(packager(one)),
        Document::StreamV1(one) => Some(stream_v1(one)),
        Document::Defaults(one) => Some(defaults(one)),
        Document::Translations(one) => Some(translations(one)),
        Document::Obsoletes(one) => Some(obsoletes(one)),
        _ => None,
    }
}

fn packager(one: &PackagerV3) -> Value {
    let configurations = one
        .configurations
        .iter()
        .map(|configuration| {
            let facts = json!({
                "platform": configuration.platform,
                "buildrequires": single_streams(&configuration.buildrequires),
                "requires": single_streams(&configuration.requires),
                "buildopts": buildopts(&configuration.buildopts),
            });
            (configuration.context.clone().unwrap_or_default(), facts)
        })
        .collect();
    json!({
        "kind": "modulemd-packager",
        "mdversion": 3,
        "name": one.name,
        "stream": one.stream,
        "summary": one.summary,
        "description": one.description,
        "license": one.license,
        "xmd": xmd(one.xmd.as_ref()),
        "configurations": each(&configurations, |_, facts: &Value| facts.clone()),
        "references": references(&one.references),
        "profiles": profiles(&one.profiles),
        "api": one.api.rpms,
        "filter": one.filter.rpms,
        "demodularized": one.demodularized.rpms,
        "components": components(&one.components),
    })
}

pub(super) fn defaults(one: &Defaults) -> Value {
    let profiles = |profiles: &DefaultProfiles| each(profiles, |_, names| json!(names));
    json!({
        "kind": "modulemd-defaults",
        "module": one.module,
        "modified": one.modified.to_string(),
        "stream": one.default_stream(None),
        "profiles": profiles(&one.profiles),
        "intents": each(&one.intents, |name, intent| {
            json!({"stream": one.default_stream(Some(name)), "profiles": profiles(&intent.profiles)})
        }),
    })
}

pub(super) fn translations(one: &Translations) -> Value {
    json!({
        "kind": "modulemd-translations",
        "module": one.module,
        "stream": one.stream,
        "modified": one.modified.to_string(),
        "translations": each(&one.translations, |_, texts| {
            json!({"summary": texts.summary, "description": texts.description, "profiles": texts.profiles})
        }),
    })
}

pub(super) fn obsoletes(one: &Obsoletes) -> Value {
    json!({
        "kind": "modulemd-obsoletes",
        "module": one.module,
        "stream": one.stream,
        "context": one.context,
        "modified": one.modified.as_number().to_string(),
        "eol_date": one.eol_date.map(|minute| minute.as_number().to_string()),
        "message": one.message,
        "reset": one.reset,
        "obsoleted_by_module": one.obsoleted_by.as_ref().map(|next| &next.module),
        "obsoleted_by_stream": one.obsoleted_by.as_ref().map(|next| &next.stream),
    })
}
