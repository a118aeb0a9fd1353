//! What our writer writes, read by libmodulemd.

use mbs_core::modulemd::{Document, write};
use mbs_testkit::modulemd::Maker;
use mbs_tests::modulemd::facts::{self, first_difference, keys};
use mbs_tests::modulemd::peer::Peer;
use mbs_tests::modulemd::rules::workspace;
use serde_json::{Value, json};

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
