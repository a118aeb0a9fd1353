//! What the scanner takes, and that libyaml agrees.

use super::document::run;
use crate::modulemd::yaml::compare::compare;
use crate::modulemd::yaml::tape::Tape;

#[track_caller]
fn taken(text: &str) {
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
        assert!(compare(&text), "given up: {text:?}");
    }
}

/// What libyaml has to judge. Whatever the scanner says, it must not say something else than libyaml.
#[track_caller]
fn left(text: &str) {
    for text in [text.to_owned(), text.replace('\n', "\r\n"), text.replace('\n', "\r")] {
        assert!(!compare(&text), "taken: {text:?}");
    }
}

#[test]
fn block_maps_and_lists_are_taken() {
    for text in [
        "a: b\n",
        "a: b",
        "a: b\nc: d",
        "a:\n  b: c\n  d: e\nf: g\n",
        "a:\n- b\n- c\nd: e\n",
        "a:\n  - b\n  - c\nd: e\n",
        "- a\n- b\n",
        "  - a\n  - b\n",
        "- - a\n  - b\n- - - c\n",
        "- a: b\n  c: d\n- e: f\n",
        "- a:\n  - b\n  c: d\n",
        "-   a: b\n    c: d\n",
        "-\n  a: b\n-\n- c\n-",
        "a:\nb:\nc:",
        "a:\n-\n-\nb: c\n",
        "a:\n  b\n",
        "a:\n  b\n c\n",
        "a :  b  \nc\t: d\n",
        "'a': b\n\"c\" : d\n",
        "a:\n    b:\n        c: d\n    e: f\n",
        "-a: b\n?c: d\n:e: f\n",
        "a: -b\nc: ?d\ne: :f\ng: h:i\nj: k#l\n",
        "a: b # c\n# d\n  # e\nf: # g\n  h: i\n",
        "a: # b\n- c # d\n-  # e\n",
        "x\n",
        "x y\nz\n",
        "\n\n# c\n\na: b\n\n\n",
    ] {
        taken(text);
    }
}

#[test]
fn markers_are_taken() {
    for text in [
        "---\na: b\n",
        "--- \n# c\n  a: b\n",
        "# c\n  # d\n---\na: b\n...\n",
        "a: b\n...\n# c\n\n",
        "a: b\n... # c",
        "a: |\n  b\n...\n",
        "a\n...\n",
        "--- a\nb\n",
        "--- 'a'\n",
        "--- [a]\n",
        "--- |\n a\n",
        "--- # c\n- a\n",
        "---",
        "---\n",
        "--- # c\n\n",
        "---\n...\n",
        "",
        "\n",
        "# c",
        "  # c\n",
    ] {
        taken(text);
    }
}

#[test]
fn flow_collections_are_taken() {
    for text in [
        "[]\n",
        "{}\n",
        "a: []\nb: {}\n",
        "a: [b, c, d]\n",
        "a: [b,c,d,]\n",
        "a: {b: c, d: e,}\n",
        "a: [ b , 'c' , \"d\" ]  # e\n",
        "a: [\n  b,\n  c\n]\nd: e\n",
        "a: {\n b: c, # x\n # y\n d:\n e\n}\n",
        "a: {b: , c: }\n",
        "a: {\"b\":c, 'd':'e', \"f\":[g], h: {}}\n",
        "a: [[b], {c: [d]}]\n",
        "- [a b, c\n d]\n- {e: f g\n h}\n",
        "a: [b:c, -d, -]\n",
        "a: [b # c\n, d]\n",
        "[a, b]\n",
        "a: [b\n\n c]\n",
        "a: [\nb\n]\n",
        "a: [x:y:z, http://a/b?c#d]\n",
    ] {
        taken(text);
    }
}

#[test]
fn scalars_of_all_styles_are_taken() {
    for text in [
        "a: b c\n  d\n\n  e\nf: g\n",
        "a: b\n\n\n  c  \n \n  d # e\nf: g\n",
        "a: 'b'\nc: \"d\"\n",
        "a: 'it''s'\nb: ''\nc: ''''\nd: \"\"\n",
        "a: 'b\n  c\n\n  d '\n",
        "a: 'b\nc'\nd: \"e\nf\"\n",
        "a: ' b \n c '\n",
        "a: \"b\\n\\t\\\"\\\\\\x41\\u00e9\\U0001F600\\/\\_\\N\\L\\P\\0\\a\\b\\v\\f\\r\\e\\ \"\n",
        "a: \"b \\\n   c\\\n\n  d\\\n\"\n",
        "a: \"b\tc\t\n\td\"\n",
        "a: |\n  b\n   c\n\n  d\n\n\ne: f\n",
        "a: |-\n  b\nc: >-\n  d\n  e\n",
        "a: |+\n  b\n\n\nc: >+\n  d\n\n  e\n\nf: g\n",
        "a: >\n  b\n  c\n\n  d\n    e\n  f\n\n   g\n\n\n  h\n",
        "a: |2\n   b\n  c\nd: >1-\n  e\nf: |-1\n  g\n",
        "a: |\n\n\n  b\n",
        "a: |\n     \n  \nb: c\n",
        "a: |\n",
        "a: |",
        "a: |+\n\n\n",
        "a: |\n  b",
        "a: >\n  b\n  c",
        "a: | # c\n  b\n # d\ne: f\n",
        "- |\n b\n- >\n c\n",
        "a:\n- |\n  b\n- c\n",
        "- - |\n   a\n  - b\n",
        "a: |\n  b\n  \tc\t\n",
        "a: b\tc\t\n",
        "a: é\n'ñ': ü # ß\n",
    ] {
        taken(text);
    }
}

