//! How values are written.

use super::{editor, path, removed, set};
use crate::modulemd::{Scalar, Value};

fn list(items: &[&str]) -> Value {
    Value::List(items.iter().map(|item| Value::from(*item)).collect())
}

#[test]
fn quotes_are_kept_where_the_new_text_allows() {
    for (old, new, wanted) in [
        ("a", "b", "b"),
        ("a", "5.10", "\"5.10\""),
        ("a", "", "\"\""),
        ("a", "x: y", "\"x: y\""),
        ("'a'", "it's", "'it''s'"),
        ("'a'", "x\u{7}", "\"x\\x07\""),
        ("\"a\"", "b", "\"b\""),
        ("\"a\"", "b\nc", "\"b\\nc\""),
        ("'a\n    b'", "c", "'c'"),
        ("a\n    b", "c", "c"),
    ] {
        let lines = set(&format!("summary: {old}   # note\nx: y\n"), "data.summary", new);
        assert_eq!(lines, format!("summary: {wanted}   # note\nx: y\n"), "{old}");
    }
    assert_eq!(set("stream: f29 # s\n", "data.stream", "f30"), "stream: \"f30\" # s\n");
    assert_eq!(set("stream: 'f29'\n", "data.stream", "f30"), "stream: 'f30'\n");
    assert_eq!(set("version: 1\n", "data.version", 7), "version: 7\n");
}

#[test]
fn empty_values_are_filled_behind_their_colon() {
    assert_eq!(set("summary:\nx: y\n", "data.summary", "z"), "summary: z\nx: y\n");
    assert_eq!(set("summary:   # c\nx: y\n", "data.summary", "z"), "summary: z   # c\nx: y\n");
    assert_eq!(set("x: {a: , b}\n", "data.x.a", "z"), "x: {a: z , b}\n");
    assert_eq!(set("x: {a: 1, b}\n", "data.x.b", "z"), "x: {a: 1, b: z}\n");
    assert_eq!(
        set("components: # c\nx: y\n", "data.components.rpms.a.ref", "z"),
        "components: # c\n  rpms:\n    a:\n      ref: z\nx: y\n"
    );
    assert_eq!(set("x:\n- a\n-\n", "data.x[1]", "z"), "x:\n- a\n- z\n");
}

#[test]
fn block_scalars_keep_their_style_and_indentation() {
    let text = "description: >-  # c\n      One two\n      three.\n\n# below\nx: y\n";
    assert_eq!(set(text, "data.description", "Four"), "description: >-  # c\n      Four\n\n# below\nx: y\n");
    assert_eq!(
        set(text, "data.description", "Four\n\nfive\n"),
        "description: >  # c\n      Four\n\n\n      five\n\n# below\nx: y\n"
    );
    assert_eq!(set(text, "data.description", "\u{7}"), "description: \"\\x07\"  # c\n\n# below\nx: y\n");
    assert_eq!(set("d: |2\n    a\nx: y\n", "data.d", "b\nc"), "d: |-\n    b\n    c\nx: y\n");
    assert_eq!(set("d: |\n  a\n", "data.d", "b\n\nc\n"), "d: |\n  b\n\n  c\n");
    assert_eq!(set("d: x # c\ny: z\n", "data.d", "b\nc\n"), "d: | # c\n  b\n  c\ny: z\n");
    assert_eq!(set("d: x\n    # deep\ny: z\n", "data.d", "b\nc\n"), "d: \"b\\nc\\n\"\n    # deep\ny: z\n");
    assert_eq!(set("d: |+\n  a\n\nx: y\n", "data.d", "b\n"), "d: |\n  b\nx: y\n");
    assert_eq!(set("d: |\n  a\n\nx: y\n", "data.d", "b\n\n"), "d: \"b\\n\\n\"\n\nx: y\n");
}

#[test]
fn a_new_key_comes_behind_its_predecessor_and_comments_stay_with_the_key_below() {
    let text = "components:\n  rpms:\n    a:\n      rationale: r\n      # about the cache\n      cache: c # u\n      # about the root\n      buildroot: true\n";
    assert_eq!(set(text, "data.components.rpms.a.ref", "z"), text.replace("# u\n", "# u\n      ref: z\n"));
    assert_eq!(
        set(text, "data.components.rpms.a.repository", "z"),
        text.replace("rationale: r\n", "rationale: r\n      repository: z\n")
    );
    assert_eq!(set(text, "data.components.rpms.a.arches", list(&["s390x"])), format!("{text}      arches: [s390x]\n"));
    assert_eq!(set("# about\nsummary: s\n", "data.name", "m"), "name: m\n# about\nsummary: s\n");
    assert_eq!(set("summary: s\n", "data.stream", "1"), "stream: \"1\"\nsummary: s\n");
    assert_eq!(
        set("api:\n  rpms: [a]\n", "data.filter.rpms", list(&["b"])),
        "api:\n  rpms: [a]\nfilter:\n  rpms: [b]\n"
    );
    assert_eq!(
        set(
            "dependencies:\n- requires:\n    platform: []\n",
            "data.dependencies[0].buildrequires.platform",
            list(&["f29"])
        ),
        "dependencies:\n- buildrequires:\n    platform: [f29]\n  requires:\n    platform: []\n"
    );
}

