//! The documents about modules, and those nobody knows.

use super::fields::{Fields, value};
use crate::modulemd::model::{DefaultProfiles, Defaults, Obsoletes, Translations, Value};
use crate::modulemd::yaml::emitter::Emitter;

pub(super) fn defaults(fields: &mut Fields<'_, '_>, document: &Defaults) {
    fields.text("module", &document.module);
    fields.unsigned("modified", document.modified);
    fields.quoted("stream", document.stream.as_ref());
    default_profiles(fields, &document.profiles);
    fields.entries("intents", &document.intents, |fields, intent| {
        fields.quoted("stream", intent.stream.as_ref());
        default_profiles(fields, &intent.profiles);
    });
}

fn default_profiles(fields: &mut Fields<'_, '_>, profiles: &DefaultProfiles) {
    fields.sets("profiles", profiles, |set| set);
}

pub(super) fn translations(fields: &mut Fields<'_, '_>, document: &Translations) {
    fields.text("module", &document.module);
    fields.quoted("stream", Some(&document.stream));
    fields.unsigned("modified", document.modified);
    fields.entries("translations", &document.translations, |fields, translation| {
        fields.option("summary", translation.summary.as_ref());
        fields.option("description", translation.description.as_ref());
        fields.texts("profiles", &translation.profiles);
    });
}

pub(super) fn obsoletes(fields: &mut Fields<'_, '_>, document: &Obsoletes) {
    fields.date("modified", Some(document.modified));
    fields.flag("reset", document.reset);
    fields.text("module", &document.module);
    fields.quoted("stream", Some(&document.stream));
    fields.option("context", document.context.as_ref());
    fields.date("eol_date", document.eol_date);
    fields.text("message", &document.message);
    if let Some(next) = &document.obsoleted_by {
        fields.map("obsoleted_by", |fields| {
            fields.text("module", &next.module);
            fields.quoted("stream", Some(&next.stream));
        });
    } else {
        // A map without its two keys is no successor, and may yet hold unknown ones.
        fields.part("obsoleted_by", |fields| {
            fields.option("module", None);
            fields.quoted("stream", None);
        });
    }
}

/// The root of a document of an unknown kind. It is a map; what a program put there otherwise becomes the `data` of a
/// document without a kind, which readers refuse as such.
pub(super) fn unknown(out: &mut Emitter<'_>, root: &Value) {
    const FIRST: [&str; 3] = ["document", "version", "data"];
    let Value::Map(map) = root else {
        out.key("data");
        return value(out, root);
    };
    for key in FIRST {
        if let Some(value) = map.get(key) {
            out.key(key);
            self::value(out, value);
        }
    }
    for (key, value) in map.iter().filter(|(key, _)| !FIRST.contains(&key.as_str())) {
        out.free_key(key);
        self::value(out, value);
    }
}