#[test]
fn what_is_outside_is_left_to_libyaml() {
    for text in [
        "a: &b c\n",
        "a: *b\n",
        "a: !b c\n",
        "? a\n: b\n",
        "a: \t[b]\n",
        "a:\n\t- b\n",
        "\ta: b\n",
        "a: b\n\t\n",
        "%YAML 1.1\n---\na: b\n",
        "a: b\n---\nc: d\n",
        "a: b\n...\n---\nc\n",
        "a: b\n...\nc\n",
        "...\n",
        "a: b: c\n",
        "a: - b\n",
        "--- a: b\n",
        "--- - a\n",
        "a: b\n c: d\n",
        "a:\n  b: c\n d: e\n",
        "a:\n - b\n c: d\n",
        "- a\nb: c\n",
        "a: b\n- c\n",
        "a:\n  - b\n - c\n",
        "a\nb: c\n",
        "a: 'b'\n  c\n",
        "a: b # c\n  d\n",
        "a: [b\n",
        "a: [b}\n",
        "a: [b, , c]\n",
        "a: [,]\n",
        "a: {b}\n",
        "a: [b: c]\n",
        "a: {b: c: d}\n",
        "a: {b\n: c}\n",
        "a: {b:, c}\n",
        "[a]: b\n",
        "{a: b}: c\n",
        "a: [b] c\n",
        "a: [- b]\n",
        "a: [? b]\n",
        "a: [|\n]\n",
        "a: [b,\n...\n]\n",
        "a: 'b\n...\n'\n",
        "a: 'b\n",
        "a: \"\\z\"\n",
        "a: \"\\ud800\"\n",
        "a: \"\\x4\"\n",
        "a: |0\n  b\n",
        "a: |x\n  b\n",
        "a: |\n\tb\n",
        "a: |\n    \n  b\n",
        "a: @b\n",
        "a: `b\n",
        "a: %b\n",
        "a: 'b':c\n",
        "a: \u{85}\n",
        "a: \u{2028}\n",
        "a: \u{FEFF}\n",
        "a: \0\n",
        "'a\n b': c\n",
        "a: b\n  c: d\n",
        ": a\n",
        "a:\nb\n: c\n",
        "a: ,\n",
    ] {
        left(text);
    }
    left(&format!("{}: b\n", "a".repeat(1025)));
    taken(&format!("{}: b\n", "a".repeat(1024)));
    left(&format!("a: {{{}: b}}\n", "a".repeat(1025)));
    taken(&format!("a: {{'{}': b}}\n", "a".repeat(1022)));
}

/// Steps for texts that are made larger and larger.
fn steps(text: &str) -> usize {
    let mut tape = Tape::new();
    let (result, steps) = run(text, 0, 64, &mut tape);
    // What stops early says nothing about growth.
    assert!(result.is_ok() || steps * 4 > text.len(), "{result:?} after {steps} of {}", text.len());
    steps
}

#[test]
fn steps_grow_with_the_text_and_not_faster() {
    let shapes: [fn(usize) -> String; 14] = [
        |n| "a: b\n".repeat(n),
        |n| "- a\n".repeat(n),
        |n| format!("a: [{}]", "b, ".repeat(n)),
        |n| format!("a: {{{}}}", "b: c,\n".repeat(n)),
        |n| format!("a: {}", "b ".repeat(n)),
        |n| format!("a:\n{}", "  b\n".repeat(n)),
        |n| format!("a: b{}", "\n".repeat(n)),
        |n| format!("- a{}", "\n  \n b\n".repeat(n)),
        |n| format!("a: '{}'", "''\n ".repeat(n)),
        |n| format!("a: \"{}\"", "\\n \\\n".repeat(n)),
        |n| format!("a: |\n{}", "  b\n\n".repeat(n)),
        |n| format!("a: >+\n b\n{}", "\n".repeat(n)),
        |n| format!("a: '{}", "b\n".repeat(n)),
        |n| format!("{}a: b\n", "# c\n".repeat(n)),
    ];
    for (number, shape) in shapes.iter().enumerate() {
        let [one, two, four] = [2_000, 4_000, 8_000].map(|n| steps(&shape(n)));
        let slack = one / 10 + 100;
        assert!(two <= 2 * one + slack, "shape {number}: {one} {two} {four}");
        assert!(four <= 4 * one + 2 * slack, "shape {number}: {one} {two} {four}");
    }
}

#[test]
fn deep_nesting_is_refused_at_once() {
    for open in ["[", "{a: ", "- ", "[{a: "] {
        let mut tape = Tape::new();
        let (result, steps) = run(&open.repeat(100_000), 0, 64, &mut tape);
        assert!(matches!(result, Err(super::cursor::Stop::Deep(_))), "{open} {result:?}");
        assert!(steps < 2_000, "{open} {steps}");
        compare(&open.repeat(100));
    }
}
