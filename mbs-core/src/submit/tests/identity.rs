//! What identifies the builds of a submission, over the builds of the worked examples.

use super::super::*;
use super::known::{base, examples, module, on, stream};
use super::support::{ANY, document, origin, planned, settings, stored, submit};
use crate::identity::{DEFAULT_DISTTAG_PREFIX, Disttag, SCRATCH_DISTTAG_PREFIX, disttag_hash};
use crate::modulemd::{Document, ModuleStream, ReadOptions, Value, read};
use crate::resolve::{ExpandOptions, MemoryProvider, ModuleFacts, packager_documents, static_documents};
use crate::{Arch, BuildId, Owner};
use chrono::DateTime;
use std::collections::BTreeSet;

/// 2021-02-11 13:00:27 UTC.
const TIME: i64 = 1_613_048_427;

fn at(seconds: i64) -> Origin {
    Origin::file(DateTime::from_timestamp(seconds, 0).expect("time"))
}

fn any_base() -> Settings {
    let settings = Settings::new("test", Arch::new("x86_64").expect("arch"), Owner::new("ann").expect("owner"));
    let expand = ExpandOptions { only_compatible_bases: false, ..ExpandOptions::default() };
    Settings { expand, ..settings }
}

fn all(
    documents: &[ModuleStream],
    known: Vec<ModuleFacts>,
    origin: &Origin,
    settings: &Settings,
) -> Result<Submissions, SubmitError> {
    let provider = MemoryProvider::new(known);
    planned(documents, &provider, None, origin, settings)
}

fn identities(submissions: &Submissions) -> Vec<String> {
    submissions.builds.iter().map(|build| build.new.nsvc.to_string()).collect()
}

#[test]
fn the_worked_examples_come_to_their_contexts() {
    let known = ["9c690d0e", "6c81f848"];
    for (dependencies, expected) in [
        ("[{buildrequires: {platform: [f28], gtk: [1, 2]}, requires: {gtk: [1, 2]}}]", &["e1e005fb", "ce132a1e"][..]),
        ("[{buildrequires: {platform: [f28], gtk: [1]}, requires: {gtk: [1, 2]}}]", &["e6475530"]),
        ("[{buildrequires: {platform: []}, requires: {platform: []}}]", &known),
        (
            "[{buildrequires: {platform: [], gtk: []}, requires: {platform: [], gtk: []}}]",
            &["00a23e75", "05c9e0d2", "83292f3a", "e1d3a346"],
        ),
        ("[{buildrequires: {platform: [-f29], gtk: [\"-2\"]}, requires: {gtk: [\"-2\"]}}]", &["e1e005fb"]),
        ("[{buildrequires: {platform: [f29]}, requires: {platform: [f28, f29]}}]", &["d57884de"]),
        (
            "[{buildrequires: {platform: [f28], gtk: [1]}, requires: {gtk: [1]}}, \
             {buildrequires: {platform: [f29], foo: [2]}, requires: {foo: [2]}}]",
            &["c1851b84", "a64280f5"],
        ),
        ("[{buildrequires: {platform: [f29], app: [1]}}]", &["a6551637"]),
        ("[{buildrequires: {platform: [f28], gtk: [1]}, requires: {gtk: []}}]", &["2bc054d2"]),
    ] {
        let made = all(&[document(dependencies, "")], examples(), &at(TIME), &any_base()).expect(dependencies);
        let contexts: BTreeSet<String> = made.builds.iter().map(|build| build.new.nsvc.context.to_string()).collect();
        assert_eq!(contexts, expected.iter().map(|text| (*text).to_owned()).collect(), "{dependencies}");
        for build in &made.builds {
            let prefix = build.picks.iter().find(|pick| pick.facts.nsvc.name.as_str() == "platform").expect("platform");
            let prefix = &prefix.facts.nsvc.stream.as_str()[1..];
            assert_eq!(build.new.nsvc.version.to_string(), format!("{prefix}20210211130027"));
            assert_eq!(build.new.request.contexts.as_ref(), Some(&build.contexts));
        }
    }
}

