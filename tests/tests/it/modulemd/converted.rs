//! Documents become other documents as with libmodulemd.

use super::written::seed;
use mbs_core::modulemd::{Document, ModuleStream, write};
use mbs_testkit::modulemd::Maker;
use mbs_tests::modulemd::facts::{self, first_difference, keys, sorted};
use mbs_tests::modulemd::peer::{Answer, Peer};
use serde_json::{Value, json};

/// What the documents become, or that they become nothing; compared with the answer.
fn differs(ours: Option<Vec<Value>>, answer: &Answer) -> Option<String> {
    match (ours, answer.verdict()) {
        (None, Some(false)) => None,
        (Some(ours), Some(true)) => first_difference(&Value::Array(sorted(ours)), &Value::Array(answer.documents())),
        (ours, _) => {
            Some(format!("{} documents of ours; theirs: {}", ours.map_or(0, |all| all.len()), answer.messages()))
        }
    }
}

fn stream_facts(stream: ModuleStream) -> Value {
    facts::document(&Document::Stream(Box::new(stream))).expect("a stream has facts")
}

#[test]
fn configurations_become_streams_and_default_profiles_a_document() {
    let Some(mut peer) = Peer::start() else { return };
    let mut maker = Maker::new(seed());
    let mut converted = 0;
    for number in 0..400 {
        let mut packager = maker.packager_v3();
        // Without names libmodulemd makes some up.
        packager.name.get_or_insert_with(|| "m".to_owned());
        packager.stream.get_or_insert_with(|| "s".to_owned());
        match number % 10 {
            0 => packager.configurations.clear(),
            1 => packager.summary = None,
            2 => packager.description = None,
            _ => {}
        }
        let ours = packager.expand().ok().map(|done| {
            let defaults = done.value.defaults.map(|one| Document::Defaults(Box::new(one)));
            let streams = done.value.streams.into_iter().map(stream_facts);
            streams.chain(defaults.as_ref().and_then(facts::document)).collect::<Vec<_>>()
        });
        let text = write(&packager);
        let asked = keys(ours.as_deref().unwrap_or_default());
        let answer = peer.ask(&json!({"op": "convert", "to": "index", "text": text, "keys": asked}));
        converted += usize::from(answer.verdict() == Some(true));
        assert_eq!(differs(ours, &answer), None, "{text}");
    }
    assert!(converted > 100, "only {converted} documents became another");
}

#[test]
fn every_document_of_a_stream_becomes_a_version_2_stream() {
    let Some(mut peer) = Peer::start() else { return };
    let mut maker = Maker::new(seed());
    let mut converted = 0;
    for _ in 0..600 {
        let document = maker.document();
        let ours = match &document {
            Document::StreamV1(one) => Some(ModuleStream::from((**one).clone())),
            Document::PackagerV2(one) => Some(ModuleStream::from((**one).clone())),
            Document::PackagerV3(one) => one.to_stream_v2().ok().map(|done| done.value),
            Document::Stream(one) => Some((**one).clone()),
            _ => continue,
        };
        let ours = ours.map(|stream| vec![stream_facts(stream)]);
        let text = write(&document);
        let asked = keys(ours.as_deref().unwrap_or_default());
        let answer = peer.ask(&json!({"op": "convert", "to": "stream", "text": text, "keys": asked}));
        converted += usize::from(answer.verdict() == Some(true));
        assert_eq!(differs(ours, &answer), None, "{text}");
    }
    assert!(converted > 100, "only {converted} documents became another");
}
