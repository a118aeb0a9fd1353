//! Characters and values that are seldom seen.

use super::{editor, path, refused, set, with};
use crate::modulemd::edit::yaml_value;
use crate::modulemd::{Scalar, Value};

#[test]
fn odd_line_breaks_and_marks_are_written_with_escapes_in_every_style() {
    for (odd, escape) in
        [("\u{85}", "\\x85"), ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029"), ("\u{feff}", "\\uFEFF")]
    {
        let text = format!("a{odd}b");
        let written = format!("\"a{escape}b\"");
        for lines in ["name: x\n", "name: 'x'\n", "name: \"x\"\n", "name: |\n  x\n", "name: >\n  x\n", "name:\n"] {
            assert_eq!(set(lines, "data.name", &*text), format!("name: {written}\n"), "{lines}");
        }
        assert_eq!(set("xmd: {a: b}\n", "data.xmd.a", &*text), format!("xmd: {{a: {written}}}\n"));
        assert_eq!(
            set("xmd: {a: b}\n", &format!("data.xmd[\"{text}\"]"), "c"),
            format!("xmd: {{a: b, {written}: c}}\n")
        );
        // Readers take the first three for line breaks where they stand as they are.
        let mut editor = editor(&with(&format!("name: |\n  x{odd}    y\n")));
        assert_eq!(editor.set(&path("data.name"), format!("{text}\nc\n")), Ok(true));
        assert_eq!(editor.set(&path("data.name"), "x"), Ok(true));
    }
}

#[test]
fn numbers_with_a_comma_do_not_split_in_brackets() {
    let block = "arches:\n  - 1,000\n  - 2\n";
    let value = yaml_value("- 1,000\n- 2\n").expect("a value");
    assert_eq!(set("buildopts:\n", "data.buildopts.arches", value.clone()), format!("buildopts:\n  {block}"));
    assert_eq!(set("buildopts: {}\n", "data.buildopts.arches", value.clone()), format!("buildopts:\n  {block}"));
    assert_eq!(set("buildopts:\n  arches: []\n", "data.buildopts.arches", value), format!("buildopts:\n  {block}"));
    let number = Value::Scalar(Scalar::typed("1,000"));
    for (lines, at) in [("xmd: {a: b}\n", "data.xmd.a"), ("xmd: [a]\n", "data.xmd[0]")] {
        let error = refused(&with(lines), |editor| editor.set(&path(at), number.clone()));
        assert!(error.to_string().contains("needs quotes in brackets"), "{error}");
    }
}
