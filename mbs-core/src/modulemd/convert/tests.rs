//! Conversions, as the format's other library makes them, and back.

use super::{ConvertError, RpmMapError, convert, to_stream};
use crate::modulemd::DocumentKind;
use crate::modulemd::model::{Artifacts, Document, ModuleStream, PackagerV3, RpmMapEntry, StreamV1};
use crate::modulemd::{ReadOptions, read};
use chrono::NaiveDate;

fn document(text: &str) -> Document {
    let mut reading = read(text.as_bytes(), "f", &ReadOptions::lenient());
    assert!(!reading.has_errors(), "{:#?}", reading.diagnostics);
    reading.documents.remove(0).value
}

fn stream(lines: &str) -> ModuleStream {
    let text = "document: modulemd\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: {module: [MIT]}\n";
    match document(&format!("{text}{lines}")) {
        Document::Stream(stream) => *stream,
        other => panic!("{other:?}"),
    }
}

fn packager_v3(lines: &str) -> PackagerV3 {
    let text = "document: modulemd-packager\nversion: 3\ndata:\n  summary: S\n  description: D\n";
    match document(&format!("{text}{lines}")) {
        Document::PackagerV3(packager) => *packager,
        other => panic!("{other:?}"),
    }
}

fn stream_v1(lines: &str) -> StreamV1 {
    let text = "document: modulemd\nversion: 1\ndata:\n  summary: S\n  description: D\n  license: {module: [MIT]}\n";
    match document(&format!("{text}{lines}")) {
        Document::StreamV1(stream) => *stream,
        other => panic!("{other:?}"),
    }
}

fn paths(losses: &[super::Loss]) -> Vec<String> {
    losses.iter().map(|loss| loss.path.to_string()).collect()
}

const TWO: &str = "  name: n
  stream: s
  xmd: {a: b}
  configurations:
  - {context: b, platform: f29, buildrequires: {x: [y]}, requires: {q: [r]}, buildopts: {arches: [x86_64]}}
  - {context: a, platform: f28, buildopts: {rpms: {macros: m}}}
  profiles: {p: {rpms: [a], default: true}, q: {rpms: [b]}}
  components: {rpms: {a: {rationale: R, arches: [x86_64]}}}
";

#[test]
fn version_1_keeps_every_field() {
    let old = stream_v1(
        "  name: n\n  stream: s\n  version: 5\n  context: c\n  arch: x86_64\n  eol: 2020-01-02\n  \
         servicelevels: {bug: {}}\n  dependencies: {requires: {platform: f28}}\n",
    );
    let new = to_stream(Document::StreamV1(Box::new(old))).expect("a stream").lossless().expect("no loss");
    let expected = stream(
        "  name: n\n  stream: s\n  version: 5\n  context: c\n  arch: x86_64\n  servicelevels: {bug: {}, rawhide: {eol: \
         2020-01-02}}\n  dependencies: [{requires: {platform: [f28]}}]\n",
    );
    assert_eq!(new, expected);
    // Empty dependencies make no item.
    assert!(ModuleStream::from(stream_v1("  dependencies: {}\n")).dependencies.is_empty());
}

#[test]
fn of_two_ends_of_life_one_is_lost_and_told() {
    let lines = "  eol: 2020-01-02\n  servicelevels: {rawhide: {eol: 2021-01-01}}\n";
    let converted = to_stream(Document::StreamV1(Box::new(stream_v1(lines)))).expect("a stream");
    assert_eq!(converted.value.end_of_life("rawhide"), NaiveDate::from_ymd_opt(2020, 1, 2));
    assert_eq!(paths(&converted.losses), ["data.servicelevels.rawhide.eol"]);
}

