//! Input nobody meant well.

use super::super::edit::Editor;
use super::super::{Document, KeyPath, Limits, ModuleIndex, ReadOptions, diff, read, render_all, write};
use super::{GREENHOUSE, places, stream, with};

fn codes(bytes: &[u8]) -> Vec<&'static str> {
    let options = ReadOptions::strict();
    let reading = read(bytes, "test.yaml", &options);
    // Rendering must survive whatever was read.
    let shown = render_all(&reading.diagnostics, &bytes.iter().map(|byte| char::from(*byte)).collect::<String>());
    assert_eq!(shown.is_empty(), reading.diagnostics.is_empty());
    reading.diagnostics.iter().map(|one| one.code.as_str()).collect()
}

#[test]
fn deep_nesting_meets_a_limit_and_not_the_stack() {
    for open in ["[", "{a: ", "- ", "? ", "{? "] {
        assert_eq!(codes(open.repeat(100_000).as_bytes()), ["MD0004"], "{open}");
    }
    let list = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    let shallow = ReadOptions::lenient().with_limits(Limits::default().with_depth(64));
    for (options, limit) in [(ReadOptions::lenient(), Limits::DEEPEST), (shallow, 64)] {
        let reading = read(with(&format!("xmd: {{x: {}}}", list(limit - 3))).as_bytes(), "x", &options);
        assert!(reading.diagnostics.is_empty(), "{:?}", reading.diagnostics);
        let reading = read(with(&format!("xmd: {{x: {}}}", list(limit - 2))).as_bytes(), "x", &options);
        assert_eq!(places(&reading.diagnostics), [format!("MD0004 7:{} ", limit + 9)]);
        assert_eq!(reading.diagnostics[0].message, format!("nested more than {limit} levels deep"));
    }
    let deepest = ReadOptions::lenient().with_limits(Limits::default().with_depth(usize::MAX));
    let reading = read("[".repeat(1000).as_bytes(), "x", &deepest);
    assert_eq!(reading.diagnostics[0].message, "nested more than 200 levels deep");
}

/// Everything that recurses over a document.
fn use_all(text: &str, other: &str) {
    let module = |text: &str| {
        let reading = read(text.as_bytes(), "x", &ReadOptions::strict().for_build().with_advice());
        assert!(!reading.has_errors(), "{:?}", reading.diagnostics);
        let Document::Stream(module) = reading.documents.into_iter().next().expect("one").value else {
            panic!("stream")
        };
        module
    };
    let written = write(&*module(text));
    assert_eq!(module(&written), module(text).clone());
    assert!(!format!("{:?}", module(text)).is_empty() && serde_json::to_string(&module(text)).is_ok());
    let index = |text: &str| ModuleIndex::from_text(text, "x", &ReadOptions::strict()).index;
    assert!(!diff(&index(text), &index(other)).is_empty());
    let mut editor = Editor::new(text, "x", None).expect("a document");
    let path = |text: &str| text.parse::<KeyPath>().expect("a path");
    let value = editor.get(&path("data.xmd.x")).expect("readable").expect("there");
    assert!(editor.set(&path("data.xmd.y"), value).expect("set"));
    editor.remove(&path("data.xmd.x")).expect("removed");
}

#[test]
fn the_deepest_nesting_fits_a_stack_of_2_mib() {
    let levels = Limits::DEEPEST - 3;
    let text = move |open: &str, leaf: &str, close: &str, before: &str| {
        let nested = [open.repeat(levels).as_str(), leaf, close.repeat(levels).as_str()].concat();
        with(&format!("name: m\nstream: s\nxmd: {{{before}x: {nested}}}"))
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(move || {
        for (open, close) in [("[", "]"), ("{a: ", "}")] {
            // An anchor makes the general parser read it.
            for before in ["", "z: &z a, "] {
                use_all(&text(open, "b", close, before), &text(open, "c", close, before));
            }
        }
    });
    thread.expect("a thread").join().expect("no panic, and no overflow");
}

#[test]
fn an_alias_bomb_meets_a_limit() {
    let mut text = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let alias = format!("*a{}", level - 1);
        text += &[&format!("a{level}: &a{level} ["), [alias.as_str(); 9].join(", ").as_str(), "]\n"].concat();
    }
    assert_eq!(codes(text.as_bytes()), ["MD0005"]);
}

