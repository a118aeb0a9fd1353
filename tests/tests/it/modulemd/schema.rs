//! The JSON Schemas against the cases of the rules.

use super::json_schema::problem;
use super::ours;
use mbs_core::modulemd::{DocumentKind, schema};
use mbs_tests::modulemd::rules::{all, workspace};
use serde::Deserialize as _;
use serde_json::Value;

/// The documents as a YAML reader that knows nothing of modulemd loads them; nothing if it refuses the text.
fn loaded(text: &str) -> Option<Vec<Value>> {
    serde_yaml::Deserializer::from_str(text).map(|one| Value::deserialize(one).ok()).collect()
}

fn check(kind: DocumentKind, document: &Value) -> Option<String> {
    let schema = schema(kind);
    problem(&schema, &schema, document, "")
}

#[test]
fn what_strict_reading_accepts_is_valid() {
    let mut checked = 0;
    let mut failures = Vec::new();
    let fixtures = workspace().join("tests/fixtures/modulemd/documents");
    let fixtures = std::fs::read_dir(fixtures).expect("fixtures").map(|one| {
        let path = one.expect("an entry").path();
        (path.display().to_string(), std::fs::read_to_string(&path).expect("a text"))
    });
    let cases = all()
        .into_iter()
        .flat_map(|rule| rule.accept.iter().map(|case| (rule.id.clone(), case.input())).collect::<Vec<_>>());
    for (name, text) in fixtures.chain(cases) {
        let reading = ours(&text, true);
        let Some(documents) = loaded(&text).filter(|documents| documents.len() == reading.documents.len()) else {
            continue;
        };
        for (located, document) in reading.documents.iter().zip(&documents) {
            let Some(kind) = DocumentKind::of(&located.value) else { continue };
            checked += 1;
            failures.extend(check(kind, document).map(|problem| format!("{name}: {problem}\n{text}")));
        }
    }
    assert!(failures.is_empty(), "{} of {checked}\n{}", failures.len(), failures.join("\n"));
    assert!(checked > 100, "only {checked} documents could be loaded");
}

/// Rules on how a value is written: a loader of YAML has changed that before a schema sees it.
const SOURCE_FORM: [&str; 3] = ["MMD-1.12", "MMD-1.13", "MMD-1.14"];

#[test]
fn unknown_keys_and_values_of_another_kind_are_not_valid() {
    let mut checked = 0;
    let mut failures = Vec::new();
    for rule in all() {
        for case in &rule.reject {
            let code = case.code.as_ref().or(rule.code.as_ref()).map_or("", String::as_str);
            if !["MD0201", "MD0202", "MD0204", "MD0205", "MD0206", "MD0207", "MD0209", "MD0301"].contains(&code) {
                continue;
            }
            let text = case.input();
            let documents = loaded(&text).unwrap_or_default();
            let [document] = documents.as_slice() else { continue };
            let (name, version) = (document["document"].as_str(), document["version"].as_u64());
            let Some(kind) =
                DocumentKind::ALL.iter().find(|kind| name == Some(kind.key().0) && version == Some(kind.key().1))
            else {
                continue;
            };
            checked += 1;
            if check(*kind, document).is_none() && !SOURCE_FORM.contains(&rule.id.as_str()) {
                failures.push(format!("{}: valid\n{text}", rule.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {checked}\n{}", failures.len(), failures.join("\n"));
    assert!(checked > 50, "only {checked} documents could be loaded");
}
