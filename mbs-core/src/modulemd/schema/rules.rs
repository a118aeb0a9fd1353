//! What the format forbids beyond kinds of values: texts and sets that must not be empty, keys that exclude each other.

use serde_json::{Value, json};

/// Blanks and sign before a number.
const LEAD: &str = "[ \\t\\n\\r\\v\\f]*\\+?";

/// The form of a day. The number of days of a month is beyond a pattern.
pub(super) fn day() -> Value {
    // A year has 16 bits.
    const YEAR: &str = "(655[0-2][0-9]|6553[0-5]|65[0-4][0-9]{2}|6[0-4][0-9]{3}|[1-5][0-9]{4}|[1-9][0-9]{0,3})";
    let part = |digits: &str| format!("{LEAD}0*{digits}");
    let (year, month, day) = (part(YEAR), part("(1[0-2]|[1-9])"), part("([12][0-9]|3[01]|[1-9])([^0-9]|$)"));
    json!({"type": "string", "pattern": format!("^{year}([^-0-9][^-]*)?-{month}([^-0-9][^-]*)?-{day}")})
}

/// The form of a minute.
pub(super) fn minute() -> Value {
    const BLANKS: &str = "[ \\t\\n\\r\\v\\f]*";
    let year = "(0{0,3}[1-9]|0{0,2}[1-9][0-9]|0?[1-9][0-9]{2}|[1-9][0-9]{3})";
    let parts = [year, "-", "(0?[1-9]|1[0-2])", "-", "(0?[1-9]|[12][0-9]|3[01])"];
    let parts = parts.into_iter().chain(["T", "([01]?[0-9]|2[0-3])", ":", "[0-5]?[0-9]"]);
    let parts: String =
        parts.map(|part| if part.len() == 1 { part.to_owned() } else { format!("{BLANKS}{part}") }).collect();
    json!({"type": "string", "pattern": format!("^{parts}Z$")})
}

/// An empty text, an empty value, or an empty list.
fn empty() -> Value {
    json!({"enum": ["", null, []]})
}

/// The number 0, quoted or not.
fn zero() -> Value {
    json!({"anyOf": [{"enum": [0]}, {"type": "string", "pattern": format!("^[ \\t\\n\\r\\v\\f]*[+-]?0+$")}]})
}

/// What a key's value must not be.
pub(super) fn forbidden(owner: &str, field: &str) -> Option<Value> {
    Some(match (owner, field) {
        ("License" | "OwnLicense" | "Defaults", "module")
        | ("Translations" | "Obsoletes", "module" | "stream")
        | ("Obsoletes", "message") => empty(),
        ("Translations", "modified") => zero(),
        _ => return None,
    })
}

/// Of these, one must hold for the map of a struct.
pub(super) fn alternatives(owner: &str) -> Option<Value> {
    let both_empty = json!({"properties": {"module": empty(), "stream": empty()}});
    Some(match owner {
        "Obsoletes" => json!([
            {"properties": {"reset": {"enum": [false, "false"]}}},
            {"properties": {"eol_date": false, "obsoleted_by": both_empty}},
        ]),
        // Without both there is no successor; with one of them it would be half of one.
        "ObsoletedBy" => json!([
            both_empty,
            {
                "properties": {"module": {"not": empty()}, "stream": {"not": empty()}},
                "required": ["module", "stream"],
            },
        ]),
        _ => return None,
    })
}