#[test]
fn what_is_built_against_is_noted_in_document_and_request() {
    let mut known = examples();
    known[2].koji_tag = Some("module-gtk-1-0-c2".to_owned());
    known[2].repository = Some("https://repo.example/gtk".to_owned());
    let one = document("[{buildrequires: {platform: [f28], gtk: [1]}, requires: {gtk: [1]}}]", "");
    let made = all(&[one], known, &at(TIME), &any_base()).expect("submission");
    let request = &made.builds[0].new.request;
    let noted: Vec<String> =
        request.built_against.iter().map(|one| format!("{} {:?} {}", one.nsvc, one.commit, one.base)).collect();
    assert_eq!(noted, ["gtk:1:0:c2 Some(\"ref_c2\") false", "platform:f28:0:c10 Some(\"ref_c10\") true"]);
    assert_eq!(request.built_against[0].koji_tag.as_deref(), Some("module-gtk-1-0-c2"));
    assert_eq!(request.built_against[0].repository.as_deref(), Some("https://repo.example/gtk"));
    let stored = stored(&made.builds[0]);
    let entries = stored.xmd_mbs().and_then(|mbs| mbs.get("buildrequires")).expect("entries");
    let text = |module: &str, key: &str| entries.get(module).and_then(|entry| entry.get(key)?.as_str()).expect("text");
    assert_eq!([text("gtk", "stream"), text("gtk", "version"), text("gtk", "context")], ["1", "0", "c2"]);
    assert_eq!([text("gtk", "ref"), text("gtk", "koji_tag")], ["ref_c2", "module-gtk-1-0-c2"]);
    assert_eq!([text("platform", "ref"), text("platform", "koji_tag")], ["ref_c10", ""]);
    let keys: Vec<&str> = stored.xmd_mbs().and_then(Value::as_map).expect("a map").keys().map(String::as_str).collect();
    assert_eq!(keys, ["buildrequires", "commit", "mse", "scmurl"]);
}

#[test]
fn the_base_modules_number_comes_before_the_version_of_each_build() {
    for (platform, expected) in [
        ("f28", 2_820_180_205_135_154),
        ("f27", 2_720_180_205_135_154),
        ("el8", 820_180_205_135_154),
        ("el8.0", 80_020_180_205_135_154),
        ("el8.1.0", 8_010_020_180_205_135_154),
        ("el8.10.0", 8_100_020_180_205_135_154),
        ("el8.1.0.z", 8_010_020_180_205_135_154),
        ("product1.2", 10_220_180_205_135_154),
        ("f100", 10_020_180_205_135_154),
        ("f29.0.0", 20_180_205_135_154),
        ("lp29.1.1", 20_180_205_135_154),
        ("eln", 20_180_205_135_154),
        ("rawhide", 20_180_205_135_154),
    ] {
        let (made, warnings) = submit(&document(ANY, ""), &[], &origin(), &settings(platform)).expect(platform);
        assert_eq!(made.new.nsvc.version.0, expected, "{platform}");
        assert_eq!(warnings.iter().any(|warning| warning.code == "MB0001"), platform.contains("29."), "{platform}");
    }
    // A stream with a dash has a number too, and no dist tag unless the base module sets a marking.
    let mut beta = base("platform:fl7.0.1-beta:1:00000000");
    beta.disttag_marking = Some("fl7".to_owned());
    let made = all(&[document(ANY, "")], vec![beta], &origin(), &any_base()).expect("submission");
    assert_eq!(identities(&made)[0].split(':').nth(2), Some("7000120180205135154"));
}

#[test]
fn contexts_of_one_document_may_have_different_versions() {
    let text = "[]\n  xmd:\n    mbs_options:\n      contexts:\n        one: {buildrequires: {platform: f28}, requires: {platform: f28, gtk: 1}}\n        \
                two: {buildrequires: {platform: f29.2.0}, requires: {platform: f29.2.0}}";
    let mut known = examples();
    known.push(base("platform:f29.2.0:3:c"));
    let documents = static_documents(&document(text, "")).expect("contexts");
    let made = all(&documents, known, &at(TIME), &any_base()).expect("submission");
    assert_eq!(identities(&made), ["gauges:1.0:2820210211130027:one", "gauges:1.0:20210211130027:two"]);
    assert_eq!(made.builds[0].contexts.build.to_string(), "f4bfd8304625d3f2835a5176ee910f50e86cc201");
    assert_eq!(made.builds[0].contexts.runtime.to_string(), "cb33fa81bc376a8767a887f4cb5b45a67520f772");
    assert_eq!(made.builds[0].contexts.context.as_str(), "one");
    assert_eq!(made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["MB0001"]);
    let stored = stored(&made.builds[1]);
    assert_eq!((stored.context.as_deref(), stored.version), (Some("two"), 20_210_211_130_027));
    assert!(stored.xmd_mbs().and_then(|mbs| mbs.get("static_context")?.as_bool()).expect("noted"));
}

