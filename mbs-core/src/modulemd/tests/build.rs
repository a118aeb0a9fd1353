//! The one document a build starts from.

use super::super::{BuildInputError, NeedsExpansion, ReadOptions, read_for_build};
use super::{GREENHOUSE, with};

fn build(text: &str) -> Result<super::super::BuildInput, BuildInputError> {
    read_for_build(text.as_bytes(), "test.yaml", &ReadOptions::strict())
}

fn codes(text: &str) -> Vec<&'static str> {
    match build(text) {
        Err(BuildInputError::Malformed(diagnostics)) => diagnostics.iter().map(|one| one.code.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_stream_document_may_lack_name_and_stream() {
    let input = build(GREENHOUSE).expect("good");
    assert_eq!((input.stream.name, input.kind.as_str()), (None, "modulemd 2"));
    assert!(input.warnings.is_empty());
}

#[test]
fn several_blocks_or_configurations_need_expansion_and_are_not_malformed() {
    let text = with("dependencies: [{}, {}]");
    let expected = NeedsExpansion { what: "dependency blocks", count: 2 };
    assert_eq!(build(&text), Err(BuildInputError::NeedsExpansion(expected)));
    let v3 = V3.replace("    - context", "    - {context: B2, platform: f30}\n    - context");
    let expected = NeedsExpansion { what: "configurations", count: 2 };
    assert_eq!(build(&v3), Err(BuildInputError::NeedsExpansion(expected)));
}

const V3: &str = "document: modulemd-packager
version: 3
data:
  name: foo
  stream: latest
  summary: S
  description: D
  configurations:
    - context: A1
      platform: f29
      buildrequires:
        gtk: [1]
      buildopts:
        arches: [x86_64]
  profiles:
    p: {rpms: [x], default: true}
  components:
    rpms:
      bar: {ref: main, arches: [x86_64]}
";

#[test]
fn a_configuration_becomes_a_stream_with_a_static_context() {
    let input = build(V3).expect("good");
    let stream = input.stream;
    assert_eq!((stream.context.as_deref(), stream.static_context), (Some("A1"), true));
    assert_eq!(stream.license.module.iter().collect::<Vec<_>>(), ["MIT"]);
    let block = &stream.dependencies[0];
    assert_eq!(block.buildrequires["platform"].single(), Some("f29"));
    assert_eq!(block.buildrequires["gtk"].single(), Some("1"));
    assert_eq!(block.requires["platform"].single(), Some("f29"));
    assert!(!stream.profiles["p"].default);
    assert!(stream.buildopts.arches.contains("x86_64"));
}

#[test]
fn configurations_have_rules() {
    assert_eq!(codes(&V3.replace("context: A1", "context: a_b")), ["MD0304"]);
    assert_eq!(codes(&V3.replace("      platform: f29\n", "")), ["MD0316"]);
    assert_eq!(codes(&V3.replace("gtk: [1]", "gtk: [1, 2]")), ["MD0317"]);
    assert_eq!(codes(&V3.replace("    - context", "    - {context: A1, platform: f30}\n    - context")), ["MD0318"]);
    assert_eq!(codes(&V3.replace("arches: [x86_64]}", "arches: [s390x]}")), ["MD0314"]);
    let none: String = V3.replace("  configurations:", "  xmd:\n   x:");
    assert_eq!(codes(&none), ["MD0319"]);
}

#[test]
fn packager_version_2_becomes_a_stream() {
    let text = with("components: {rpms: {a: {ref: x}}}").replace("document: modulemd", "document: modulemd-packager");
    let input = build(&text).expect("good");
    assert_eq!(input.kind, "modulemd-packager 2");
    assert_eq!(input.stream.components.rpms.len(), 1);
    assert_eq!(codes(&text.replace("components", "artifacts: {}\n  components")), ["MD0201"]);
}

#[test]
fn exactly_one_buildable_document_is_wanted() {
    assert_eq!(codes(""), ["MD0108"]);
    assert_eq!(codes("# nothing\n"), ["MD0108"]);
    assert_eq!(codes(&format!("{GREENHOUSE}---\n{}", with(""))), ["MD0109"]);
    let defaults = "document: modulemd-defaults\nversion: 1\ndata: {module: x}\n";
    assert_eq!(codes(defaults), ["MD0110"]);
    match read_for_build(defaults.as_bytes(), "x", &ReadOptions::lenient()) {
        Err(BuildInputError::Malformed(all)) => assert_eq!(all[0].code.as_str(), "MD0110"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn names_in_the_dependencies_of_version_1_are_checked_too() {
    let text =
        with("dependencies: {requires: {'platform:0f27': a}, buildrequires: {x: -f29}}\nbuildopts: {arches: [a/b]}");
    assert_eq!(codes(&text.replace("version: 2", "version: 1")), ["MD0308", "MD0308", "MD0320"]);
}

#[test]
fn what_a_document_says_beside_its_format_is_a_loss_and_never_a_key_of_the_stream() {
    let data = "summary: S, description: D, license: {module: [MIT]}, static_context: true";
    let text = format!("document: modulemd\nversion: 1\ndata: {{name: a, stream: s, {data}}}\n");
    let input = read_for_build(text.as_bytes(), "f", &ReadOptions::lenient()).expect("a build");
    assert!(!input.stream.static_context && input.stream.unknown.is_empty());
    assert_eq!(input.losses[0].path.to_string(), "data.static_context");
    let text = text.replace("modulemd\nversion: 1", "modulemd\nversion: 2");
    let input = read_for_build(text.as_bytes(), "f", &ReadOptions::lenient()).expect("a build");
    assert!(input.stream.static_context && input.losses.is_empty());
}

#[test]
fn excluded_streams_beside_wanted_ones_are_an_error_of_the_format_and_a_warning_for_a_build() {
    let text = "document: modulemd\nversion: 2\ndata:\n  name: app\n  stream: \"1\"\n  summary: s\n  description: d\n  \
                license: {module: [MIT]}\n  dependencies: [{buildrequires: {platform: [-f28, f29]}}]\n";
    let input = read_for_build(text.as_bytes(), "app.yaml", &ReadOptions::strict()).expect("it can be built");
    assert_eq!(input.warnings.iter().map(|one| one.code.as_str()).collect::<Vec<_>>(), ["MD0305"]);
    assert!(super::super::read(text.as_bytes(), "app.yaml", &ReadOptions::strict()).has_errors());
}