#[test]
fn what_an_old_kind_does_not_know_is_not_read_for_what_it_never_was() {
    let old = stream_v1("  static_context: true\n  demodularized: {rpms: [a]}\n  artifacts: {rpm-map: {}}\n  odd: 1\n");
    let converted = to_stream(Document::StreamV1(Box::new(old))).expect("a stream");
    assert_eq!(paths(&converted.losses), ["data.static_context", "data.demodularized", "data.artifacts.rpm-map"]);
    assert_eq!(converted.value.unknown.list().len(), 1);
    let text = "document: modulemd-packager\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: {module: \
                [MIT], content: [GPL]}\n  name: n\n  xmd: {a: b}\n  odd: 1\n";
    let converted = to_stream(document(text)).expect("a stream");
    assert_eq!(paths(&converted.losses), ["data.license.content", "data.name", "data.xmd"]);
    assert_eq!((&converted.value.name, &converted.value.xmd), (&None, &None));
    assert_eq!(converted.value.unknown.list().len(), 1);
}

#[test]
fn packager_2_and_back() {
    let lines = "  static_context: true\n  dependencies: [{requires: {platform: []}}]\n  profiles: {p: {rpms: [a]}}\n  \
                 api: {rpms: [a]}\n  filter: {rpms: [b]}\n  demodularized: {rpms: [c]}\n  references: {tracker: t}\n  \
                 components: {rpms: {a: {rationale: R}}}\n";
    let there = stream(lines).to_packager_v2().lossless().expect("no loss");
    assert_eq!(ModuleStream::from(there), stream(lines));
    let built = stream(
        "  name: n\n  stream: s\n  version: 1\n  context: c\n  arch: x86_64\n  servicelevels: {a: {}}\n  xmd: {}\n  \
         buildopts: {arches: [x86_64]}\n  artifacts: {rpms: ['a-0:1-1.x86_64']}\n",
    );
    let all = ["name", "stream", "version", "context", "arch", "servicelevels", "xmd", "buildopts", "artifacts"];
    let losses = built.to_packager_v2().losses;
    assert_eq!(paths(&losses), all.map(|key| format!("data.{key}")));
    assert!(matches!(built.to_packager_v2().lossless(), Err(ConvertError::Lossy(lost)) if lost == losses));
}

#[test]
fn each_configuration_becomes_a_stream_and_default_profiles_a_document() {
    let expanded = packager_v3(TWO).expand().expect("streams").lossless().expect("no loss");
    let common = "  name: n\n  stream: s\n  xmd: {a: b}\n  profiles: {p: {rpms: [a]}, q: {rpms: [b]}}\n  components: \
                  {rpms: {a: {rationale: R, arches: [x86_64]}}}\n";
    let a = stream(&format!(
        "{common}  context: a\n  dependencies: [{{buildrequires: {{platform: [f28]}}, requires: {{platform: [f28]}}}}]\n  \
         buildopts: {{rpms: {{macros: m}}}}\n"
    ));
    let b = stream(&format!(
        "{common}  context: b\n  dependencies: [{{buildrequires: {{platform: [f29], x: [y]}}, requires: {{platform: \
         [f29], q: [r]}}}}]\n  buildopts: {{arches: [x86_64]}}\n"
    ));
    assert_eq!(expanded.streams, [a, b]);
    let defaults = expanded.defaults.expect("defaults");
    assert_eq!((defaults.module.as_str(), &defaults.stream), ("n", &None));
    assert!(defaults.profiles["s"].contains("p") && defaults.profiles["s"].len() == 1);
}

#[test]
fn all_configurations_become_the_alternatives_of_one_stream() {
    let one = packager_v3(TWO).to_stream_v2().expect("a stream");
    assert_eq!(
        paths(&one.losses),
        [
            "data.configurations[0].context",
            "data.configurations[0].buildopts",
            "data.configurations[1].context",
            "data.profiles.p.default"
        ]
    );
    let stream = one.value;
    assert_eq!((&stream.context, stream.static_context), (&None, false));
    let platforms: Vec<_> = stream.dependencies.iter().map(|item| item.requires["platform"].single()).collect();
    assert_eq!(platforms, [Some("f28"), Some("f29")]);
    assert_eq!(stream.buildopts.rpms.macros.as_deref(), Some("m"));

    let single = packager_v3("  license: [GPL]\n  configurations: [{context: c, platform: f28}]\n");
    let stream = single.to_stream_v2().expect("a stream").lossless().expect("no loss");
    assert_eq!(stream.context.as_deref(), Some("c"));
    assert!(stream.license.module.contains("GPL") && stream.license.module.len() == 1);

    let none = packager_v3("").to_stream_v2().expect("a stream").lossless().expect("no loss");
    assert!(none.dependencies.is_empty() && none.license.module.contains("MIT"));
}

