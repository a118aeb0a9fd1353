//! Where two documents of one kind differ, by their keys.

use crate::modulemd::model::{Defaults, ModuleStream, Obsoletes, Scalar, Translations, UnknownKeys, Value};
use crate::modulemd::path::KeyPath;
use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// A difference between two documents of one kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FieldChange {
    /// Where, as keys of the document's text.
    #[serde(serialize_with = "path_text")]
    pub path: KeyPath,
    /// How.
    #[serde(flatten)]
    pub change: Change,
}

/// How a part of a document changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A value that was not there.
    Added {
        /// The value.
        new: Json,
    },
    /// A value that is no longer there.
    Removed {
        /// The value.
        old: Json,
    },
    /// A value that became another.
    Changed {
        /// What it was.
        old: Json,
        /// What it is.
        new: Json,
    },
    /// A set of texts.
    Set {
        /// What came into it.
        added: Vec<String>,
        /// What went out of it.
        removed: Vec<String>,
    },
    /// A scalar of a free value in another form, such as the number `5.10` and the text `"5.10"`. Programs get both
    /// with their text and whether they are `typed`: other than text to readers.
    Form {
        /// What it was.
        #[serde(serialize_with = "form")]
        old: Scalar,
        /// What it is.
        #[serde(serialize_with = "form")]
        new: Scalar,
    },
}

fn form<S: Serializer>(scalar: &Scalar, serializer: S) -> Result<S::Ok, S::Error> {
    let mut parts = serializer.serialize_struct("Scalar", 2)?;
    parts.serialize_field("text", scalar.as_str())?;
    parts.serialize_field("typed", &scalar.is_typed())?;
    parts.end()
}

fn path_text<S: Serializer>(path: &KeyPath, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(path)
}

/// A document whose unknown keys are kept.
pub(super) trait Typed: Serialize + PartialEq {
    /// The keys that the format does not have.
    fn unknown(&self) -> &UnknownKeys;

    /// The free value that the format has a key for.
    fn xmd(&self) -> Option<&Value> {
        None
    }
}

macro_rules! typed {
    ($($kind:ty),*) => {
        $(impl Typed for $kind {
            fn unknown(&self) -> &UnknownKeys {
                &self.unknown
            }
        })*
    };
}

typed!(Defaults, Translations, Obsoletes);

impl Typed for ModuleStream {
    fn unknown(&self) -> &UnknownKeys {
        &self.unknown
    }

    fn xmd(&self) -> Option<&Value> {
        self.xmd.as_ref()
    }
}

/// Where two documents differ.
pub(super) fn field_changes<T: Typed>(old: &T, new: &T) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    if old == new {
        return changes;
    }
    let json = |document: &T| {
        // All maps of the model have texts for keys.
        let mut json = serde_json::to_value(document).unwrap_or_default();
        if let Some(map) = json.as_object_mut() {
            map.remove("unknown");
            map.remove("xmd");
        }
        json
    };
    compare(&mut KeyPath::new(["data"]), &json(old), &json(new), &mut changes);
    free(&mut KeyPath::new(["data", "xmd"]), old.xmd(), new.xmd(), &mut changes);
    let unknown = |document: &T| -> BTreeMap<KeyPath, Value> {
        document.unknown().list().into_iter().map(|(path, value)| (path, value.clone())).collect()
    };
    let (old, new) = (unknown(old), unknown(new));
    for (path, value) in &old {
        free(&mut path.clone(), Some(value), new.get(path), &mut changes);
    }
    for (path, value) in new.iter().filter(|(path, _)| !old.contains_key(*path)) {
        free(&mut path.clone(), None, Some(value), &mut changes);
    }
    changes
}

/// Compares free values. Their lists are no sets: where only the form of an item changed, that is told of the item, and
/// else of the whole list.
fn free(path: &mut KeyPath, old: Option<&Value>, new: Option<&Value>, changes: &mut Vec<FieldChange>) {
    let json = |value: &Value| serde_json::to_value(value).unwrap_or_default();
    let change = match (old, new) {
        (None, None) => return,
        (None, Some(new)) => Change::Added { new: json(new) },
        (Some(old), None) => Change::Removed { old: json(old) },
        (Some(old), Some(new)) if old == new => return,
        (Some(Value::Map(old)), Some(Value::Map(new))) => {
            let keys: BTreeSet<&String> = old.iter().chain(new.iter()).map(|(key, _)| key).collect();
            for key in keys {
                path.push_key(key);
                free(path, old.get(key), new.get(key), changes);
                path.pop();
            }
            return;
        }
        (Some(old), Some(new)) if json(old) != json(new) => Change::Changed { old: json(old), new: json(new) },
        (Some(Value::List(old)), Some(Value::List(new))) => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                path.push_index(index);
                free(path, Some(old), Some(new), changes);
                path.pop();
            }
            return;
        }
        (Some(Value::Scalar(old)), Some(Value::Scalar(new))) => Change::Form { old: old.clone(), new: new.clone() },
        (Some(old), Some(new)) => Change::Changed { old: json(old), new: json(new) },
    };
    changes.push(FieldChange { path: path.clone(), change });
}

