//! The JSON Schemas against the cases of the rules.

use super::json_schema::problem;
use super::ours;
use mbs_core::modulemd::{DocumentKind, schema};
use mbs_tests::modulemd::rules::{Ask, Frame, all, workspace};
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

/// Codes of rules that a schema cannot have: on the text, between values, between keys and values.
const BEYOND: &[&str] =
    &["MD0010", "MD0304", "MD0305", "MD0307", "MD0310", "MD0311", "MD0312", "MD0314", "MD0317", "MD0318"];

/// Rules on how a value is written: a loader of YAML has changed that before a schema sees it.
const SOURCE_FORM: [&str; 3] = ["MMD-1.12", "MMD-1.13", "MMD-1.14"];

#[test]
fn what_strict_reading_refuses_is_not_valid_unless_the_rule_is_beyond_a_schema() {
    let mut checked = 0;
    let mut failures = Vec::new();
    for rule in all() {
        for case in rule.reject.iter().filter(|case| case.ask == Ask::Read) {
            let code = case.code.as_ref().or(rule.code.as_ref()).map_or("", String::as_str);
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
            let valid = check(*kind, document).is_none();
            // Leap years are beyond a pattern.
            let leap = text.contains("eol: 2023-02-29");
            if valid && !leap && !SOURCE_FORM.contains(&rule.id.as_str()) && !BEYOND.contains(&code) {
                failures.push(format!("{} {code}: valid\n{text}", rule.id));
            }
        }
    }
    assert!(failures.is_empty(), "{} of {checked}\n{}", failures.len(), failures.join("\n"));
    assert!(checked > 100, "only {checked} documents could be loaded");
}

/// Checks that the schema takes a document exactly if strict reading does.
fn agrees(frame: Frame, lines: &str) {
    let input = frame.around(lines);
    let kind = DocumentKind::ALL.iter().find(|kind| kind.key() == frame.kind()).expect("a kind");
    let problem = check(*kind, &loaded(&input).expect("YAML")[0]);
    assert_eq!(problem.is_some(), ours(&input, true).has_errors(), "{problem:?}\n{input}");
}

#[test]
fn empty_texts_and_sets_are_valid_where_the_reader_takes_them() {
    for lines in [
        "artifacts: {rpms: ''}",
        "artifacts: {rpms: []}",
        "api: {rpms: ''}",
        "license: {module: ''}",
        "license: {module: []}",
        "license: {module: ['']}",
    ] {
        agrees(Frame::V2, lines);
    }
    for key in ["module", "stream", "modified"] {
        agrees(Frame::Translations, &format!("{key}: ''"));
    }
    for lines in [
        "message: ''",
        "message:",
        "reset: 'true'\nobsoleted_by: {module: '', stream: ''}",
        "obsoleted_by: {module: a, stream: ''}",
    ] {
        agrees(Frame::Obsoletes, lines);
    }
}

#[test]
fn days_and_minutes_have_the_form_that_the_reader_takes() {
    let texts = [
        "2077-1x-2",
        " 2077- 1- 2",
        "2077-+1-1",
        "2077-1-2T00:00Z",
        "02077-012-031",
        "2077-13-01",
        "2077-1-32",
        "0-1-1",
        "2077-1-",
        "-2077-1-1",
        " 2020-01-01T00:00Z",
        "020-01-01T00:00Z",
        "2020-1-1T0:0Z",
        "2020-01-01T00:00",
        "0000-01-01T00:00Z",
        "2020-01-01T24:00Z",
        "02020-01-01T00:00Z",
        "2020-001-01T00:00Z",
    ];
    for text in texts {
        for (frame, line) in
            [(Frame::V1, "eol: "), (Frame::V2, "servicelevels: {a: {eol: "), (Frame::Obsoletes, "modified: ")]
        {
            let close = "}".repeat(line.matches('{').count());
            agrees(frame, &format!("{line}'{text}'{close}"));
        }
    }
}
