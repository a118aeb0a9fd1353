//! Input nobody meant well.

use super::super::{Document, Limits, ReadOptions, read, render_all, write};
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
    let nested = format!("{}{}", "[".repeat(60), "]".repeat(60));
    assert!(super::lenient(&with(&format!("xmd: {{x: {nested}}}"))).diagnostics.is_empty());
    let nested = format!("{}{}", "[".repeat(62), "]".repeat(62));
    let reading = super::lenient(&with(&format!("xmd: {{x: {nested}}}")));
    assert_eq!(places(&reading.diagnostics), ["MD0004 7:73 "]);
    assert_eq!(reading.diagnostics[0].message, "nested more than 64 levels deep");
    let deepest = Limits::default().with_depth(usize::MAX);
    let options = ReadOptions::strict().with_limits(deepest);
    let nested = format!("{}{}", "[".repeat(Limits::DEEPEST - 3), "]".repeat(Limits::DEEPEST - 3));
    let reading = read(with(&format!("xmd: {{x: {nested}}}")).as_bytes(), "x", &options);
    let Document::Stream(module) = &reading.documents[0].value else { panic!("stream") };
    assert!(write(module).contains("- - - - - []"));
    let reading = read("[".repeat(1000).as_bytes(), "x", &options);
    assert_eq!(reading.diagnostics[0].message, "nested more than 200 levels deep");
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
