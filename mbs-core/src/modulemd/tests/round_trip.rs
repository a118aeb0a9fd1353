//! Writing and reading again.

use super::super::{Document, Profile, Scalar, Value, write};
use super::generated::{documents, streams};
use super::generated_unknown::documents_with_unknown_keys;
use super::{GREENHOUSE, stream};
use proptest::prelude::*;

#[test]
fn the_canonical_text_has_the_usual_order_and_quotes() {
    let mut module = stream(GREENHOUSE);
    module.name = Some("greenhouse".to_owned());
    module.stream = Some("rolling".to_owned());
    module.context = Some("00000000".to_owned());
    module.version = 20;
    module.summary = Some("no".to_owned());
    let xmd = module.xmd_mut();
    xmd.clear();
    xmd.insert("mbs".to_owned(), Value::List(vec![Value::from(true), Value::from("true"), Value::default()]));
    let text = write(&module);
    assert_eq!(
        text,
        r#"---
document: modulemd
version: 2
data:
  name: greenhouse
  stream: "rolling"
  version: 20
  context: "00000000"
  summary: "no"
  description: "Sample module: one C library, one C program that links it and more."
  license:
    module:
    - MIT
  xmd:
    mbs:
    - true
    - "true"
    - {}
  dependencies:
  - buildrequires:
      platform: []
    requires:
      platform: []
  profiles:
    default:
      rpms:
      - gaugectl
  api:
    rpms:
    - gaugectl
    - libgauge
  filter:
    rpms:
    - greenhouse-rpm-macros
  buildopts:
    rpms:
      macros: |
        %greenhouse_build_kind modular
    arches:
    - s390x
    - x86_64
  components:
    rpms:
      gaugectl:
        rationale: Command line front end of libgauge.
        ref: "7e96446"
        buildorder: 10
        arches:
        - x86_64
      libgauge:
        rationale: Parses and averages readings.
        repository: https://git.example/rpms/libgauge
        ref: "00000000"
...
"#
    );
    assert_eq!(stream(&text), module);
}

#[test]
fn texts_of_several_lines_survive_in_every_form() {
    let texts = [
        "a\nb",
        "a\nb\n",
        "a\nb\n\n\n",
        "\n",
        "\na",
        " a\nb",
        "a\n b\n",
        "a\n\n\nb",
        "a\n \nb",
        "a\t\n\tb\n",
        "a\r\nb",
        "a\n#b\n",
        "a: b\n- c\n",
        "---\n...\n",
        "\u{FEFF}a\n",
        "a\u{85}b\n",
        "a\u{2028}b",
        "é\n\u{1F600}\n",
        "%\n",
        "\0\n",
    ];
    for text in texts {
        let mut module = stream(GREENHOUSE);
        module.description = Some(text.to_owned());
        let value = |text: &str| Value::List(vec![Value::from(text), Value::List(vec![Value::from(text)])]);
        module.xmd_mut().insert(text.to_owned(), value(text));
        assert_eq!(stream(&write(&module)), module, "{text:?}\n{}", write(&module));
    }
}

#[test]
fn long_keys_and_empty_typed_scalars_survive() {
    let mut module = stream(GREENHOUSE);
    let empty = Value::Scalar(Scalar::typed(""));
    for length in [100, 899, 901, 2000] {
        let long = "k".repeat(length);
        module.xmd_mut().insert(long.clone(), Value::List(vec![empty.clone(), Value::from("")]));
        module.xmd_mut().insert(format!("{long}:"), empty.clone());
        module.profiles.insert(long, Profile::default());
    }
    assert_eq!(stream(&write(&module)), module);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_reads_back_equal_and_is_written_equal(document in documents()) {
        reads_back(&document, &super::ReadOptions::lenient())?;
        if !matches!(document, Document::Unknown(_)) {
            reads_back(&document, &super::ReadOptions::strict())?;
        }
    }

    #[test]
    fn unknown_keys_are_written_back_where_they_stood(document in documents_with_unknown_keys()) {
        reads_back(&document, &super::ReadOptions::lenient())?;
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "([a-z:#\\-\\[\\]{}&*!|>'\"%@,? \t\n]|---\n|\\PC){0,60}") {
        super::lenient(&text);
    }
}

fn reads_back(document: &Document, options: &super::ReadOptions) -> Result<(), TestCaseError> {
    let text = write(document);
    let reading = super::read(text.as_bytes(), "generated", options);
    prop_assert!(!reading.has_errors(), "{:#?}\n{text}", reading.diagnostics);
    prop_assert_eq!(reading.documents.len(), 1);
    prop_assert_eq!(&reading.documents[0].value, document, "{}", text);
    prop_assert_eq!(write(&reading.documents[0].value), text);
    Ok(())
}

/// What a reader that guesses types makes of a text must be the text again.
fn is_text(value: Option<&serde_yaml::Value>, wanted: Option<&str>) -> bool {
    match (value, wanted) {
        (None, None) => true,
        (Some(value), Some(wanted)) => value.as_str() == Some(wanted),
        _ => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_reader_that_guesses_types_reads_the_same_texts(module in streams()) {
        let text = write(&module);
        let document: serde_yaml::Value = serde_yaml::from_str(&text).expect("YAML");
        let data = document.get("data");
        let at = |key: &str| data.and_then(|data| data.get(key));
        prop_assert!(is_text(at("name"), module.name.as_deref()), "{}", text);
        prop_assert!(is_text(at("stream"), module.stream.as_deref()), "{}", text);
        prop_assert!(is_text(at("context"), module.context.as_deref()), "{}", text);
        prop_assert!(is_text(at("summary"), module.summary.as_deref()), "{}", text);
        prop_assert!(is_text(at("description"), module.description.as_deref()), "{}", text);
        let rpms = at("components").and_then(|components| components.get("rpms"));
        for (key, component) in &module.components.rpms {
            let written = rpms.and_then(|rpms| rpms.get(key.as_str()));
            prop_assert!(is_text(written.and_then(|c| c.get("ref")), component.git_ref.as_deref()), "{}", text);
        }
    }
}