#[test]
fn other_limits_are_named() {
    let text = format!("{GREENHOUSE}---\n{}", with(""));
    let few = |limits: Limits| {
        let reading = read(text.as_bytes(), "x", &ReadOptions::strict().with_limits(limits));
        (reading.diagnostics.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), reading.documents.len())
    };
    assert_eq!(few(Limits::default().with_bytes(10)), (vec!["MD0001"], 0));
    assert_eq!(few(Limits::default().with_documents(1)), (vec!["MD0006"], 1));
    let bad = with(&"x: 1\n".repeat(50));
    let limits = Limits::default().with_problems(5);
    let reading = read(bad.as_bytes(), "x", &ReadOptions::strict().with_limits(limits));
    assert_eq!(reading.diagnostics.len(), 6);
    assert_eq!(reading.diagnostics[5].code.as_str(), "MD0009");
}

#[test]
fn odd_bytes_are_refused_or_read_and_never_a_panic() {
    assert_eq!(codes(b"a: \0"), ["MD0003"]);
    assert_eq!(codes(b"a: \xff"), ["MD0002"]);
    assert_eq!(codes(b"\xef\xbb\xbf"), Vec::<&str>::new());
    assert_eq!(codes(b"\xff\xfe"), Vec::<&str>::new());
    assert_eq!(codes(b"\xef\xbb"), ["MD0002"]);
    assert_eq!(codes(b"a:\n\t- b\n"), ["MD0003"]);
    assert_eq!(codes(b"\t"), ["MD0003"]);
    assert_eq!(codes(b"a: \"\\ud800\""), ["MD0003"]);
    assert_eq!(codes(b"? [a]\n: b\n"), ["MD0102", "MD0104", "MD0106", "MD0008"]);
    assert_eq!(codes(b"\r\r\r"), Vec::<&str>::new());
    assert_eq!(codes(b"--- ---\n...\n...\n"), ["MD0101"]);
    assert_eq!(codes(b"%YAML 9.9\n---\na\n"), ["MD0003"]);
    let reading = read(b"\xef\xbb\xbfa: [\n---\n- \xff", "x", &ReadOptions::strict());
    assert_eq!(places(&reading.diagnostics), ["MD0003 1:5 ", "MD0002 3:3 "]);
}

#[test]
fn a_byte_order_mark_and_an_escaped_nul_are_kept_apart_from_the_text() {
    let module = stream(&format!("\u{FEFF}{}", with("references: {tracker: \"a\\0b\"}")));
    assert_eq!(module.references.tracker.as_deref(), Some("a\0b"));
}

#[test]
fn every_cut_of_a_document_is_survived() {
    for end in 0..GREENHOUSE.len() {
        codes(&GREENHOUSE.as_bytes()[..end]);
    }
}

#[test]
fn many_problems_in_one_map_and_many_bad_documents_stay_cheap() {
    let components: String =
        (0..20_000).map(|number| format!("    c{number}: {{buildafter: [x{number}]}}\n")).collect::<Vec<_>>().concat();
    let text = with(&format!("components:\n  rpms:\n{components}"));
    let options = ReadOptions::strict().with_limits(Limits::default().with_problems(usize::MAX));
    assert_eq!(read(text.as_bytes(), "x", &options).diagnostics.len(), 20_000);
    let text = "---\n[\n".repeat(20_000);
    assert_eq!(read(text.as_bytes(), "x", &options).diagnostics.len(), 20_000);
}

#[test]
fn what_the_general_parser_is_slow_for_meets_a_limit_and_the_fast_scanner_takes_it() {
    let blanks = " ".repeat(20_000);
    for run in [blanks.clone(), "\n".repeat(20_000), "  \n\t\r\n".repeat(4_000)] {
        let text = with(&format!("xmd: {{x: &x \"a{run}b\", y: *x}}"));
        assert_eq!(codes(text.as_bytes()), ["MD0011"]);
        let more = ReadOptions::strict().with_limits(Limits::default().with_blanks(100_000));
        let reading = read(text.as_bytes(), "x", &more);
        assert_eq!(reading.documents.len(), 1, "{:?}", reading.diagnostics);
        assert!(codes(with(&format!("xmd: {{x: \"a{run}b\"}}")).as_bytes()).is_empty());
    }
    let directives = (0..200).map(|number| format!("%TAG !{number}! tag:x\n")).collect::<Vec<_>>().concat();
    let text = format!("{directives}---\n{}", with(""));
    assert_eq!(codes(text.as_bytes()), ["MD0012"]);
    let more = ReadOptions::strict().with_limits(Limits::default().with_directives(10_000));
    assert_eq!(read(text.as_bytes(), "x", &more).documents.len(), 1);
}

