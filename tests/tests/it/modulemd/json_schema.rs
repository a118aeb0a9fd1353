//! A checker for the part of JSON Schema that the schemas use; another keyword fails the test.

use regex_automata::nfa::thompson::pikevm::PikeVM;
use serde_json::Value;

/// Where and why a value is not valid; nothing if it is.
pub(super) fn problem(root: &Value, schema: &Value, value: &Value, path: &str) -> Option<String> {
    let Value::Object(keywords) = schema else {
        return (schema == &Value::Bool(false)).then(|| format!("{path}: nothing may stand here"));
    };
    for (keyword, rule) in keywords {
        let problem = match (keyword.as_str(), value) {
            ("$schema" | "title" | "description" | "$defs", _) => None,
            ("$ref", _) => {
                let name = rule.as_str().and_then(|name| name.strip_prefix("#/$defs/")).expect("a definition");
                problem(root, &root["$defs"][name], value, path)
            }
            ("type", _) => {
                let wanted: Vec<&str> = match rule {
                    Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
                    one => one.as_str().into_iter().collect(),
                };
                (!wanted.iter().any(|one| is(value, one))).then(|| format!("{path}: not one of {wanted:?}"))
            }
            ("enum", _) => {
                let allowed = rule.as_array().expect("a list");
                (!allowed.contains(value)).then(|| format!("{path}: not one of {allowed:?}"))
            }
            ("anyOf", _) => {
                let all: Vec<_> =
                    rule.as_array().expect("a list").iter().map(|one| problem(root, one, value, path)).collect();
                all.iter().all(Option::is_some).then(|| format!("{path}: none fits: {all:?}"))
            }
            ("minimum", Value::Number(number)) => {
                let fits = rule.as_u64().is_none_or(|lowest| number.as_u64().is_some_and(|it| it >= lowest));
                (!fits).then(|| format!("{path}: too small"))
            }
            ("maximum", Value::Number(number)) => {
                let fits = rule.as_i64().is_none() || number.as_i64().is_some();
                (!fits).then(|| format!("{path}: too large"))
            }
            ("properties", Value::Object(map)) => rule
                .as_object()
                .expect("a map")
                .iter()
                .find_map(|(key, rule)| problem(root, rule, map.get(key)?, &format!("{path}.{key}"))),
            ("additionalProperties", Value::Object(map)) => {
                let known = keywords.get("properties").and_then(Value::as_object);
                map.iter()
                    .filter(|(key, _)| known.is_none_or(|known| !known.contains_key(*key)))
                    .find_map(|(key, value)| problem(root, rule, value, &format!("{path}.{key}")))
            }
            ("required", Value::Object(map)) => rule
                .as_array()
                .expect("a list")
                .iter()
                .filter_map(Value::as_str)
                .find(|key| !map.contains_key(*key))
                .map(|key| format!("{path}: no {key}")),
            ("items", Value::Array(items)) => items
                .iter()
                .enumerate()
                .find_map(|(index, item)| problem(root, rule, item, &format!("{path}[{index}]"))),
            ("not", _) => problem(root, rule, value, path).is_none().then(|| format!("{path}: is what it must not be")),
            ("pattern", Value::String(text)) => {
                let pattern = PikeVM::new(rule.as_str().expect("a pattern")).expect("a well-formed pattern");
                let fits = pattern.is_match(&mut pattern.create_cache(), text.as_str());
                (!fits).then(|| format!("{path}: not {rule}"))
            }
            ("minimum" | "maximum" | "properties" | "additionalProperties" | "required" | "items" | "pattern", _) => {
                None
            }
            (other, _) => unreachable!("unknown keyword {other}"),
        };
        if problem.is_some() {
            return problem;
        }
    }
    None
}

fn is(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        other => unreachable!("unknown type {other}"),
    }
}
