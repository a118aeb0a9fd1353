//! Diagnostics as SARIF 2.1.0, the form in which code hosts take the findings of tools.

use mbs_core::modulemd::{Code, Diagnostic, Severity};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// Where the form is described.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// The log of one run. `unread` are the messages about files that could not be read.
pub(crate) fn sarif(diagnostics: &[Diagnostic], unread: &[String]) -> Value {
    let codes: BTreeSet<Code> = diagnostics.iter().map(|one| one.code).collect();
    let codes: Vec<Code> = codes.into_iter().collect();
    let rules: Vec<Value> = codes.iter().map(|code| rule(*code)).collect();
    let results: Vec<Value> = diagnostics
        .iter()
        .map(|one| {
            // Every code stands in the list that was made of them.
            let index = codes.binary_search(&one.code).unwrap_or(0);
            result(one, index)
        })
        .collect();
    let notifications: Vec<Value> =
        unread.iter().map(|message| json!({"level": "error", "message": {"text": message}})).collect();
    json!({
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "mbs",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "invocations": [{"executionSuccessful": unread.is_empty(), "toolExecutionNotifications": notifications}],
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    })
}

fn rule(code: Code) -> Value {
    let text = code.explanation();
    let first = text.split_inclusive(". ").next().unwrap_or(text).trim_end();
    json!({
        "id": code.as_str(),
        "name": format!("{code:?}"),
        "shortDescription": {"text": first},
        "fullDescription": {"text": text},
        "defaultConfiguration": {"level": if code.is_advice() { "warning" } else { "error" }},
    })
}

fn result(one: &Diagnostic, index: usize) -> Value {
    let mut text = one.message.clone();
    for (name, note) in [("found", &one.found), ("expected", &one.expected), ("hint", &one.hint)] {
        if let Some(note) = note {
            // Writing into a `String` cannot fail.
            let _ = write!(text, "; {name}: {note}");
        }
    }
    let mut location = json!({
        "physicalLocation": {
            "artifactLocation": {"uri": uri(&one.file)},
            "region": {"startLine": one.line, "startColumn": one.column},
        },
    });
    if !one.key_path.is_empty() {
        location["logicalLocations"] = json!([{"fullyQualifiedName": one.key_path}]);
    }
    json!({
        "ruleId": one.code.as_str(),
        "ruleIndex": index,
        "level": if one.severity == Severity::Error { "error" } else { "warning" },
        "message": {"text": text},
        "locations": [location],
        "properties": {"document": one.document},
    })
}

/// The address of a file: relative as it was named, or absolute with the scheme `file`.
fn uri(file: &str) -> String {
    let mut text = String::with_capacity(file.len());
    if file == "-" {
        return "stdin".to_owned();
    }
    if file.starts_with('/') {
        text.push_str("file://");
    }
    for byte in file.strip_prefix("./").unwrap_or(file).bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::modulemd::{ReadOptions, read};

    #[test]
    fn every_result_names_its_rule_and_place() {
        let text = "document: modulemd\nversion: 2\ndata:\n  summary: S\n  description: D\n  odd: 1\n";
        let reading = read(text.as_bytes(), "./a b/ü.yaml", &ReadOptions::strict());
        let log = sarif(&reading.diagnostics, &["could not read `x`".to_owned()]);
        let run = &log["runs"][0];
        let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
        for result in run["results"].as_array().expect("results") {
            let index = usize::try_from(result["ruleIndex"].as_u64().expect("index")).expect("small");
            assert_eq!(rules[index]["id"], result["ruleId"]);
        }
        let unknown = &run["results"].as_array().expect("results").iter().find(|one| one["ruleId"] == "MD0201");
        let place = &unknown.expect("unknown key")["locations"][0];
        assert_eq!(place["physicalLocation"]["artifactLocation"]["uri"], "a%20b/%C3%BC.yaml");
        assert_eq!(place["physicalLocation"]["region"], json!({"startLine": 6, "startColumn": 3}));
        assert_eq!(place["logicalLocations"][0]["fullyQualifiedName"], "data.odd");
        assert_eq!(run["invocations"][0]["executionSuccessful"], false);
        assert_eq!(uri("/a"), "file:///a");
    }
}
