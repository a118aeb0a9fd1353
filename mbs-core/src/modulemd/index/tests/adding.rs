//! What enters an index, and what an index writes.

use super::{index, other, reading, stream, texts};
use crate::modulemd::{Document, Found, ModuleIndex, Origin, ReadOptions, RefusedReason, StreamId};

fn refused(text: &str) -> Vec<String> {
    reading(text).refused.iter().map(ToString::to_string).collect()
}

#[test]
fn an_empty_text_is_an_empty_index_and_the_other_way_round() {
    assert!(index("").is_empty());
    assert_eq!(ModuleIndex::new().write(), "");
}

#[test]
fn documents_are_written_by_module_and_kind_and_identity() {
    let text = [
        stream("b:1:1:c:x86_64", ""),
        stream("a:1:9:c:x86_64", ""),
        stream("a:1:10:c:x86_64", ""),
        stream("a:1:10:c", ""),
        other("translations", "module: a, stream: \"2\", modified: 1"),
        other("translations", "module: a, stream: \"10\", modified: 1"),
        other("obsoletes", "module: a, stream: z, modified: \"2021-01-01T00:00Z\", message: m"),
        other("obsoletes", "module: a, stream: y, modified: \"2020-01-01T00:00Z\", message: m"),
        other("defaults", "module: a, stream: \"1\""),
        "---\n{document: modulemd-future, version: 7, data: [1]}\n".to_owned(),
    ]
    .concat();
    let read = index(&text);
    let written = read.write();
    let order: Vec<&str> = written.lines().filter(|line| line.starts_with("document:")).collect();
    let known = ["defaults", "obsoletes", "obsoletes", "translations", "translations"];
    let mut wanted: Vec<String> = known.iter().map(|kind| format!("document: modulemd-{kind}")).collect();
    wanted.extend(vec!["document: modulemd".to_owned(); 4]);
    wanted.push("document: modulemd-future".to_owned());
    assert_eq!(order, wanted);
    let ids: Vec<String> = read.streams().map(|stream| StreamId::of(stream).to_string()).collect();
    assert_eq!(ids, ["a:1:10:c", "a:1:10:c:x86_64", "a:1:9:c:x86_64", "b:1:1:c:x86_64"]);
    let streams: Vec<_> = read.module("a").expect("a module").obsoletes().map(|one| &*one.value().stream).collect();
    assert_eq!(streams, ["z", "y"], "obsoletes keep the order of adding");
    assert_eq!(index(&written), read);
    assert_eq!(index(&written).write(), written);
}

#[test]
fn equal_streams_are_kept_once_and_different_ones_are_refused() {
    let text = [stream("a:1:1:c:x86_64", ""), stream("a:1:1:c:x86_64", "")].concat();
    assert_eq!(index(&text).streams().count(), 1);
    let text = [text, stream("a:1:1:c:x86_64", "api: {rpms: [x]}, references: {tracker: t}")].concat();
    assert_eq!(
        refused(&text),
        ["modules.yaml:5: module `a`: the stream `a:1:1:c:x86_64` differs in `data.api.rpms`, \
          `data.references.tracker`: modules.yaml:3 is kept, modules.yaml:5 is left out: it came first"]
    );
}

#[test]
fn only_equal_identities_are_the_same() {
    let ids = ["a:1:1:c:x86_64", "a:1:1:c", "a:1:1", "a:1", "a:*", "a:1:::x86_64", "a:1::c"];
    for order in [ids.to_vec(), ids.iter().rev().copied().collect()] {
        let text: String = order.iter().map(|id| stream(id, "")).collect();
        assert_eq!(index(&text).streams().count(), ids.len(), "{order:?}");
    }
}

#[test]
fn forms_of_scalars_and_unknown_keys_make_no_other_stream_but_are_told() {
    let text = [stream("a:1", "xmd: {k: 1}"), stream("a:1", "xmd: {k: \"1\"}"), stream("a:1", "xmd: {k: 1}, new: x")];
    let reading = reading(&text.concat());
    assert_eq!(reading.refused, []);
    assert_eq!(
        texts(&reading.conflicts),
        [
            "module `a`: the stream `a:1` differs in `data.xmd.k`: modules.yaml:1 is kept, modules.yaml:3 is left out: \
             it came first",
            "module `a`: the stream `a:1` differs in `data.new`: modules.yaml:1 is kept, modules.yaml:5 is left out: it \
             came first"
        ]
    );
}

#[test]
fn names_are_needed_and_packager_documents_do_not_enter() {
    let text = stream(":1", "")
        + &stream("a", "")
        + "---\n{document: modulemd-packager, version: 2, data: {summary: S, \
                description: D, license: {module: [MIT]}}}\n";
    let reading = reading(&text);
    let reasons: Vec<_> = reading.refused.iter().map(|one| one.reason.clone()).collect();
    assert_eq!(
        reasons,
        [
            RefusedReason::NoName,
            RefusedReason::NoStream { name: "a".to_owned() },
            RefusedReason::Packager { title: "modulemd-packager 2".to_owned() }
        ]
    );
    assert!(reading.index.is_empty() && reading.has_errors());
    assert!(matches!(reading.refused[2].document, Document::PackagerV2(_)));
}

