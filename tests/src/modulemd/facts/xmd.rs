//! `xmd` as libmodulemd holds it.

use mbs_core::modulemd::Value as Xmd;
use serde_json::{Map, Value};

/// Every scalar is a text, but `TRUE` and `FALSE` are truth values. A list holds items of one type only: those of
/// another type than the first are dropped (difference `xmd-mixed-list`).
pub(super) fn xmd(value: Option<&Xmd>) -> Value {
    value.map_or_else(|| Value::Object(Map::new()), held)
}

fn held(value: &Xmd) -> Value {
    match value {
        Xmd::Scalar(scalar) => match scalar.as_str() {
            "TRUE" => Value::Bool(true),
            "FALSE" => Value::Bool(false),
            text => Value::String(text.to_owned()),
        },
        Xmd::List(items) => {
            let items: Vec<Value> = items.iter().map(held).collect();
            let first = items.first().map(kind);
            Value::Array(items.into_iter().filter(|item| Some(kind(item)) == first).collect())
        }
        Xmd::Map(map) => Value::Object(map.iter().map(|(key, value)| (key.clone(), held(value))).collect()),
    }
}

/// The type of a value in GVariant's words; that of a list is the one of its first item.
fn kind(value: &Value) -> String {
    match value {
        Value::Bool(_) => "b".to_owned(),
        Value::Array(items) => format!("a{}", items.first().map_or_else(|| "v".to_owned(), kind)),
        Value::Object(_) => "a{sv}".to_owned(),
        _ => "s".to_owned(),
    }
}