#[test]
fn a_configuration_may_name_further_platforms() {
    let lines = "  configurations: [{context: c, platform: f28, requires: {platform: [other]}}]\n";
    let stream = packager_v3(lines).to_stream_v2().expect("a stream").value;
    assert_eq!(stream.dependencies[0].requires["platform"].0.len(), 2);
    assert_eq!(stream.dependencies[0].buildrequires["platform"].single(), Some("f28"));
}

#[test]
fn what_cannot_become_streams_says_why() {
    assert_eq!(packager_v3("").expand(), Err(ConvertError::NoConfigurations));
    let unnamed = packager_v3(&TWO.replace("  name: n\n", "")).expand();
    assert_eq!(unnamed, Err(ConvertError::Unnamed { profile: "p".to_owned(), key: "name" }));
    let without = packager_v3(&TWO.replace("  name: n\n", "").replace(", default: true", "")).expand();
    assert!(without.expect("streams").value.streams.iter().all(|stream| stream.name.is_none()));
    let text = "document: modulemd-packager\nversion: 3\ndata:\n  configurations: [{context: c, platform: f28}]\n";
    let Document::PackagerV3(packager) = document(text) else { panic!("packager 3") };
    let error = packager.expand().expect_err("no summary");
    assert_eq!(error.to_string(), "the new document would be wrong: `summary` is missing; `description` is missing");
}

#[test]
fn packager_3_and_back() {
    let packager = packager_v3(TWO);
    let expanded = packager.expand().expect("streams").value;
    let back = PackagerV3::from_streams(&expanded.streams, expanded.defaults.as_ref());
    let back = back.expect("a packager's document").lossless().expect("no loss");
    let mut sorted = packager;
    sorted.configurations.reverse();
    sorted.license.insert("MIT".to_owned());
    assert_eq!(back, sorted);
}

#[test]
fn what_no_configuration_can_say_is_named() {
    let lines =
        "  context: c\n  dependencies: [{buildrequires: {platform: [f28], x: [y]}, requires: {platform: [f28]}}]\n";
    let good = stream(lines);
    let error = |streams: &[ModuleStream]| PackagerV3::from_streams(streams, None).expect_err("refused").to_string();
    assert!(PackagerV3::from_streams(std::slice::from_ref(&good), None).is_ok());
    assert_eq!(error(&[]), "there is no stream to convert");
    let with = |from: &str, to: &str| stream(&lines.replace(from, to));
    for (bad, expected) in [
        (with("x: [y]", "x: [y, z]"), "several streams of `x` in `data.dependencies[0].buildrequires.x`"),
        (with("x: [y]", "x: []"), "several streams of `x`"),
        (with("x: [y]", "x: [-y]"), "several streams of `x`"),
        (with("requires: {platform: [f28]}", "requires: {}"), "same one stream of `platform`"),
        (with("requires: {platform: [f28]}", "requires: {platform: [f29]}"), "same one stream of `platform`"),
        (with("  context: c\n", ""), "context `` is missing"),
        (with("context: c", "context: a_b"), "holds a character other"),
        (with("context: c", "context: abcdefghijk"), "is longer than 10"),
        (with("[{", "[{}, {"), "2 alternatives"),
    ] {
        assert!(error(std::slice::from_ref(&bad)).contains(expected), "{expected}");
    }
    let other = ModuleStream { summary: Some("T".to_owned()), ..with("context: c", "context: d") };
    assert_eq!(
        error(&[good.clone(), other]),
        "streams 1 and 2 differ in `data.summary`, which one document has only once"
    );
    assert!(error(&[good.clone(), good]).contains("belongs to another stream"));
}

