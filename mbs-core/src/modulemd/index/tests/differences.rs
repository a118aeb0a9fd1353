//! What is told about two indexes that differ.

use super::{index, other, stream};
use crate::modulemd::{StreamChange, diff};

fn told(old: &str, new: &str) -> String {
    diff(&index(old), &index(new)).to_string()
}

#[test]
fn equal_documents_are_no_difference_in_any_order() {
    let documents = [
        stream("a:1:1:c:x86_64", ""),
        stream("b:1:1:c:x86_64", ""),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: m"),
        other("obsoletes", "module: a, stream: \"2\", modified: \"2020-01-01T00:00Z\", message: m"),
    ];
    let backwards: Vec<String> = documents.iter().rev().cloned().collect();
    assert!(diff(&index(&documents.concat()), &index(&backwards.concat())).is_empty());
}

#[test]
fn a_new_version_in_the_place_of_an_old_one_is_an_update() {
    let old = [stream("a:1:1:c:x86_64", ""), stream("a:1:2:c:x86_64", ""), stream("a:1:2:d:x86_64", "")].concat();
    let new = [stream("a:1:3:c:x86_64", "api: {rpms: [x]}"), stream("a:2:1:c:x86_64", "")].concat();
    assert_eq!(
        told(&old, &new),
        "~ module a\n  \
           - a:1:1:c:x86_64\n  \
           - a:1:2:d:x86_64\n  \
           ~ a:1:3:c:x86_64 (was version 2)\n      data.api.rpms:\n        + x\n  \
           + a:2:1:c:x86_64\n"
    );
    let beside = diff(&index(&old), &index(&(old.clone() + &stream("a:1:3:c:x86_64", ""))));
    assert!(matches!(beside.modules[0].streams.as_slice(), [StreamChange::Added { .. }]), "the old one is still there");
}

#[test]
fn fields_are_named_by_their_keys() {
    let old = stream(
        "a:1",
        "components: {rpms: {x: {rationale: r, ref: f29}}}, dependencies: [{requires: {platform: [f29]}}], \
         profiles: {p: {}}, xmd: {k: [1, 2]}, buildopts: {arches: [x86_64]}, old: [1]",
    );
    let new = stream(
        "a:1",
        "components: {rpms: {x: {rationale: r, ref: f30}, y: {rationale: s}}}, \
         dependencies: [{requires: {platform: [f30]}}, {}], xmd: {k: [1, \"2\"]}, buildopts: {arches: [s390x]}, new: n",
    );
    assert_eq!(
        told(&old, &new),
        r#"~ module a
  ~ a:1
      data.buildopts.arches:
        - x86_64
        + s390x
      data.components.rpms.x.ref: "f29" -> "f30"
      data.components.rpms.y: + {"rationale":"s"}
      data.dependencies[0].requires.platform:
        - f29
        + f30
      data.dependencies[1]: + {}
      data.profiles.p: - {}
      data.xmd.k: [1,2] -> [1,"2"]
      data.old: - [1]
      data.new: + "n"
"#
    );
}

#[test]
fn the_form_of_a_free_value_counts() {
    let old = stream("a:1", "xmd: {k: [{}, 5.10], t: TRUE}, new: 1e3");
    let new = stream("a:1", "xmd: {k: [{}, \"5.10\"], t: true}, new: \"1e3\"");
    assert_eq!(
        told(&old, &new),
        "~ module a\n  ~ a:1\n      data.xmd.k[1]: 5.10 -> \"5.10\" (another form)\n      \
         data.xmd.t: TRUE -> true (another form)\n      data.new: 1e3 -> \"1e3\" (another form)\n"
    );
    let difference = serde_json::to_value(diff(&index(&old), &index(&new))).expect("JSON");
    assert_eq!(
        difference["modules"][0]["streams"][0]["fields"][0],
        serde_json::json!({"path": "data.xmd.k[1]", "kind": "form",
            "old": {"text": "5.10", "typed": true}, "new": {"text": "5.10", "typed": false}})
    );
}

#[test]
fn other_documents_are_named_by_what_they_are_about() {
    let old = [
        other("defaults", "module: a, stream: \"1\", profiles: {\"1\": [x]}"),
        other("translations", "module: a, stream: \"1\", modified: 1, translations: {cs: {summary: s}}"),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: m, context: c"),
        "---\n{document: modulemd-future, version: 3, data: {}}\n".to_owned(),
    ];
    let new = [
        other("defaults", "module: a, stream: \"2\", profiles: {\"1\": [y]}"),
        other("translations", "module: a, stream: \"1\", modified: 2, translations: {cs: {summary: t}}"),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: n, context: c"),
    ];
    assert_eq!(
        told(&old.concat(), &new.concat()),
        r#"~ module a
  ~ defaults
      data.profiles.1:
        - x
        + y
      data.stream: "1" -> "2"
  ~ obsoletes of 1 context c, 2020-01-01T00:00Z
      data.message: "m" -> "n"
  ~ translations of 1
      data.modified: 1 -> 2
      data.translations.cs.summary: "s" -> "t"
- unknown document modulemd-future 3
"#
    );
}

#[test]
fn a_module_comes_and_goes_with_its_documents() {
    assert_eq!(told(&stream("a:1", ""), ""), "- module a\n  - a:1\n");
    assert_eq!(told("", &other("defaults", "module: b")), "+ module b\n  + defaults\n");
}

#[test]
fn programs_get_the_same_as_data() {
    let differs = diff(&index(&stream("a:1:1:c", "")), &index(&stream("a:1:2:c", "static_context: true")));
    assert_eq!(
        serde_json::to_value(&differs).expect("JSON"),
        serde_json::json!({"modules": [{
            "module": "a",
            "added": false,
            "removed": false,
            "streams": [{
                "change": "updated",
                "id": "a:1:2:c",
                "from": 1,
                "fields": [{"path": "data.static_context", "kind": "changed", "old": false, "new": true}]
            }]
        }]})
    );
    let documents = [
        other("translations", "module: a, stream: \"1\", modified: 1, translations: {}"),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: m, context: c"),
        "---\n{document: future, version: 3, data: {k: 5.10}}\n".to_owned(),
    ];
    assert_eq!(
        serde_json::to_value(diff(&index(""), &index(&documents.concat()))).expect("JSON"),
        serde_json::json!({
            "modules": [{
                "module": "a",
                "added": true,
                "removed": false,
                "obsoletes": [{"stream": "1", "modified": "2020-01-01T00:00Z", "context": "c", "change": "added"}],
                "translations": [{"stream": "1", "change": "added"}],
            }],
            "unknown_added": [{"kind": "future", "version": 3,
                "root": {"document": "future", "version": 3, "data": {"k": "5.10"}}}],
        })
    );
}
