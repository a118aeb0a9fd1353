//! What is not done, and why.

use super::{edited, path, refused, with};
use crate::modulemd::Value;
use crate::modulemd::edit::{EditError, Editor};

fn set(lines: &str, at: &str) -> EditError {
    refused(&with(lines), |editor| editor.set(&path(at), "new"))
}

fn remove(lines: &str, at: &str) -> EditError {
    refused(&with(lines), |editor| editor.remove(&path(at)))
}

#[test]
fn what_would_change_two_places_is_refused() {
    let text = "a: &x {b: c}\nd: *x\ne: &y v\nf: *y\n";
    let error = set(text, "data.a.b");
    assert!(matches!(&error, EditError::Shared { anchor, alias_line: 5, .. } if anchor == "x"), "{error}");
    assert!(error.to_string().contains("`data.a` has the anchor `&x`, and line 5 uses it"), "{error}");
    assert!(matches!(set(text, "data.d.b"), EditError::Aliased { line: 5, .. }));
    assert!(matches!(set(text, "data.e"), EditError::Shared { .. }));
    assert!(matches!(remove(text, "data.e"), EditError::Shared { .. }));
    assert!(matches!(remove(text, "data.a"), EditError::Shared { .. }));
    assert!(matches!(remove("a: {b: &x c}\nd: *x\n", "data.a"), EditError::Shared { .. }));
}

#[test]
fn an_alias_itself_can_be_replaced_and_removed() {
    let text = with("a: &x v\nb: *x # c\nc: [*x]\n");
    assert_eq!(edited(&text, |editor| editor.set(&path("data.b"), "w").map(drop)), text.replace("b: *x", "b: w"));
    assert_eq!(edited(&text, |editor| editor.remove(&path("data.c[0]"))), text.replace("[*x]", "[]"));
    assert_eq!(edited(&text, |editor| editor.remove(&path("data.b"))), text.replace("  b: *x # c\n", ""));
    // An anchor that nobody uses stays.
    let text = with("a: &x v\nb: &y\n  c: d\n");
    assert_eq!(edited(&text, |editor| editor.set(&path("data.a"), "w").map(drop)), text.replace("&x v", "&x w"));
    assert_eq!(edited(&text, |editor| editor.remove(&path("data.b.c"))), text.replace("&y\n    c: d\n", "&y {}\n"));
}

#[test]
fn merge_keys_are_overridden_but_not_entered() {
    let text = "a: &x\n  b: {c: d}\n  e: f\ng:\n  <<: *x\n  h: i\n";
    assert!(matches!(set(text, "data.g.b.c"), EditError::Merged { line: 8, .. }));
    assert!(matches!(remove(text, "data.g.e"), EditError::Merged { line: 8, .. }));
    let text = with(text);
    assert_eq!(
        edited(&text, |editor| editor.set(&path("data.g.e"), "m").map(drop)),
        text.replace("*x\n", "*x\n    e: m\n")
    );
}

#[test]
fn tags_duplicates_and_wrong_kinds_are_told() {
    assert!(matches!(set("a: !!int 5\n", "data.a"), EditError::Tagged { line: 4, .. }));
    assert_eq!(
        edited(&with("a: !!str 5\n"), |editor| editor.set(&path("data.a"), "m").map(drop)),
        with("a: !!str m\n")
    );
    assert!(matches!(set("a: 1\nb: 2\na: 3\n", "data.a"), EditError::Duplicate { lines, .. } if lines == [4, 6]));
    assert!(matches!(set("a: text\n", "data.a.b"), EditError::Kind { expected: "a map", .. }));
    assert!(matches!(set("a: {b: c}\n", "data.a[0]"), EditError::Kind { expected: "a list", .. }));
    assert!(matches!(set("a: [b]\n", "data.a[1]"), EditError::Absent { .. }));
    assert!(matches!(set("a: [b]\n", "data.a.c"), EditError::Absent { .. }));
    assert!(matches!(set("? a\n? b\n", "data.a"), EditError::Unsupported { .. }));
    assert!(matches!(set("a: [b: c]\n", "data.a[0].d"), EditError::Unsupported { .. }));
    assert!(matches!(remove("a: b\n? c\n: d\n", "data.c"), EditError::Unsupported { .. }));
    assert!(matches!(refused(&with("a: b\n"), |editor| editor.set(&path(""), "x")), EditError::Unsupported { .. }));
    assert!(matches!(refused(&with("a: b\n"), |editor| editor.remove(&path(""))), EditError::Unsupported { .. }));
    let typed = Value::Scalar(crate::modulemd::Scalar::typed(""));
    assert!(matches!(
        refused(&with("a: b\n"), |editor| editor.set(&path("data.a"), typed)),
        EditError::Unsupported { .. }
    ));
}

#[test]
fn a_key_that_is_absent_names_its_neighbours() {
    let error = remove("summary: s\ndescription: d\n", "data.sumary");
    assert_eq!(error.to_string(), "there is no `data.sumary` (looked for in line 4); did you mean `summary`?");
}

#[test]
fn a_removal_that_would_feed_a_text_is_refused() {
    let text = "a: |\n    x\nb: 1\n\n      # deep\nc: 2\n";
    assert!(matches!(remove(text, "data.b"), EditError::Unsupported { line: 6, .. }));
}

#[test]
fn runs_of_blanks_that_the_general_parser_is_slow_for_are_refused_before_it_sees_them() {
    let long = " ".repeat(20_000);
    let text = with(&format!("name: \"a{long}b\"\nsummary: x\n"));
    let error = Editor::new(text, "f", None).expect_err("refused").to_string();
    assert!(error.contains("more than 8000 blanks"), "{error}");
    let text = with("summary: x\n");
    let error = refused(&text, |editor| editor.set(&path("data.summary"), format!("a{long}b")));
    assert!(matches!(error, EditError::Unsupported { line: 4, .. }), "{error}");
}
