//! The schema as JSON.

use super::describe::{REQUIRED, description, pattern};
use super::probe::Shape;
use super::rules::{alternatives, day, forbidden, minute};
use super::shapes::shapes;
use crate::modulemd::de::may_be_empty;
use crate::modulemd::model::DocumentKind;
use serde_json::{Map, Value, json};

/// The version of JSON Schema.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// The JSON Schema of a kind of document.
pub fn schema(kind: DocumentKind) -> Value {
    let (data, structs) = shapes(kind);
    let (name, version) = kind.key();
    let mut names = vec![name.to_owned()];
    if name == "modulemd" {
        names.push("modulemd-stream".to_owned());
    }
    let mut definitions = Map::new();
    for (name, fields) in structs {
        definitions.insert((*name).to_owned(), object(name, fields));
    }
    definitions.insert(
        "Text".to_owned(),
        json!({
            "description": "Any single value; its text counts as it is written.",
            "type": ["string", "number", "boolean", "null"],
        }),
    );
    json!({
        "$schema": DRAFT,
        "title": format!("{name} {version}"),
        "type": "object",
        "properties": {
            "document": {"description": "What the document is.", "enum": names},
            "version": {
                "description": "Version of the document's format.",
                "anyOf": [{"enum": [version]}, {"type": "string", "pattern": format!("^\\s*\\+?0*{version}$")}],
            },
            "data": with_description(value(data, None), "The content of the document."),
        },
        "required": ["document", "version", "data"],
        "additionalProperties": false,
        "$defs": definitions,
    })
}

/// A map with the keys of a struct.
fn object(name: &str, fields: &[(&str, Shape)]) -> Value {
    let mut properties = Map::new();
    for (field, shape) in fields {
        let described = description(name, field).unwrap_or_default();
        let mut property = with_description(value(shape, pattern(name, field)), described);
        if let Some(forbidden) = forbidden(name, field) {
            property["not"] = forbidden;
        }
        properties.insert((*field).to_owned(), property);
    }
    let mut object = json!({"type": "object", "properties": properties, "additionalProperties": false});
    if may_be_empty(name) {
        // An empty value stands for an empty map.
        object["type"] = json!(["object", "null"]);
    }
    if let Some((_, required)) = REQUIRED.iter().find(|(known, _)| *known == name) {
        object["required"] = json!(required);
    }
    if let Some(alternatives) = alternatives(name) {
        object["anyOf"] = alternatives;
    }
    object
}

fn value(shape: &Shape, pattern: Option<&str>) -> Value {
    let mut text = json!({"$ref": "#/$defs/Text"});
    if let Some(pattern) = pattern {
        text["pattern"] = json!(pattern);
    }
    match shape {
        Shape::Nothing => json!(true),
        Shape::Text => text,
        Shape::Bool => json!({"enum": [true, false, "true", "false"]}),
        Shape::Unsigned => number(0, u64::MAX, "^\\s*\\+?[0-9]+$"),
        Shape::Signed => number(i64::MIN, i64::MAX, "^\\s*[+-]?[0-9]+$"),
        // An empty text is the empty set, whatever the form of its texts.
        Shape::Set => json!({"anyOf": [{"enum": [""]}, text.clone(), {"type": "array", "items": text}]}),
        Shape::Value => json!({"type": ["object", "string", "number", "boolean", "null"]}),
        Shape::Day => day(),
        Shape::Minute => minute(),
        Shape::List(item) => json!({"type": "array", "items": value(item, pattern)}),
        Shape::Map(item) => json!({"type": "object", "additionalProperties": value(item, pattern)}),
        Shape::Struct(name) => json!({"$ref": format!("#/$defs/{name}")}),
    }
}

/// A whole number, quoted or not.
fn number(lowest: impl Into<Value>, highest: impl Into<Value>, pattern: &str) -> Value {
    json!({"anyOf": [
        {"type": "integer", "minimum": lowest.into(), "maximum": highest.into()},
        {"type": "string", "pattern": pattern},
    ]})
}

fn with_description(mut schema: Value, text: &str) -> Value {
    if let Value::Object(map) = &mut schema {
        map.insert("description".to_owned(), json!(text));
    }
    schema
}