#[test]
fn a_file_without_a_final_line_break_stays_so() {
    assert_eq!(set("summary: a", "data.summary", "b"), "summary: b");
    assert_eq!(set("summary: a", "data.xmd.k", "b"), "summary: a\nxmd:\n  k: b");
    assert_eq!(set("description: |\n  a", "data.xmd.k", "b"), "description: |-\n  a\nxmd:\n  k: b");
    assert_eq!(
        set("description: |\n  a", "data.xmd.k", "b\nc\n"),
        "description: |-\n  a\nxmd:\n  k: |\n    b\n    c\n"
    );
    assert_eq!(set("description: |\n  a", "data.description", "b\n"), "description: |\n  b\n");
}

#[test]
fn line_breaks_are_those_of_the_file() {
    let crlf = |text: &str| text.replace('\n', "\r\n");
    let text = crlf("\u{FEFF}document: modulemd\nversion: 2\ndata:\n  # c\n  summary: |\n    s\n  x: [a]\n");
    let mut editor = editor(&text);
    editor.set(&path("data.name"), "m").expect("set");
    editor.set(&path("data.summary"), "t\nu\n").expect("set");
    editor.set(&path("data.profiles.p.rpms"), list(&["q"])).expect("set");
    let wanted = crlf(
        "\u{FEFF}document: modulemd\nversion: 2\ndata:\n  name: m\n  # c\n  summary: |\n    t\n    u\n  profiles:\n    p:\n      rpms:\n      - q\n  x: [a]\n",
    );
    assert_eq!(std::str::from_utf8(editor.bytes()), Ok(wanted.as_str()));
}

#[test]
fn habits_of_indentation_are_followed() {
    let text = "profiles:\n    a:\n        rpms:\n          -   b\napi:\n    rpms:\n      -   c\n";
    assert_eq!(set(text, "data.filter.rpms", list(&["d"])), format!("{text}filter:\n    rpms:\n      -   d\n"));
    assert_eq!(
        set(text, "data.profiles.z.rpms", list(&["d"])),
        text.replace("-   b\n", "-   b\n    z:\n        rpms:\n          -   d\n")
    );
}

#[test]
fn removing_takes_the_lines_of_the_value_and_no_others() {
    let text = "api:\n  # one\n  rpms:\n  # a\n  - a # x\n  # b\n  - b\n# f\nfilter:\n  rpms: [c]\n";
    assert_eq!(removed(text, "data.api.rpms[0]"), text.replace("  - a # x\n", ""));
    assert_eq!(removed(text, "data.api.rpms[\"b\"]"), text.replace("  - b\n", ""));
    assert_eq!(removed(text, "data.filter"), text.replace("filter:\n  rpms: [c]\n", ""));
    assert_eq!(removed(text, "data.filter.rpms[0]"), text.replace("[c]", "[]"));
    assert_eq!(removed(text, "data.filter.rpms"), text.replace("filter:\n  rpms: [c]\n", "filter: {}\n"));
    assert_eq!(removed(text, "data.api"), "# f\nfilter:\n  rpms: [c]\n");
    assert_eq!(removed("x:\n# a\n- b\n# c\ny: z\n", "data.x[0]"), "x: []\n# a\n# c\ny: z\n");
    assert_eq!(removed("x:\n- a: 1\n  b: 2\n- c\n", "data.x[0].a"), "x:\n- b: 2\n- c\n");
    assert_eq!(removed("x:\n- a: 1\n  # n\n  b: 2\n", "data.x[0].a"), "x:\n-\n  # n\n  b: 2\n");
    assert_eq!(removed("x:\n- a: 1 # n\n- c\n", "data.x[0].a"), "x:\n- {} # n\n- c\n");
    assert_eq!(
        removed("a:\n  b: 1\n  # b: 2\n\nc: |+\n  x\n\nd: 1\n\ne: 2\n", "data.d"),
        "a:\n  b: 1\n  # b: 2\n\nc: |+\n  x\n\ne: 2\n"
    );
    assert_eq!(removed("a:\n  b: 1\n  # b: 2\n\nc: 1\n", "data.a"), "\nc: 1\n");
}