fn compare(path: &mut KeyPath, old: &Json, new: &Json, changes: &mut Vec<FieldChange>) {
    if old == new {
        return;
    }
    let change = match (old, new) {
        (Json::Object(old), Json::Object(new)) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                path.push_key(key);
                let (old, new) = (old.get(key), new.get(key));
                match (old, new) {
                    (Some(old), Some(new)) => compare(path, old, new, changes),
                    _ => changes.extend(appeared(path, old, new)),
                }
                path.pop();
            }
            return;
        }
        (Json::Array(old), Json::Array(new)) => {
            if let (Some(old), Some(new)) = (texts(old), texts(new)) {
                let minus = |one: &BTreeSet<&str>, other: &BTreeSet<&str>| {
                    one.difference(other).map(|text| (*text).to_owned()).collect()
                };
                Change::Set { added: minus(&new, &old), removed: minus(&old, &new) }
            } else {
                for index in 0..old.len().max(new.len()) {
                    path.push_index(index);
                    match (old.get(index), new.get(index)) {
                        (Some(old), Some(new)) => compare(path, old, new, changes),
                        (old, new) => changes.extend(appeared(path, old, new)),
                    }
                    path.pop();
                }
                return;
            }
        }
        (Json::Null, new) => Change::Added { new: short(new) },
        (old, Json::Null) => Change::Removed { old: short(old) },
        (old, new) => Change::Changed { old: old.clone(), new: new.clone() },
    };
    changes.push(FieldChange { path: path.clone(), change });
}

/// The change to a value that only one side has.
fn appeared(path: &KeyPath, old: Option<&Json>, new: Option<&Json>) -> Option<FieldChange> {
    let change = match (old, new) {
        (None, Some(new)) => Change::Added { new: short(new) },
        (Some(old), None) => Change::Removed { old: short(old) },
        _ => return None,
    };
    Some(FieldChange { path: path.clone(), change })
}

/// The items of a list of texts.
fn texts(items: &[Json]) -> Option<BTreeSet<&str>> {
    items.iter().map(Json::as_str).collect()
}

/// A value without what is absent or has its ordinary value.
fn short(value: &Json) -> Json {
    fn says_something(value: &Json) -> bool {
        match value {
            Json::Null | Json::Bool(false) => false,
            Json::Number(number) => number.as_u64() != Some(0),
            Json::Array(items) => !items.is_empty(),
            Json::Object(map) => !map.is_empty(),
            Json::Bool(true) | Json::String(_) => true,
        }
    }
    match value {
        Json::Object(map) => {
            let short = map.iter().map(|(key, value)| (key.clone(), short(value)));
            Json::Object(short.filter(|(_, value)| says_something(value)).collect())
        }
        other => other.clone(),
    }
}

/// Whether two stream documents say the same to a reader that drops unknown keys and takes every scalar of `xmd` by
/// its text.
pub(super) fn same_facts(one: &ModuleStream, other: &ModuleStream) -> bool {
    // Taken apart in full, so that a new field cannot be forgotten here.
    let ModuleStream {
        name,
        stream,
        version,
        context,
        static_context,
        arch,
        summary,
        description,
        servicelevels,
        license,
        xmd,
        dependencies,
        references,
        profiles,
        api,
        filter,
        demodularized,
        buildopts,
        components,
        artifacts,
        unknown: _,
    } = one;
    *name == other.name
        && *stream == other.stream
        && *version == other.version
        && *context == other.context
        && *static_context == other.static_context
        && *arch == other.arch
        && *summary == other.summary
        && *description == other.description
        && *servicelevels == other.servicelevels
        && *license == other.license
        && *dependencies == other.dependencies
        && *references == other.references
        && *profiles == other.profiles
        && *api == other.api
        && *filter == other.filter
        && *demodularized == other.demodularized
        && *buildopts == other.buildopts
        && *components == other.components
        && *artifacts == other.artifacts
        && match (xmd, &other.xmd) {
            (Some(one), Some(other)) => same_texts(one, other),
            (one, other) => one.is_none() && other.is_none(),
        }
}

fn same_texts(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Scalar(one), Value::Scalar(other)) => Scalar::as_str(one) == Scalar::as_str(other),
        (Value::List(one), Value::List(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same_texts(one, other))
        }
        (Value::Map(one), Value::Map(other)) => {
            one.len() == other.len()
                && one.iter().zip(other).all(|(one, other)| one.0 == other.0 && same_texts(one.1, other.1))
        }
        _ => false,
    }
}