#[test]
fn kinds_are_reached_or_refused_by_name() {
    let packager = || Document::PackagerV3(Box::new(packager_v3(TWO)));
    let index = packager().into_index().expect("an index").lossless().expect("no loss");
    assert_eq!(
        index.iter().map(Document::title).collect::<Vec<_>>(),
        ["modulemd-defaults 1", "modulemd 2", "modulemd 2"]
    );
    let two = convert(packager(), DocumentKind::PackagerV2).expect("converted");
    assert_eq!(two.value.title(), "modulemd-packager 2");
    assert!(
        paths(&two.losses).ends_with(&["data.name", "data.stream", "data.xmd", "data.buildopts"].map(str::to_owned))
    );
    let down = convert(Document::Stream(Box::new(stream(""))), DocumentKind::StreamV1);
    assert!(matches!(down, Err(ConvertError::Downgrade { .. })));
    let defaults = || document("document: modulemd-defaults\nversion: 1\ndata: {module: m}\n");
    assert!(matches!(to_stream(defaults()), Err(ConvertError::NotStream { kind }) if kind == "modulemd-defaults 1"));
    let unrelated = convert(packager(), DocumentKind::Obsoletes).expect_err("unrelated").to_string();
    assert_eq!(unrelated, "a `modulemd-packager 3` document cannot become a `modulemd-obsoletes-v1` document");
    let same = convert(Document::PackagerV2(Box::default()), DocumentKind::PackagerV2).expect("the same");
    assert_eq!(same.value, Document::PackagerV2(Box::default()));
    for kind in DocumentKind::ALL {
        assert_eq!(DocumentKind::parse(kind.as_str()), Some(*kind));
        assert!(kind.as_str().starts_with(kind.key().0));
    }
}

#[test]
fn rpm_maps_are_checked_while_they_are_built() {
    let sum = "0".repeat(64);
    let entry = RpmMapEntry::from_nevra("a-b-0:1-2.x86_64").expect("an artifact");
    assert_eq!((entry.name.as_str(), entry.epoch, entry.release.as_str()), ("a-b", 0, "2"));
    for bad in ["a-1-2.x", "a-x:1-2.x", "a-00:1-2.x", "a-0x:1-2.x"] {
        assert_eq!(RpmMapEntry::from_nevra(bad), None, "{bad}");
    }
    let mut artifacts = Artifacts::default();
    artifacts.add("sha256", &sum, entry.clone()).expect("added");
    artifacts.add("sha256", &sum, entry.clone()).expect("the same again");
    assert!(artifacts.rpms.contains("a-b-0:1-2.x86_64") && artifacts.rpm_map["sha256"][&sum] == entry);
    let before = artifacts.clone();
    let other = RpmMapEntry::from_nevra("c-0:1-2.x86_64").expect("an artifact");
    assert!(matches!(artifacts.add("sha256", &sum, other.clone()), Err(RpmMapError::Taken { .. })));
    assert!(matches!(artifacts.add("crc", &sum, other.clone()), Err(RpmMapError::Digest { .. })));
    assert!(matches!(artifacts.add("sha1", &sum, other.clone()), Err(RpmMapError::Checksum { length: 40, .. })));
    let split = RpmMapEntry { version: "9".to_owned(), ..other };
    assert!(matches!(artifacts.add("sha256", &sum, split), Err(RpmMapError::Parts { .. })));
    assert!(matches!(artifacts.add("sha256", &sum, RpmMapEntry::default()), Err(RpmMapError::Nevra { .. })));
    assert_eq!(artifacts, before);
}

#[test]
fn service_levels_and_xmd() {
    let mut stream = stream("  xmd: {a: b}\n  servicelevels: {bug: {}, rawhide: {eol: 2020-01-02}}\n");
    let day = |day| NaiveDate::from_ymd_opt(2020, 1, day).expect("a day");
    assert!(stream.is_served("rawhide", day(2)) && !stream.is_served("rawhide", day(3)));
    assert!(stream.is_served("bug", day(3)) && !stream.is_served("security", day(1)));
    stream.set_service_level("rawhide", None);
    assert!(stream.is_served("rawhide", day(3)) && stream.end_of_life("rawhide").is_none());
    stream.clear_xmd();
    assert_eq!(stream.xmd, None);
}
