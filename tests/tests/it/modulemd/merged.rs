//! Indexes are merged and searched as with libmodulemd.

use super::written::seed;
use fastrand::Rng;
use mbs_core::modulemd::{
    Document, Glob, IndexMerger, Minute, ModuleIndex, ModuleStream, Priority, ReadOptions, StreamId, StreamQuery,
    write_into,
};
use mbs_testkit::modulemd::Maker;
use mbs_tests::modulemd::facts::{self, first_difference, keys, sorted, with_intents};
use mbs_tests::modulemd::peer::{Answer, Peer};
use serde_json::{Map, Value, json};

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

/// The facts of all documents, with the answers for the intents that the maker uses.
fn documents(index: &ModuleIndex) -> Vec<Value> {
    sorted(with_intents(facts::index(index), &["i", "j"]))
}

#[test]
fn indexes_are_read_with_the_same_documents_left() {
    let Some(mut peer) = Peer::start() else { return };
    let mut maker = Maker::new(seed());
    let mut failures = Vec::new();
    for _ in 0..500 {
        let text = text(&maker.neighbours(14));
        let reading = ModuleIndex::from_text(&text, "index.yaml", &ReadOptions::strict());
        let ours = documents(&reading.index);
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
        let ours = merger.merge().ok().map(|merged| documents(&merged.index));
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

fn ids<'i>(streams: impl IntoIterator<Item = &'i ModuleStream>) -> Value {
    streams.into_iter().map(|stream| StreamId::of(stream).to_string()).collect()
}

/// A fact of each stream by its identity.
fn each(index: &ModuleIndex, fact: impl Fn(&ModuleStream) -> Value) -> Value {
    let facts: Map<String, Value> =
        index.streams().map(|stream| (StreamId::of(stream).to_string(), fact(stream))).collect();
    Value::Object(facts)
}

/// What we find.
fn answer(index: &ModuleIndex, query: &Value) -> Value {
    let text = |key: &str| query[key].as_str().unwrap_or_default().to_owned();
    let glob = || Glob::new(text("pattern"));
    let module = |stream: &ModuleStream| index.module(stream.name.as_deref().unwrap_or_default()).expect("its module");
    match text("by").as_str() {
        "nsvca" => ids(index.search_nsvca_glob(&glob())),
        "rpms" => ids(index.search_rpms(&glob()).iter().map(|found| found.stream)),
        "parts" => {
            let mut wanted = StreamQuery::new();
            let part = |key: &str| query[key].as_str().map(Glob::new);
            wanted.name = part("name");
            wanted.stream = part("stream");
            wanted.version = part("version");
            wanted.context = part("context");
            wanted.arch = part("arch");
            ids(index.search_streams(&wanted))
        }
        "default_streams" => json!(index.default_streams(query["intent"].as_str())),
        "depends" => ids(as_listed(index).filter(|one| one.depends_on_stream(&text("module"), &text("stream")))),
        "build_depends" => {
            ids(as_listed(index).filter(|one| one.build_depends_on_stream(&text("module"), &text("stream"))))
        }
        "summary" => each(index, |stream| json!(module(stream).summary(stream, query["locale"].as_str()))),
        "description" => each(index, |stream| json!(module(stream).description(stream, query["locale"].as_str()))),
        "obsoletes" => {
            let now: Minute = "2030-01-01T00:00Z".parse().expect("a minute");
            each(index, |stream| {
                let found = module(stream).life_of(stream, now).obsoleted().cloned();
                json!(found.and_then(|one| facts::document(&Document::Obsoletes(Box::new(one)))))
            })
        }
        other => unreachable!("no query `{other}`"),
    }
}

fn as_listed(index: &ModuleIndex) -> impl Iterator<Item = &ModuleStream> {
    index.search_nsvca_glob(&Glob::new("*")).into_iter()
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
            if let Some(found) = first_difference(&answer(&index, query), theirs) {
                failures.push(format!("== {query}: {found}\n{text}"));
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