#[test]
fn later_documents_of_which_there_is_one_replace_earlier_ones() {
    let text = [
        other("defaults", "module: a, modified: 9, stream: \"1\""),
        other("defaults", "module: a, modified: 1"),
        other("translations", "module: a, stream: \"1\", modified: 9"),
        other("translations", "module: a, stream: \"1\", modified: 1"),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: old"),
        other("obsoletes", "module: a, stream: \"2\", modified: \"2020-01-01T00:00Z\", message: other"),
        other("obsoletes", "module: a, stream: \"1\", modified: \"2020-01-01T00:00Z\", message: new"),
    ];
    let reading = reading(&text.concat());
    assert_eq!(
        texts(&reading.conflicts),
        [
            "module `a`: the defaults differ: `modified 1` in modules.yaml:3 is kept, `modified 9` in modules.yaml:1 is \
             left out: it came later",
            "module `a`: the translations of `1` differ: `modified 1` in modules.yaml:7 is kept, `modified 9` in \
             modules.yaml:5 is left out: it came later",
            "module `a`: the obsoletes of `1` of the same time differ: `new` in modules.yaml:13 is kept, `old` in \
             modules.yaml:9 is left out: it came later"
        ]
    );
    let module = reading.index.module("a").expect("a module");
    assert_eq!(module.default_stream(None), None);
    assert_eq!(module.translations_of("1").map(|one| one.modified), Some(1));
    let messages: Vec<_> = module.obsoletes().map(|one| &*one.value().message).collect();
    assert_eq!(messages, ["other", "new"]);
}

#[test]
fn version_1_becomes_version_2() {
    let old = "{document: modulemd, version: 1, data: {name: a, stream: \"1\", summary: S, description: D, \
               license: {module: [MIT]}, dependencies: {requires: {platform: f29}}}}";
    let read = index(old);
    let found = read.get(&StreamId::new("a", "1")).one().expect("the stream");
    assert!(found.depends_on_stream("platform", "f29") && !found.depends_on_stream("platform", "f30"));
    assert!(read.write().contains("version: 2"));
}

#[test]
fn unknown_documents_are_errors_in_strict_mode_only() {
    let text = "{document: modulemd-future, version: 1, data: {a: 1}}";
    assert_eq!(index(text).unknown_documents().count(), 1);
    let strict = ModuleIndex::from_text(text, "f", &ReadOptions::strict());
    assert!(strict.index.is_empty() && strict.has_errors());
}

#[test]
fn streams_are_found_and_removed_by_what_is_known_of_them() {
    let mut read = index(&[stream("a:1:1:c:x86_64", ""), stream("a:1:2:c:x86_64", ""), stream("b:1", "")].concat());
    let id = |text: &str| text.parse::<StreamId>().expect("an identity");
    assert!(matches!(read.get(&id("a:1")), Found::Several(found) if found.len() == 2));
    assert_eq!(read.get(&id("a:1:2")).one().map(|found| found.version), Some(2));
    assert_eq!(read.get(&id("a:2")), Found::None);
    assert_eq!(read.get(&id("c:1")), Found::None);
    assert_eq!(read.remove(&id("a:1::c")).len(), 2);
    assert!(read.module("a").is_none(), "a module without documents is gone");
    assert!(read.remove_module("b").is_some() && read.is_empty());
}

#[test]
fn xmd_can_be_cleared() {
    let mut read = index(&stream("a:1", "xmd: {k: v}"));
    read.clear_xmd();
    assert_eq!(read.streams().filter(|stream| stream.xmd.is_some()).count(), 0);
}

#[test]
fn origins_do_not_make_indexes_different() {
    let mut one = ModuleIndex::new();
    let mut other = ModuleIndex::new();
    for (index, origin) in [(&mut one, Origin::default()), (&mut other, Origin::new("f", 3, 9))] {
        let mut read = crate::modulemd::read(stream("a:1", "").as_bytes(), "f", &ReadOptions::lenient());
        index.add(read.documents.remove(0).value, origin).expect("a stream enters");
    }
    assert_eq!(one, other);
}

#[test]
fn many_versions_and_obsoletes_of_one_stream_are_no_burden() {
    let mut text = String::new();
    for number in 0..3000 {
        text += &stream(&format!("a:1:{}:c:x86_64", 1 + number), "");
        let time = format!("20{:02}-{:02}-{:02}T00:00Z", number / 300, 1 + number % 12, 1 + number / 12 % 28);
        text += &other("obsoletes", &format!("module: a, stream: \"1\", modified: \"{time}\", message: m"));
    }
    assert_eq!(index(&text).streams().count(), 3000);
}
