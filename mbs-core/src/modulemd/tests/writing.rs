//! The writer, held against libyaml and against what each kind of document looks like.

use super::super::yaml::builder;
use super::super::yaml::compare::compare;
use super::super::yaml::plain::looks_typed;
use super::super::yaml::tape::{Node, Style, View};
use super::super::{
    Configuration, Defaults, Document, Intent, KeyPath, Limits, ModuleStream, ObsoletedBy, Obsoletes, PackagerV3,
    Scalar, StreamSet, Translation, Translations, UnknownDocument, Value, write, write_into, write_to,
};
use super::generated_values::{text, value};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

/// What libyaml makes of a node. Keys are kept in their order.
#[derive(Debug, PartialEq)]
enum Seen {
    /// A text, and whether it stands without quotes and means something else to readers that guess.
    Scalar(String, bool),
    List(Vec<Seen>),
    Map(Vec<(String, Seen)>),
}

fn seen(node: Node<'_>) -> Seen {
    match node.view() {
        View::Scalar(text, style) => Seen::Scalar(text.to_owned(), style == Style::Plain && looks_typed(text)),
        View::Seq(items) => Seen::List(items.map(seen).collect()),
        View::Map(pairs) => Seen::Map(
            pairs
                .map(|(key, value)| {
                    let Seen::Scalar(key, false) = seen(key) else { panic!("a key that is a text") };
                    (key, seen(value))
                })
                .collect(),
        ),
    }
}