#[test]
fn configurations_of_a_packager_keep_their_contexts() {
    let text = "document: modulemd-packager\nversion: 3\ndata:\n  name: foo\n  stream: master\n  summary: s\n  \
                description: d\n  license: [MIT]\n  configurations:\n  - {context: CTX1, platform: f28, requires: {nginx: [\"1\"]}}\n  \
                - {context: CTX2, platform: f29.2.0}\n";
    let reading = read(text.as_bytes(), "foo.yaml", &ReadOptions::default());
    let Document::PackagerV3(packager) = &reading.documents[0].value else { panic!("{reading:?}") };
    let mut known = examples();
    known.push(base("platform:f29.2.0:3:c"));
    let made = all(&packager_documents(packager).expect("documents"), known, &at(TIME), &any_base());
    let made = made.expect("submission");
    assert_eq!(identities(&made), ["foo:master:2820210211130027:CTX1", "foo:master:20210211130027:CTX2"]);
    let hashes = |n: usize| (made.builds[n].contexts.build.to_string(), made.builds[n].contexts.runtime.to_string());
    assert_eq!(hashes(0).0, "f4bfd8304625d3f2835a5176ee910f50e86cc201");
    assert_eq!(hashes(0).1, "b442a8057c5b16c25414d6d6909ace9f5487576f");
    assert_eq!(hashes(1).0, "deb2cfe4e81122798c05a31f6b4bbf153a4dfe54");
}

fn release(build: &PlannedBuild, scratch: bool) -> String {
    let prefix = if scratch { SCRATCH_DISTTAG_PREFIX } else { DEFAULT_DISTTAG_PREFIX };
    let marking = build.new.request.marking.as_deref();
    Disttag::new(prefix, marking, BuildId(2), &build.new.nsvc).expect("dist tag").to_string()
}

#[test]
fn the_marking_of_the_dist_tag_comes_from_privileged_then_base_modules() {
    let document = document("[{buildrequires: {platform: [f28], product: [\"1\"]}, requires: {platform: [f28]}}]", "");
    let platform = base("platform:f28:0:c10");
    let product = on("product:1:0:c2", "platform:f28:0:c10");
    let made = |platform: ModuleFacts, product: ModuleFacts, settings: &Settings| {
        all(std::slice::from_ref(&document), vec![platform, product], &at(TIME), settings).expect("submission")
    };
    let plain = made(platform.clone(), product.clone(), &any_base());
    let hash = disttag_hash(&plain.builds[0].new.nsvc);
    assert_eq!(release(&plain.builds[0], false), format!("module+f28+2+{hash}"));
    assert_eq!(release(&plain.builds[0], true), format!("scrmod+f28+2+{hash}"));

    let fedora = ModuleFacts { disttag_marking: Some("fedora28".to_owned()), ..platform.clone() };
    let marked = made(fedora.clone(), product.clone(), &any_base());
    assert_eq!(release(&marked.builds[0], false), format!("module+fedora28+2+{hash}"));

    let privileged = Settings { privileged: vec![module("product")], ..any_base() };
    let product12 = ModuleFacts { disttag_marking: Some("product12".to_owned()), ..product.clone() };
    let marked = made(fedora.clone(), product12.clone(), &privileged);
    assert_eq!(release(&marked.builds[0], false), format!("module+product12+2+{hash}"));
    // One that sets none is passed over, and one that is not privileged is not asked.
    assert_eq!(release(&made(fedora, product, &privileged).builds[0], false), format!("module+fedora28+2+{hash}"));
    assert_eq!(release(&made(platform, product12, &any_base()).builds[0], false), format!("module+f28+2+{hash}"));
}

#[test]
fn two_blocks_that_come_to_the_same_build_make_it_once_unless_it_is_a_scratch_build() {
    let twice = "[{buildrequires: {platform: [f28]}, requires: {platform: [f28]}}, \
                 {buildrequires: {platform: [f28]}}]";
    let made = all(&[document(twice, "")], examples(), &at(TIME), &any_base()).expect("submission");
    assert_eq!((made.builds.len(), made.builds[0].block), (1, 0));
    assert_eq!(made.warnings.iter().map(|warning| warning.code).collect::<Vec<_>>(), ["MB0002"]);
    let scratch = Settings { scratch: true, ..any_base() };
    assert_eq!(all(&[document(twice, "")], examples(), &at(TIME), &scratch).expect("submission").builds.len(), 2);
}

#[test]
fn the_default_stream_of_the_platform_is_taken_where_several_fit() {
    let settings = any_base().on_platform(module("platform"), stream("f28"));
    let made = all(&[document(ANY, "")], examples(), &at(TIME), &settings).expect("submission");
    assert_eq!(identities(&made), ["gauges:1.0:2820210211130027:9c690d0e"]);
    let other = settings.on_platform(module("centos"), stream("9"));
    assert_eq!(other.expand.base_modules, [module("centos"), module("platform")]);
}
