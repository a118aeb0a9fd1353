//! Indexes are merged and searched as with libmodulemd.

use super::written::seed;
use fastrand::Rng;
use mbs_core::modulemd::{Document, IndexMerger, ModuleIndex, Priority, ReadOptions, write_into};
use mbs_testkit::modulemd::Maker;
use mbs_tests::modulemd::facts::{first_difference, keys};
use mbs_tests::modulemd::ours::{documents, search};
use mbs_tests::modulemd::peer::{Answer, Peer};
use serde_json::{Value, json};

/// The intents that the maker uses.
const INTENTS: [&str; 2] = ["i", "j"];

fn text(documents: &[Document]) -> String {
    let mut text = String::new();
    for document in documents {
        write_into(&mut text, document);
    }
    text
}

fn index(text: &str) -> Option<ModuleIndex> {
    let reading = ModuleIndex::from_text(text, "index.yaml", &ReadOptions::strict());
    (!reading.has_errors()).then_some(reading.index)
}

#[test]
fn indexes_are_read_with_the_same_documents_left() {
    let Some(mut peer) = Peer::start() else { return };
    let mut maker = Maker::new(seed());
    let mut failures = Vec::new();
    for _ in 0..500 {
        let text = text(&maker.neighbours(14));
        let reading = ModuleIndex::from_text(&text, "index.yaml", &ReadOptions::strict());
        let ours = documents(&reading.index, &INTENTS);
        let answer = peer.read(&text, true, &keys(&ours));
        let verdicts = (Some(!reading.has_errors()), answer.verdict());
        let found = first_difference(&Value::Array(ours), &Value::Array(answer.documents()));
        if verdicts.0 != verdicts.1 || found.is_some() {
            failures.push(format!("== {verdicts:?} {} {found:?}\n{text}", answer.messages()));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn indexes_are_merged_to_the_same_index() {
    let Some(mut peer) = Peer::start() else { return };
    let mut rng = Rng::with_seed(seed());
    let mut maker = Maker::new(seed());
    let (mut merged, mut refused, mut failures) = (0, 0, Vec::new());
    for _ in 0..1000 {
        let count = rng.usize(1..=5);
        let texts: Vec<String> = std::iter::repeat_with(|| text(&maker.neighbours(8)))
            .filter(|text| index(text).is_some())
            .take(count)
            .collect();
        let priorities: Vec<u16> = (0..count).map(|_| *rng.choice(&[0, 0, 5, 1000]).expect("not empty")).collect();
        let strict = rng.bool();
        let mut merger = IndexMerger::new().strict_default_streams(strict);
        for (text, priority) in texts.iter().zip(&priorities) {
            merger.add(index(text).expect("filtered"), Priority::try_from(u32::from(*priority)).expect("a priority"));
        }
        let ours = merger.merge().ok().map(|merged| documents(&merged.index, &INTENTS));
        let asked = keys(ours.as_deref().unwrap_or_default());
        let answer = peer.ask(&json!({
            "op": "merge", "texts": texts, "priorities": priorities, "strict_default_streams": strict, "keys": asked,
        }));
        let found = match (ours, answer.verdict()) {
            (Some(ours), Some(true)) => {
                merged += 1;
                first_difference(&Value::Array(ours), &Value::Array(answer.documents()))
            }
            (None, Some(false)) => {
                refused += 1;
                None
            }
            (ours, _) => Some(format!("ours {}, theirs {}", ours.is_some(), answer.messages())),
        };
        if let Some(found) = found {
            failures.push(format!("== strict {strict} {priorities:?} {found}\n{}", texts.join("\n#####\n")));
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
    assert!(merged > 100 && refused > 20, "{merged} merged, {refused} refused");
}

#[test]
fn searches_find_the_same_streams_in_the_same_order() {
    const PATTERNS: [&str; 18] = [
        "*",
        "a",
        "a*",
        "?",
        "??",
        "[ab]*",
        "[!a]*",
        "a:*",
        "*:x*",
        "*:1?:*",
        "a:1:9:c:x86_64",
        "*-0:1*",
        "",
        "1[0-9]",
        "\\a*",
        "[",
        "*:[0-9][0-9]:*",
        "x",
    ];
    let Some(mut peer) = Peer::start() else { return };
    let mut rng = Rng::with_seed(seed());
    let mut maker = Maker::new(seed());
    let mut failures = Vec::new();
    for _ in 0..300 {
        let text = text(&maker.neighbours(14));
        let Some(index) = index(&text) else { continue };
        let mut pattern = || Value::from(*rng.choice(&PATTERNS).expect("not empty"));
        let mut queries = vec![
            json!({"by": "nsvca", "pattern": pattern()}),
            json!({"by": "nsvca", "pattern": pattern()}),
            json!({"by": "rpms", "pattern": pattern()}),
            json!({"by": "parts", "name": pattern()}),
            json!({"by": "parts", "stream": pattern(), "version": pattern()}),
            json!({"by": "parts", "version": pattern()}),
            json!({"by": "parts", "context": pattern(), "arch": pattern()}),
            json!({"by": "parts"}),
        ];
        for intent in [Value::Null, Value::from("i"), Value::from("j"), Value::from("none")] {
            queries.push(json!({"by": "default_streams", "intent": intent}));
        }
        for (module, stream) in [("a", "1"), ("ab", "x"), ("b", "-1"), ("none", "1")] {
            queries.push(json!({"by": "depends", "module": module, "stream": stream}));
            queries.push(json!({"by": "build_depends", "module": module, "stream": stream}));
        }
        for locale in [Value::Null, Value::from("C"), Value::from("cs"), Value::from("cs_CZ"), Value::from("fr")] {
            queries.push(json!({"by": "summary", "locale": locale}));
            queries.push(json!({"by": "description", "locale": locale}));
        }
        queries.push(json!({"by": "obsoletes"}));
        let said = peer.ask(&json!({"op": "search", "text": text, "queries": queries}));
        let Answer::Good(all) = &said else {
            failures.push(format!("== {}\n{text}", said.messages()));
            continue;
        };
        for (query, theirs) in queries.iter().zip(all["found"].as_array().expect("a list")) {
            if let Some(found) = first_difference(&search(&index, query), theirs) {
                failures.push(format!("== {query}: {found}\n{text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
