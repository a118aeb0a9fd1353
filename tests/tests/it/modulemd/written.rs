//! What our writer writes, read by libmodulemd.

use mbs_core::modulemd::{Document, write};
use mbs_testkit::modulemd::Maker;
use mbs_tests::modulemd::explain;
use mbs_tests::modulemd::facts::{self, first_difference, keys};
use mbs_tests::modulemd::peer::{Answer, Peer};
use mbs_tests::modulemd::rules::workspace;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// How many documents are made.
const COUNT: usize = 3000;

/// `MBS_SEED`, else the seed that is always the same.
pub(super) fn seed() -> u64 {
    std::env::var("MBS_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(1)
}

#[test]
fn written_documents_are_read_by_libmodulemd_with_equal_facts() {
    let Some(mut peer) = Peer::start() else { return };
    let seed = seed();
    let mut maker = Maker::new(seed);
    let mut failures = Vec::new();
    for number in 0..COUNT {
        let document = maker.document();
        let text = write(&document);
        let ours = facts::document(&document).expect("a known kind");
        let packager = matches!(document, Document::PackagerV2(_) | Document::PackagerV3(_));
        let op = if packager { "packager" } else { "read" };
        let asked = keys(std::slice::from_ref(&ours));
        let answer = peer.ask(&json!({"op": op, "text": text, "strict": true, "keys": asked}));
        let found = if answer.verdict() == Some(true) {
            first_difference(&Value::Array(vec![ours]), &Value::Array(answer.documents()))
        } else {
            Some(answer.messages())
        };
        if let Some(found) = found {
            failures.push(format!("== {number}: {found}\n{text}"));
        }
    }
    assert!(failures.is_empty(), "seed {seed}: {} documents\n{}", failures.len(), failures.join("\n"));
}

/// What every reader cannot hold is made apart: the facts differ as listed, and in no other way.
#[test]
fn values_that_libmodulemd_cannot_hold_are_changed_as_listed() {
    let Some(mut peer) = Peer::start() else { return };
    let seed = seed();
    let mut maker = Maker::of_any_value(seed);
    let (mut failures, mut met) = (Vec::new(), BTreeSet::new());
    for number in 0..COUNT / 3 {
        let mut document = maker.document();
        // Read alone, as what has no name is, an epoch beyond 32 bits is refused.
        name(&mut document);
        let text = write(&document);
        let reading = super::ours(&text, true);
        let ours = facts::document(&document).expect("a known kind");
        let packager = matches!(document, Document::PackagerV2(_) | Document::PackagerV3(_));
        let op = if packager { "packager" } else { "read" };
        let asked = keys(&[explain::cut(&ours)]);
        let answer = peer.ask(&json!({"op": op, "text": text, "strict": true, "keys": asked}));
        let (ours, theirs) = (Value::Array(vec![ours]), Value::Array(answer.documents()));
        if answer.verdict() == Some(true) && ours == theirs {
            continue;
        }
        match explain::facts(&ours, &theirs, &reading) {
            Some(id) => {
                met.insert(id);
            }
            // A text that is cut may break a rule.
            None if text.contains("\\0") => {}
            None => failures.push(format!(
                "== {number}: {} {:?}\n{text}",
                answer.messages(),
                first_difference(&ours, &theirs)
            )),
        }
    }
    assert!(failures.is_empty(), "seed {seed}: {} documents\n{}", failures.len(), failures.join("\n"));
    assert!(met.contains("buildorder-32-bits") && met.contains("epoch-32-bits") && met.contains("nul"), "{met:?}");
}

/// Gives a stream the names that an index wants.
fn name(document: &mut Document) {
    let (name, stream) = match document {
        Document::Stream(one) => (&mut one.name, &mut one.stream),
        Document::StreamV1(one) => (&mut one.name, &mut one.stream),
        _ => return,
    };
    name.get_or_insert_with(|| "m".to_owned());
    stream.get_or_insert_with(|| "s".to_owned());
}

/// What libmodulemd writes, in its own style, says the same to both (not always what it said before: libyaml folds lines
/// that begin with blanks, and some facts are lost on the way).
#[test]
fn what_libmodulemd_writes_is_read_by_us_with_equal_facts() {
    let Some(mut peer) = Peer::start() else { return };
    let mut maker = Maker::new(seed());
    let (mut failures, mut read) = (Vec::new(), 0);
    for number in 0..COUNT / 3 {
        let mut document = maker.document();
        name(&mut document);
        let text = write(&document);
        // Years before 1000 cannot be written.
        let Answer::Good(all) = peer.ask(&json!({"op": "dump", "text": text, "strict": true})) else { continue };
        let written = all["text"].as_str().expect("a text");
        if let Some((found, _)) = super::peer_rules::disagreement(&mut peer, written, true) {
            failures.push(format!("== {number}: {found}\n{written}"));
        }
        read += 1;
    }
    assert!(failures.is_empty(), "{} documents\n{}", failures.len(), failures.join("\n"));
    assert!(read > COUNT / 6, "only {read} documents");
}

/// Indexes as distributions published them are read with equal facts; they are beside the project, not in it.
#[test]
fn published_indexes_are_read_with_equal_facts() {
    let Some(mut peer) = Peer::start() else { return };
    let folder = workspace().join("../shared/data/modulemd");
    let Ok(entries) = std::fs::read_dir(&folder) else { return };
    for entry in entries {
        let path = entry.expect("an entry").path();
        let text = std::fs::read_to_string(&path).expect("an index");
        let reading = super::ours(&text, true);
        assert!(!reading.has_errors(), "{}: {:#?}", path.display(), reading.diagnostics);
        let ours = facts::sorted(super::our_facts(&reading));
        let answer = peer.read(&text, true, &keys(&ours));
        assert_eq!(answer.verdict(), Some(true), "{}", answer.messages());
        assert_eq!(
            first_difference(&Value::Array(ours), &Value::Array(answer.documents())),
            None,
            "{}",
            path.display()
        );
    }
}