fn expected(value: &Value) -> Seen {
    match value {
        Value::Scalar(scalar) => Seen::Scalar(scalar.as_str().to_owned(), scalar.is_typed()),
        Value::List(items) => Seen::List(items.iter().map(expected).collect()),
        Value::Map(map) => Seen::Map(map.iter().map(|(key, value)| (key.clone(), expected(value))).collect()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn libyaml_sees_the_values_that_were_written(map in proptest::collection::btree_map(text(), value(), 0..4)) {
        let root = Value::from(map);
        let text = write(&UnknownDocument { root: root.clone(), ..UnknownDocument::default() });
        let tapes: Vec<_> = builder::Documents::new(&text, 0, Limits::default()).collect();
        prop_assert_eq!(tapes.len(), 1, "{}", text);
        let Ok(tape) = &tapes[0] else { panic!("not YAML:\n{text}") };
        prop_assert_eq!(tape.root().map(seen), Some(expected(&root)), "{}", text);
        prop_assert!(compare(&text), "the fast scanner does not know {}", text);
    }
}

/// The text must be what the value is written as, and read back as that value.
fn is_text_of(document: &Document, text: &str) {
    assert_eq!(write(document), text);
    let reading = super::lenient(text);
    assert!(!reading.has_errors(), "{:#?}", reading.diagnostics);
    assert_eq!(&reading.documents[0].value, document);
}

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn a_packagers_document_has_its_order_and_keeps_that_of_its_configurations() {
    let configuration = |context: &str, platform: &str| Configuration {
        context: Some(context.to_owned()),
        platform: Some(platform.to_owned()),
        requires: BTreeMap::from([("fruit".to_owned(), StreamSet::one("1.0"))]),
        ..Configuration::default()
    };
    let mut document = PackagerV3 {
        name: Some("app".to_owned()),
        stream: Some("main".to_owned()),
        summary: Some(String::new()),
        description: Some(String::new()),
        license: names(&["MIT"]),
        xmd: Some(Value::default()),
        configurations: vec![configuration("F30", "f30"), configuration("4", "f29")],
        ..PackagerV3::default()
    };
    document.configurations[1].buildopts.rpms.macros = Some("%a b\n%c d\n".to_owned());
    document.unknown.insert(&KeyPath::new(["data", "configurations"]).index(0).key("extra"), Value::from(1));
    is_text_of(
        &document.into(),
        r#"---
document: modulemd-packager
version: 3
data:
  name: app
  stream: "main"
  summary: ""
  description: ""
  license:
  - MIT
  xmd: {}
  configurations:
  - context: F30
    platform: f30
    requires:
      fruit:
      - "1.0"
    extra: 1
  - context: "4"
    platform: f29
    requires:
      fruit:
      - "1.0"
    buildopts:
      rpms:
        macros: |
          %a b
          %c d
...
"#,
    );
}

#[test]
fn defaults_keep_empty_sets_and_intents() {
    let document = Defaults {
        module: "no".to_owned(),
        modified: u64::MAX,
        stream: Some("5.10".to_owned()),
        profiles: BTreeMap::from([("5.10".to_owned(), names(&["b", "a"])), ("x".to_owned(), BTreeSet::new())]),
        intents: BTreeMap::from([
            ("none".to_owned(), Intent { stream: Some(String::new()), ..Intent::default() }),
            ("other".to_owned(), Intent::default()),
        ]),
        ..Defaults::default()
    };
    is_text_of(
        &document.into(),
        r#"---
document: modulemd-defaults
version: 1
data:
  module: "no"
  modified: 18446744073709551615
  stream: "5.10"
  profiles:
    "5.10":
    - a
    - b
    x: []
  intents:
    none:
      stream: ""
    other: {}
...
"#,
    );
}

#[test]
fn translations_and_obsoletes_have_their_order() {
    let translation = Translation {
        summary: Some("Aplikace".to_owned()),
        profiles: BTreeMap::from([("y".to_owned(), "Pěkně".to_owned())]),
        ..Translation::default()
    };
    let document = Translations {
        module: "app".to_owned(),
        stream: "main".to_owned(),
        modified: 1,
        translations: BTreeMap::from([("cs_CZ".to_owned(), translation), ("de".to_owned(), Translation::default())]),
        ..Translations::default()
    };
    is_text_of(
        &document.into(),
        r#"---
document: modulemd-translations
version: 1
data:
  module: app
  stream: "main"
  modified: 1
  translations:
    cs_CZ:
      summary: Aplikace
      profiles:
        "y": Pěkně
    de: {}
...
"#,
    );
    let document = Obsoletes {
        modified: "2021-04-30T13:05Z".parse().expect("a minute"),
        module: "app".to_owned(),
        stream: "main".to_owned(),
        context: Some("1234".to_owned()),
        eol_date: Some("2022-01-01T00:00Z".parse().expect("a minute")),
        message: "It is over: go on.".to_owned(),
        obsoleted_by: Some(ObsoletedBy { module: "app".to_owned(), stream: "2".to_owned() }),
        ..Obsoletes::default()
    };
    is_text_of(
        &document.into(),
        r#"---
document: modulemd-obsoletes
version: 1
data:
  modified: 2021-04-30T13:05Z
  module: app
  stream: "main"
  context: "1234"
  eol_date: 2022-01-01T00:00Z
  message: "It is over: go on."
  obsoleted_by:
    module: app
    stream: "2"
...
"#,
    );
}

#[test]
fn unknown_keys_stand_behind_the_known_ones_and_keep_an_empty_map_alive() {
    let text = r#"---
document: modulemd
version: 2
data:
  summary: S
  description: D
  license:
    module:
    - MIT
    text: "5"
  dependencies:
  - {}
  - requires:
      platform: []
    when: 5
  profiles:
    server:
      rank: [1, "1"]
  filter:
    why:
      nested: {}
  future:
  - a
top: level
...
"#;
    let block = text.replace("rank: [1, \"1\"]", "rank:\n      - 1\n      - \"1\"");
    let document = super::lenient(text).documents.remove(0).value;
    is_text_of(&document, &block);
    // What they stood in is gone, and they with it.
    let Document::Stream(mut stream) = document else { panic!("a stream") };
    stream.profiles.clear();
    stream.dependencies.truncate(1);
    let text = write(&stream);
    assert!(!text.contains("rank") && !text.contains("when") && text.contains("future"), "{text}");
}

#[test]
fn what_the_format_knows_is_never_written_twice() {
    let mut stream = ModuleStream { summary: Some("S".to_owned()), ..ModuleStream::default() };
    for path in [KeyPath::new(["data", "summary"]), KeyPath::new(["data", "arch"]), KeyPath::new(["version"])] {
        stream.unknown.insert(&path, Value::from("x"));
    }
    assert_eq!(write(&stream), "---\ndocument: modulemd\nversion: 2\ndata:\n  summary: S\n...\n");
}

#[test]
fn unknown_documents_are_written_as_they_are() {
    let text = "---\ndocument: modulemd-next\nversion: 7\ndata: []\nabove: \"7\"\n...\n";
    is_text_of(&super::lenient(text).documents[0].value, text);
    // Only a program can make such ones.
    let empty = UnknownDocument::default();
    assert_eq!(write(&empty), "---\n{}\n...\n");
    let scalar = UnknownDocument { root: Value::Scalar(Scalar::text("a\n")), ..empty };
    assert_eq!(write(&scalar), "---\ndata: |\n  a\n...\n");
}

#[test]
fn documents_follow_each_other_in_one_text_or_writer() {
    let stream = ModuleStream::default();
    let boxed = Document::from(stream.clone());
    let mut text = String::from("# both\n");
    write_into(&mut text, &stream);
    write_into(&mut text, &boxed);
    let mut bytes = b"# both\n".to_vec();
    for document in [&boxed, &boxed] {
        write_to(&mut bytes, document).expect("memory takes it all");
    }
    assert_eq!(text.as_bytes(), bytes);
    assert_eq!(text.matches("\n...\n").count(), 2);
}

#[test]
fn characters_that_readers_refuse_or_change_are_escaped() {
    let odd = "\0\u{1}\t\r\u{7f}\u{85}\u{a0}\u{2028}\u{feff}\u{ffff}\u{10ffff}\\\"";
    let mut stream = ModuleStream { summary: Some(odd.to_owned()), ..ModuleStream::default() };
    stream.references.tracker = Some("  a\n\n b".to_owned());
    stream.references.community = Some("a\n \nb".to_owned());
    let text = write(&stream);
    let escaped = "\"\\0\\x01\\t\\r\\x7F\\x85\u{a0}\\u2028\\uFEFF\\uFFFF\u{10ffff}\\\\\\\"\"";
    assert!(text.contains(&format!("  summary: {escaped}\n")), "{text}");
    assert!(text.contains("    tracker: |2-\n        a\n\n       b\n"), "{text}");
    assert!(text.contains("    community: \"a\\n \\nb\"\n"), "{text}");
}
