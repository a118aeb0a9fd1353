//! Writing and reading again.

use super::super::{Profile, Scalar, Value, write};
use super::generated::streams;
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
    fn what_is_written_reads_back_equal_and_is_written_equal(module in streams()) {
        let text = write(&module);
        let reading = super::read(text.as_bytes(), "generated", &super::ReadOptions::strict());
        prop_assert!(!reading.has_errors(), "{:#?}\n{text}", reading.diagnostics);
        let super::Document::Stream(again) = &reading.documents[0].value else { panic!("stream") };
        prop_assert_eq!(&**again, &module);
        prop_assert_eq!(write(again), text);
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in "([a-z:#\\-\\[\\]{}&*!|>'\"%@,? \t\n]|---\n|\\PC){0,60}") {
        super::lenient(&text);
    }
}