#[test]
fn aliases_have_one_limit_for_all_documents_and_long_texts_weigh_more() {
    let document = format!("---\n{}", with("xmd: {x: &x [a, b, c], y: *x}"));
    let limits = Limits::default().with_alias_nodes(10);
    let reading = read(document.repeat(4).as_bytes(), "x", &ReadOptions::strict().with_limits(limits));
    assert_eq!(reading.documents.len(), 2);
    assert_eq!(reading.diagnostics.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["MD0005", "MD0005"]);
    assert!(reading.diagnostics[0].message.contains("more than 10 nodes"));
    let long = with(&format!("xmd: {{x: &x \"{}\", y: [*x, *x, *x]}}", "a".repeat(6400)));
    let some = |nodes| ReadOptions::strict().with_limits(Limits::default().with_alias_nodes(nodes));
    assert_eq!(read(long.as_bytes(), "x", &some(303)).documents.len(), 1);
    assert_eq!(read(long.as_bytes(), "x", &some(302)).documents.len(), 0);
}

#[test]
fn one_mistake_below_an_anchor_is_one_problem() {
    let text = with("profiles:\n  a: &a {rmps: [x], description: [y]}\n  b: *a\n  c: *a\n");
    let reading = read(text.as_bytes(), "x", &ReadOptions::strict());
    let places = places(&reading.diagnostics);
    assert_eq!(places.len(), 2, "{places:?}");
    assert!(places.iter().all(|one| one.contains("data.profiles.a.")), "{places:?}");
}

#[test]
fn no_number_of_warnings_hides_an_error() {
    let text = with(&format!("{}version: -1\n", "odd: 1\n".repeat(20)));
    let limits = Limits::default().with_problems(5);
    let reading = read(text.as_bytes(), "x", &ReadOptions::lenient().with_limits(limits));
    assert!(reading.documents.is_empty() && reading.has_errors());
    let found: Vec<&str> = reading.diagnostics.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(found, ["MD0010", "MD0010", "MD0010", "MD0010", "MD0206", "MD0009"]);
}

#[test]
fn problems_below_a_huge_key_do_not_hold_it_each() {
    let huge = "k".repeat(2_000_000);
    let after: Vec<String> = (0..5_000).map(|number| format!("x{number}")).collect();
    let text = with(&format!("components:\n  rpms:\n    ? {huge}\n    : {{buildafter: [{}]}}\n", after.join(", ")));
    let reading = read(text.as_bytes(), "x", &ReadOptions::strict());
    assert_eq!(reading.diagnostics.len(), 1_001);
    assert!(reading.diagnostics.iter().all(|one| one.key_path.len() < 300));
    let text = with(&format!("xmd: {{}}\nprofiles:\n  ? {huge}\n  : {{{}}}\n", after.join(": 1, ") + ": 1"));
    let reading = read(text.as_bytes(), "x", &ReadOptions::strict());
    assert_eq!(reading.diagnostics.len(), 1_001);
    assert!(reading.diagnostics[5].key_path.ends_with("kkk...\"].x5"), "{}", reading.diagnostics[5].key_path);
}

#[test]
fn a_huge_key_is_not_shown_whole() {
    let huge = "k".repeat(1_000_000);
    for lines in [format!("? {huge}\n: 1\n"), format!("profiles:\n  ? {huge}\n  : {{rpm: [x]}}\n")] {
        let text = with(&lines);
        let reading = read(text.as_bytes(), "x", &ReadOptions::strict());
        assert_eq!(reading.diagnostics.len(), 1, "{:#?}", reading.diagnostics);
        assert!(crate::modulemd::render_all(&reading.diagnostics, &text).len() < 1_500);
    }
}