#[test]
fn lists_and_maps_in_brackets_stay_so() {
    for (old, at, wanted) in [
        ("[a, b, c]", 0, "[b, c]"),
        ("[a, b, c]", 1, "[a, c]"),
        ("[a, b, c]", 2, "[a, b]"),
        ("[a, b, ]", 1, "[a, ]"),
        ("[ a ]", 0, "[]"),
        ("[ a, ]", 0, "[]"),
        ("[\n    a, # x\n    b\n    ]", 0, "[\n    # x\n    b\n    ]"),
        ("[\n    a,\n    b\n    ]", 1, "[\n    a\n    ]"),
        ("[\n    a,\n    b,\n    ]", 0, "[\n    b,\n    ]"),
    ] {
        assert_eq!(
            removed(&format!("x: {old} # c\n"), &format!("data.x[{at}]")),
            format!("x: {wanted} # c\n"),
            "{old}"
        );
    }
    assert_eq!(removed("x: {a: 1, b: 2}\n", "data.x.a"), "x: {b: 2}\n");
    assert_eq!(set("x: {a: 1}\n", "data.x.b.c", "d"), "x: {a: 1, b: {c: d}}\n");
    assert_eq!(set("x: {a: 1}\n", "data.x.a", "b, c"), "x: {a: \"b, c\"}\n");
    assert_eq!(
        set("components: {rpms: {}}\n", "data.components.rpms.a.ref", "b"),
        "components: {rpms: {a: {ref: b}}}\n"
    );
    assert_eq!(
        set("components:\n  rpms: {} # c\n", "data.components.rpms.a.ref", "b"),
        "components:\n  rpms: # c\n    a:\n      ref: b\n"
    );
}

#[test]
fn appended_items_look_like_the_others() {
    for (old, wanted) in [
        ("[]", "[m]"),
        ("[a]", "[a, m]"),
        ("['a', 'b']", "['a', 'b', 'm']"),
        ("[a, ]", "[a, m, ]"),
        ("[\n    a,\n    b # x\n    ]", "[\n    a,\n    b, # x\n    m\n    ]"),
        ("[\n    a, # x\n    ]", "[\n    a, # x\n    m,\n    ]"),
        ("\n- a # x\n# y", "\n- a # x\n- m\n# y"),
        ("\n-   \"a\"\n  # y", "\n-   \"a\"\n  # y\n-   \"m\""),
        ("\n  - a", "\n  - a\n  - m"),
    ] {
        let text = super::with(&format!("x: {old}\nz: 1\n"));
        let wanted = super::with(&format!("x: {wanted}\nz: 1\n"));
        assert_eq!(super::edited(&text, |editor| editor.append(&path("data.x"), "m")), wanted, "{old}");
    }
}

#[test]
fn setting_a_collection_changes_only_what_differs() {
    let text = "x:\n- a # 1\n# 2\n- b\n- c # 3\n";
    assert_eq!(set(text, "data.x", list(&["a", "m", "c"])), "x:\n- a # 1\n- m\n# 2\n- c # 3\n");
    assert_eq!(set(text, "data.x", list(&["z", "b"])), "x:\n- z\n# 2\n- b\n");
    let text = "xmd:\n  a: 1 # 1\n  b: [x] # 2\n";
    let value: Value = super::super::yaml_value("{a: 1, b: [x, y], c: d}").expect("value");
    assert_eq!(set(text, "data.xmd", value), "xmd:\n  a: 1 # 1\n  b: [x, y] # 2\n  c: d\n");
    assert_eq!(set(text, "data.xmd", "t"), "xmd: t\n");
    assert_eq!(set("a: t # c\nb: c\n", "data.a", list(&["x"])), "a: # c\n- x\nb: c\n");
    assert_eq!(set("a:\n- x\n- y\nb: c\n", "data.a", Value::default()), "a: {}\nb: c\n");
    assert_eq!(
        set("a:\n- x: 1\n- y\n", "data.a[1]", super::super::yaml_value("{k: 1, l: [m]}").expect("value")),
        "a:\n- x: 1\n- k: 1\n  l:\n  - m\n"
    );
}

#[test]
fn nothing_changes_where_the_value_is_there_already() {
    let text = super::with("summary: s\nstream: 5.10\nxmd: {a: '1'}\n");
    let mut editor = editor(&text);
    assert_eq!(editor.set(&path("data.summary"), "s"), Ok(false));
    assert_eq!(editor.set(&path("data.stream"), "5.10"), Ok(false));
    assert_eq!(editor.set(&path("data.xmd.a"), "1"), Ok(false));
    assert_eq!(editor.bytes(), text.as_bytes());
    assert_eq!(editor.set(&path("data.xmd.a"), Value::Scalar(Scalar::typed("1"))), Ok(true));
    assert_eq!(editor.changes().len(), 1);
}
