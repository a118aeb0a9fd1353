//! Defaults, texts and ends of life.

use super::{index, other, stream};
use crate::modulemd::{Minute, ModuleIndex, StreamId};

fn minute(text: &str) -> Minute {
    text.parse().expect("a minute")
}

fn obsoletes(more: &str) -> String {
    other("obsoletes", &format!("module: a, stream: \"1\", {more}"))
}

/// Messages of the newest document, the one in force and the planned one, with context `c`.
fn life(documents: &[String]) -> [Option<String>; 3] {
    let answers = |documents: &[String]| {
        let read = index(&(stream("a:1:1:c:x86_64", "") + &documents.concat()));
        let stream = read.get(&StreamId::new("a", "1")).one().expect("the stream").clone();
        let now = minute("2022-01-01T00:00Z");
        let life = read.life_of(&stream, now);
        let module = read.module("a").expect("the module");
        let lives = module.lives(now);
        for context in [Some("c"), Some("d"), Some("other"), None] {
            assert_eq!(lives.of("1", context), module.life("1", context, now), "{context:?}");
        }
        assert_eq!(lives.of("2", Some("c")), module.life("2", Some("c"), now));
        [life.newest, life.obsoleted(), life.planned].map(|one| one.map(|one| one.message.clone()))
    };
    let found = answers(documents);
    let backwards: Vec<String> = documents.iter().rev().cloned().collect();
    assert_eq!(answers(&backwards), found, "independent of the order");
    found
}

/// The three answers of [`life`]; an empty text is none.
fn said(answers: [&str; 3]) -> [Option<String>; 3] {
    answers.map(|text| Some(text.to_owned()).filter(|text| !text.is_empty()))
}

#[test]
fn the_newest_of_those_that_hold_counts() {
    let old = obsoletes("modified: \"2020-01-01T00:00Z\", message: old");
    let new = obsoletes("modified: \"2021-01-01T00:00Z\", message: new");
    let elsewhere = obsoletes("modified: \"2021-02-01T00:00Z\", message: else, context: d");
    assert_eq!(life(&[]), said(["", "", ""]));
    assert_eq!(life(&[old.clone(), new.clone(), elsewhere]), said(["new", "new", ""]));
    let specific = obsoletes("modified: \"2021-01-01T00:00Z\", message: specific, context: c");
    assert_eq!(life(&[specific, new]), said(["specific", "specific", ""]));
}

#[test]
fn a_reset_takes_back() {
    let old = obsoletes("modified: \"2020-01-01T00:00Z\", message: old");
    let reset = obsoletes("modified: \"2021-01-01T00:00Z\", message: back, reset: true");
    assert_eq!(life(&[old, reset.clone()]), said(["back", "", ""]));
    let again = obsoletes("modified: \"2021-06-01T00:00Z\", message: again, eol_date: \"2021-07-01T00:00Z\"");
    assert_eq!(life(&[reset, again]), said(["again", "again", ""]));
}

#[test]
fn an_end_that_has_not_come_is_planned_unless_something_newer_holds() {
    let old = obsoletes("modified: \"2020-01-01T00:00Z\", message: old");
    let plan = obsoletes("modified: \"2021-01-01T00:00Z\", message: plan, eol_date: \"2023-01-01T00:00Z\"");
    assert_eq!(life(&[old.clone(), plan.clone()]), said(["old", "old", "plan"]));
    let reset = obsoletes("modified: \"2021-06-01T00:00Z\", message: back, reset: true");
    assert_eq!(life(&[old, plan.clone(), reset]), said(["back", "", ""]));
    let read = index(&(stream("a:1", "") + &plan));
    let module = read.module("a").expect("a module");
    let end = |now: &str| module.life("1", None, minute(now)).end_of_life().map(|end| end.to_string());
    assert_eq!(
        (end("2022-12-31T23:59Z"), end("2023-01-01T00:00Z")),
        (Some("2023-01-01T00:00Z".to_owned()), Some("2023-01-01T00:00Z".to_owned()))
    );
    assert!(module.life("1", None, minute("2022-12-31T23:59Z")).obsoleted().is_none());
    assert!(module.life("1", None, minute("2023-01-01T00:00Z")).obsoleted().is_some());
}

fn defaults() -> ModuleIndex {
    index(
        &[
            other(
                "defaults",
                "module: a, stream: \"1\", profiles: {\"1\": [common]}, \
                 intents: {server: {stream: \"2\", profiles: {\"2\": [server]}}, none: {stream: \"\"}, same: {}}",
            ),
            other("defaults", "module: b, profiles: {\"1\": []}"),
        ]
        .concat(),
    )
}

#[test]
fn an_intent_has_its_own_default_stream_or_the_general_one() {
    let index = defaults();
    let found = |intent| index.default_streams(intent).into_iter().collect::<Vec<_>>();
    assert_eq!(found(None), [("a", "1")]);
    assert_eq!(found(Some("server")), [("a", "2")]);
    assert_eq!(found(Some("none")), []);
    assert_eq!(found(Some("same")), [("a", "1")]);
    assert_eq!(found(Some("other")), [("a", "1")]);
}

#[test]
fn no_default_profiles_is_something_else_than_none_named() {
    let index = defaults();
    let found = |module: &str, stream: &str, intent| {
        let profiles = index.module(module).expect("a module").default_profiles(stream, intent);
        profiles.map(|set| set.iter().cloned().collect::<Vec<_>>())
    };
    assert_eq!(found("a", "1", Some("server")), Some(vec!["common".to_owned()]));
    assert_eq!(found("a", "2", Some("server")), Some(vec!["server".to_owned()]));
    assert_eq!(found("a", "2", None), None);
    assert_eq!(found("b", "1", None), Some(Vec::new()));
}

#[test]
fn a_locale_must_be_named_exactly() {
    let read = index(
        &(stream("a:1", "profiles: {p: {description: plain}}")
            + &other(
                "translations",
                "module: a, stream: \"1\", modified: 1, translations: {cs_CZ: {summary: Souhrn, profiles: {p: cesky}}}",
            )),
    );
    let module = read.module("a").expect("a module");
    let stream = read.streams().next().expect("a stream");
    assert_eq!(module.summary(stream, Some("cs_CZ")), Some("Souhrn"));
    for locale in [None, Some("C"), Some("cs"), Some("de")] {
        assert_eq!(module.summary(stream, locale), Some("S"), "{locale:?}");
    }
    assert_eq!(module.description(stream, Some("cs_CZ")), Some("D"));
    assert_eq!(module.profile_description(stream, "p", Some("cs_CZ")), Some("cesky"));
    assert_eq!(module.profile_description(stream, "p", None), Some("plain"));
    assert_eq!(module.profile_description(stream, "q", None), None);
}
