//! What we make of a question about indexes.

#![expect(clippy::missing_panics_doc, clippy::panic, reason = "a mistake in a question ends the test")]

use super::facts::{self, with_intents};
use mbs_core::modulemd::{
    Document, Glob, IndexMerger, Minute, ModuleIndex, ModuleStream, Priority, ReadOptions, StreamId, StreamQuery,
};
use serde_json::{Map, Value, json};

/// An outcome: accepted or not, the facts of the documents that are held, and what a search found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    /// Whether nothing was refused.
    pub accepted: bool,
    /// Codes of the errors of single documents.
    pub codes: Vec<String>,
    /// The facts of the documents, sorted.
    pub documents: Vec<Value>,
    /// What each query found.
    pub found: Vec<Value>,
}

fn options(strict: bool) -> ReadOptions {
    if strict { ReadOptions::strict() } else { ReadOptions::lenient() }
}

/// The facts of all documents of an index; `intents` beside their own are asked of every defaults document.
pub fn documents(index: &ModuleIndex, intents: &[&str]) -> Vec<Value> {
    facts::sorted(with_intents(facts::index(index), intents))
}

/// Reads a text into an index and searches it.
pub fn index(text: &str, queries: &[Value], strict: bool) -> Outcome {
    let reading = ModuleIndex::from_text(text, "index.yaml", &options(strict));
    let errors = reading.diagnostics.iter().filter(|one| one.is_error());
    Outcome {
        accepted: !reading.has_errors(),
        codes: errors.map(|one| one.code.to_string()).collect(),
        documents: documents(&reading.index, &[]),
        found: queries.iter().map(|query| search(&reading.index, query)).collect(),
    }
}

/// Merges texts; none of them may be refused.
pub fn merge(texts: &[String], priorities: &[u16], strict_default_streams: bool) -> Outcome {
    let mut merger = IndexMerger::new().strict_default_streams(strict_default_streams);
    for (text, priority) in texts.iter().zip(priorities) {
        let reading = ModuleIndex::from_text(text, "index.yaml", &ReadOptions::strict());
        assert!(!reading.has_errors(), "{:?} {:?}\n{text}", reading.diagnostics, reading.refused);
        merger.add(reading.index, Priority::try_from(u32::from(*priority)).expect("a priority"));
    }
    let merged = merger.merge().ok().map(|merged| documents(&merged.index, &[]));
    Outcome { accepted: merged.is_some(), documents: merged.unwrap_or_default(), ..Outcome::default() }
}

/// Converts the one document of a text: `to` an index or to a version 2 stream.
pub fn convert(text: &str, to: &str) -> Outcome {
    let reading = mbs_core::modulemd::read(text.as_bytes(), "case.yaml", &ReadOptions::strict());
    let document = match reading.documents.as_slice() {
        [one] => &one.value,
        _ => return Outcome::default(),
    };
    let as_facts = |stream: ModuleStream| facts::document(&Document::Stream(Box::new(stream)));
    let made: Option<Vec<Value>> = match (document, to) {
        (Document::PackagerV3(one), "index") => one.expand().ok().map(|done| {
            let defaults = done.value.defaults.map(|one| Document::Defaults(Box::new(one)));
            let streams = done.value.streams.into_iter().filter_map(as_facts);
            streams.chain(defaults.as_ref().and_then(facts::document)).collect()
        }),
        (Document::PackagerV3(one), _) => {
            one.to_stream_v2().ok().and_then(|done| as_facts(done.value)).map(|one| vec![one])
        }
        (Document::StreamV1(one), _) => as_facts(ModuleStream::from((**one).clone())).map(|one| vec![one]),
        (Document::PackagerV2(one), _) => as_facts(ModuleStream::from((**one).clone())).map(|one| vec![one]),
        (other, _) => facts::document(other).map(|one| vec![one]),
    };
    Outcome { accepted: made.is_some(), documents: facts::sorted(made.unwrap_or_default()), ..Outcome::default() }
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

/// What a query finds; the script of the peer names the queries.
pub fn search(index: &ModuleIndex, query: &Value) -> Value {
    let text = |key: &str| query[key].as_str().unwrap_or_default().to_owned();
    let glob = || Glob::new(text("pattern"));
    let module = |stream: &ModuleStream| index.module(stream.name.as_deref().unwrap_or_default()).expect("its module");
    let all = || index.search_nsvca_glob(&Glob::new("*")).into_iter();
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
        "depends" => ids(all().filter(|one| one.depends_on_stream(&text("module"), &text("stream")))),
        "build_depends" => ids(all().filter(|one| one.build_depends_on_stream(&text("module"), &text("stream")))),
        "summary" => each(index, |stream| json!(module(stream).summary(stream, query["locale"].as_str()))),
        "description" => each(index, |stream| json!(module(stream).description(stream, query["locale"].as_str()))),
        "profiles" => {
            each(index, |stream| json!(stream.profiles.keys().filter(|name| glob().matches(name)).collect::<Vec<_>>()))
        }
        "obsoletes" => {
            // Between the days that have passed and those that are far away.
            let now: Minute = "2030-01-01T00:00Z".parse().expect("a minute");
            each(index, |stream| {
                let found = module(stream).life_of(stream, now).obsoleted().cloned();
                json!(found.and_then(|one| facts::document(&Document::Obsoletes(Box::new(one)))))
            })
        }
        other => panic!("no query `{other}`"),
    }
}
