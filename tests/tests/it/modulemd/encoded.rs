//! Encodings, line ends, directives: what is text, and what is YAML.

use mbs_core::modulemd::{ReadOptions, read};
use mbs_tests::modulemd::facts::first_difference;
use mbs_tests::modulemd::peer::Peer;
use serde_json::{Value, json};
use std::fmt::Write as _;

const DOCUMENT: &str = "document: modulemd\nversion: 2\ndata:\n  name: m\n  stream: s\n  summary: S\n  description: Ď\n  license: {module: [MIT]}\n";

fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

#[test]
fn bytes_are_taken_for_text_as_by_libmodulemd() {
    let Some(mut peer) = Peer::start() else { return };
    let with = |description: &str| DOCUMENT.replace('Ď', description).into_bytes();
    let behind = |end: &[u8]| [DOCUMENT.as_bytes(), end].concat();
    let before = |start: &str| [start.as_bytes(), DOCUMENT.as_bytes()].concat();
    let (little, big) = (utf16(DOCUMENT, u16::to_le_bytes), utf16(DOCUMENT, u16::to_be_bytes));
    let cases: Vec<(&str, Vec<u8>)> = vec![
        ("UTF-8", before("")),
        ("UTF-8 with a mark", before("\u{FEFF}")),
        ("UTF-16, little end first", [&[0xFF, 0xFE], little.as_slice()].concat()),
        ("UTF-16, big end first", [&[0xFE, 0xFF], big.as_slice()].concat()),
        ("UTF-16 without a mark, little end first", little.clone()),
        ("UTF-16 without a mark, big end first", big),
        ("UTF-16 with an odd byte", [&[0xFF, 0xFE], little.as_slice(), b"a"].concat()),
        ("UTF-16 with half a pair", [&[0xFF, 0xFE], little.as_slice(), &[0, 0xD8]].concat()),
        ("only a mark", vec![0xEF, 0xBB, 0xBF]),
        ("only a mark of UTF-16", vec![0xFF, 0xFE]),
        ("Latin 1", [b"# \xE9\n".as_slice(), DOCUMENT.as_bytes()].concat()),
        ("CR LF", DOCUMENT.replace('\n', "\r\n").into_bytes()),
        ("CR", DOCUMENT.replace('\n', "\r").into_bytes()),
        ("NUL at the end", behind(b"\0")),
        ("DEL", with("\u{7F}")),
        ("C1 control", with("\u{81}")),
        ("no character", with("\u{FFFE}")),
        ("next line inside", with("a\u{85}    b")),
        ("line separator inside", with("a\u{2028}    b")),
        ("next line and too little indentation", with("a\u{85} b")),
        ("tab before a key", DOCUMENT.replace("  stream", "\tstream").into_bytes()),
        ("a mark inside a text", with("a\u{FEFF}b")),
        ("YAML 1.1", before("%YAML 1.1\n---\n")),
        ("YAML 1.2", before("%YAML 1.2\n---\n")),
        ("YAML 1.3", before("%YAML 1.3\n---\n")),
        ("YAML 2.0", before("%YAML 2.0\n---\n")),
        ("a directive for tags", before("%TAG ! tag:x,2000:\n---\n")),
        ("an unknown directive", before("%FOO bar\n---\n")),
        ("a known tag", with("!<x> D")),
        ("a tag without a directive", with("!e!x D")),
        ("a long key", behind(format!("  xmd: {{{}: v}}\n", "k".repeat(1100)).as_bytes())),
        ("deep lists", behind(format!("  xmd: {{a: {}{}}}\n", "[".repeat(60), "]".repeat(60)).as_bytes())),
        ("an empty document behind", behind(b"---\n...\n")),
        ("only ends", b"...\n".to_vec()),
        ("empty documents", b"---\n---\n".to_vec()),
    ];
    let mut failures = Vec::new();
    for (name, bytes) in cases {
        let reading = read(&bytes, "case.yaml", &ReadOptions::strict());
        let mut digits = String::new();
        for byte in &bytes {
            // Writing into a `String` cannot fail.
            let _ = write!(digits, "{byte:02x}");
        }
        let answer = peer.ask(&json!({"op": "bytes", "bytes": digits, "strict": true}));
        let accepted = !reading.has_errors();
        let (ours, theirs) = (Value::Array(super::our_facts(&reading)), Value::Array(answer.documents()));
        let found = first_difference(&ours, &theirs);
        if answer.verdict() != Some(accepted) || found.is_some() {
            failures.push(format!(
                "{name}: ours {accepted}, theirs {} {:?} {found:?} {:?}",
                answer.messages(),
                answer.verdict(),
                reading.diagnostics
            ));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
