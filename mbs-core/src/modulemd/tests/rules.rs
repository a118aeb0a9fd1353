//! Rules between values.

use super::super::{ModuleStream, render_all, validate};
use super::{lenient, places, strict, with};

fn codes(lines: &str) -> Vec<String> {
    strict(&with(lines)).diagnostics.iter().map(|one| one.code.to_string()).collect()
}

#[test]
fn what_a_stream_must_have() {
    let reading = strict("document: modulemd\nversion: 2\ndata: {}\n");
    assert_eq!(
        places(&reading.diagnostics),
        ["MD0301 3:7 data.summary", "MD0302 3:7 data.description", "MD0303 3:7 data.license.module"]
    );
    let found: Vec<String> = validate(&ModuleStream::default(), true).iter().map(|one| one.path.to_string()).collect();
    assert_eq!(found, ["data.summary", "data.description", "data.license.module"]);
}

#[test]
fn static_contexts_are_short_words() {
    for (context, good) in [("abc_1", true), ("", false), ("12345678901234", false), ("a-b", false)] {
        let found = codes(&format!("static_context: true\ncontext: '{context}'"));
        assert_eq!(found.is_empty(), good, "{context} {found:?}");
        assert!(good || found == ["MD0304"]);
    }
    assert!(codes("static_context: true").is_empty());
    assert!(codes("context: 12345678901234").is_empty());
}

#[test]
fn signs_of_streams_do_not_mix() {
    assert!(codes("dependencies: [{requires: {platform: [-f28, -f29]}}]").is_empty());
    assert_eq!(codes("dependencies: [{buildrequires: {platform: [-f28, f29]}}]"), ["MD0305"]);
}

#[test]
fn order_is_by_number_or_by_name() {
    assert_eq!(codes("components: {rpms: {a: {buildorder: 1, buildafter: [b]}, b: {}}}"), ["MD0310"]);
    assert_eq!(codes("components: {rpms: {a: {buildafter: [b]}, b: {buildorder: 1}}}"), ["MD0311"]);
    assert_eq!(codes("components: {rpms: {a: {buildafter: [c]}, b: {}}}"), ["MD0312"]);
    assert!(codes("components: {rpms: {a: {buildafter: [b]}, b: {}}}").is_empty());
}

#[test]
fn circles_are_errors_for_a_build_and_warnings_else() {
    let text = with("components: {rpms: {a: {buildafter: [b]}, b: {buildafter: [a]}}}");
    let reading = strict(&text);
    assert_eq!(reading.diagnostics[0].message, "components wait for each other in a circle: `a` after `b` after `a`");
    assert_eq!(places(&reading.diagnostics), ["MD0313 7:40 data.components.rpms.a.buildafter[0]"]);
    assert!(reading.has_errors() && !lenient(&text).has_errors());
}

#[test]
fn names_that_are_no_file_names_are_errors_for_a_build() {
    for bad in ["a/b", "..", "-rf", "\"a\\nb\"", "a:b", "''"] {
        assert_eq!(codes(&format!("components: {{rpms: {{{bad}: {{}}}}}}")), ["MD0309"], "{bad}");
        assert_eq!(codes(&format!("components: {{rpms: {{x: {{name: {bad}}}}}}}")), ["MD0309"], "{bad}");
        assert_eq!(codes(&format!("name: {bad}")), ["MD0308"], "{bad}");
        assert!(!lenient(&with(&format!("name: {bad}"))).has_errors());
    }
}

#[test]
fn arches_stay_inside_those_of_the_module() {
    let lines = "buildopts: {arches: [x86_64]}\ncomponents: {rpms: {a: {arches: [x86_64, s390x]}}}";
    assert_eq!(codes(lines), ["MD0314"]);
    assert!(codes("components: {rpms: {a: {arches: [s390x]}}}").is_empty());
    assert_eq!(codes("components: {rpms: {a: {arches: [../x]}}}"), ["MD0320"]);
}

#[test]
fn rpm_map_entries_are_complete_and_agree() {
    let entry = "name: a, epoch: 0, version: 1, release: 2, arch: src, nevra: 'a-0:1-2.src'";
    let lines = |entry: &str| format!("artifacts: {{rpm-map: {{sha256: {{abc: {{{entry}}}}}}}}}");
    assert!(codes(&lines(entry)).is_empty());
    assert_eq!(codes(&lines(&entry.replace("version: 1", "version: 9"))), ["MD0307"]);
    let found = codes(&lines(&entry.replace("epoch: 0, ", "")));
    assert!(found.contains(&"MD0209".to_owned()), "{found:?}");
}

#[test]
fn dates_exist() {
    assert!(codes("servicelevels: {rawhide: {eol: 2077-10-23}}").is_empty());
    assert_eq!(codes("servicelevels: {rawhide: {eol: 2077-13-23}}"), ["MD0315"]);
}

#[test]
fn sources_that_would_be_refused_are_errors_for_a_build() {
    for (field, code) in [
        ("repository: 'ext::sh -c id'", "MD0322"),
        ("repository: --upload-pack=x", "MD0322"),
        ("cache: 'git://h/c'", "MD0323"),
        ("ref: --all", "MD0324"),
    ] {
        let lines = format!("components: {{rpms: {{a: {{{field}}}}}}}");
        assert_eq!(codes(&lines), [code], "{field}");
        assert!(!lenient(&with(&lines)).has_errors(), "{field}");
    }
    assert_eq!(codes("components: {modules: {m: {repository: -x, ref: 'a b'}}}"), ["MD0322", "MD0324"]);
}

#[test]
fn a_refused_source_is_named_with_its_component_and_without_credentials() {
    let text = with("components: {rpms: {a: {repository: 'ftp://ann:s3cret@h.example/x'}}}");
    let reading = strict(&text);
    let found = &reading.diagnostics[0];
    assert_eq!(found.key_path, "data.components.rpms.a.repository");
    assert!(found.message.starts_with("component `a`: git repository `ftp://***@h.example/x` has a"), "{found:?}");
    let shown = render_all(&reading.diagnostics, &text);
    assert!(shown.contains("@h.example/x'") && !shown.contains("s3cret") && !shown.contains("ann"), "{shown}");
}
