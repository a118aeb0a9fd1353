//! Rules between values.

use super::super::{ModuleStream, ReadOptions, read, render_all, validate};
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

const PACKAGER_2: &str = "document: modulemd-packager\nversion: 2\ndata:\n  summary: S\n  description: D\n  license: \
                          {module: [MIT]}\n";
const PACKAGER_3: &str = "document: modulemd-packager\nversion: 3\ndata:\n  summary: S\n  description: D\n  \
                          configurations:\n  - {context: a, platform: f29}\n";

#[test]
fn a_packager_2_document_has_only_the_module_s_own_licence() {
    assert!(strict(PACKAGER_2).diagnostics.is_empty());
    let content = PACKAGER_2.replace("[MIT]", "[MIT], content: [GPL]");
    assert_eq!(places(&strict(&content).diagnostics), ["MD0201 6:28 data.license.content"]);
    assert!(strict(&content).has_errors() && !lenient(&content).has_errors());
}

#[test]
fn a_packager_3_document_is_held_to_the_rules_of_streams_only_for_a_build() {
    assert!(strict(PACKAGER_3).diagnostics.is_empty());
    for (text, code) in [
        (PACKAGER_3.replace("  summary: S\n", ""), "MD0301"),
        (PACKAGER_3.replace("  description: D\n", ""), "MD0302"),
        (PACKAGER_3.replace("  configurations:\n  - {context: a, platform: f29}\n", ""), "MD0319"),
        (format!("{PACKAGER_3}  components: {{rpms: {{a: {{buildafter: [b]}}}}}}\n"), "MD0312"),
    ] {
        let found: Vec<String> = strict(&text).diagnostics.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(found, [code]);
        assert!(strict(&text).has_errors(), "{code}");
        let plain = read(text.as_bytes(), "f", &ReadOptions::strict());
        assert!(!plain.has_errors() && plain.documents.len() == 1, "{code}");
    }
}

#[test]
fn configurations_are_complete_and_differ() {
    for (item, code) in [
        ("{context: abcdefghij, platform: f29}", None),
        ("{context: b, platform: f29, requires: {x: y}}", None),
        ("{context: b, platform: f29, requires: {x: [y, y]}}", None),
        ("{context: abcdefghijk, platform: f29}", Some("MD0304")),
        ("{context: a_b, platform: f29}", Some("MD0304")),
        ("{platform: f29}", Some("MD0304")),
        ("{context: a, platform: f29}", Some("MD0318")),
        ("{context: b}", Some("MD0316")),
        ("{context: b, platform: f29, requires: {x: [y, z]}}", Some("MD0317")),
        ("{context: b, platform: f29, buildrequires: {x: []}}", Some("MD0317")),
    ] {
        let text = format!("{PACKAGER_3}  - {item}\n");
        let found: Vec<String> = lenient(&text).diagnostics.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{item}");
        assert_eq!(lenient(&text).has_errors(), code.is_some(), "{item}");
    }
}

#[test]
fn artifacts_have_the_form_of_the_format() {
    for (artifact, code) in [
        ("a-0:1-2.x86_64", None),
        ("-0:-.", None),
        ("a-0x:1-2.x", Some("MD0331")),
        ("a-x:1-2.x", Some("MD0306")),
        ("a-+1:1-2.x", Some("MD0306")),
        ("a-1-2.x", Some("MD0306")),
    ] {
        let reading = lenient(&with(&format!("artifacts: {{rpms: ['{artifact}']}}")));
        let found: Vec<String> = reading.diagnostics.iter().map(|one| one.code.to_string()).collect();
        assert_eq!(found, code.into_iter().collect::<Vec<_>>(), "{artifact}");
        assert_eq!(reading.has_errors(), code == Some("MD0306"), "{artifact}");
    }
}

#[test]
fn two_ends_of_life_of_a_version_1_document_are_told_when_they_differ() {
    let text = |day: &str| {
        with(&format!("eol: 2020-01-01\nservicelevels: {{rawhide: {{eol: {day}}}}}"))
            .replace("version: 2", "version: 1")
    };
    assert!(strict(&text("2020-01-01")).diagnostics.is_empty());
    assert_eq!(places(&strict(&text("2020-01-02")).diagnostics), ["MD0330 7:8 data.eol"]);
}

#[test]
fn obsoletes_say_everything_they_need() {
    let good = "document: modulemd-obsoletes\nversion: 1\ndata:\n  modified: 2020-01-02T03:04Z\n  module: m\n  stream: \
                s\n  message: M\n";
    assert!(strict(good).diagnostics.is_empty());
    let cases: [(&str, &str, &str); 10] = [
        ("  module: m\n", "", "MD0325 3:1 data.module"),
        ("stream: s", "stream: ''", "MD0325 6:11 data.stream"),
        ("  message: M\n", "", "MD0325 3:1 data.message"),
        ("2020-01-02T03:04Z", "2020-01-02T03:04:05Z", "MD0315 4:13 data.modified"),
        ("2020-01-02T03:04Z", "2020-01-02 03:04Z", "MD0315 4:13 data.modified"),
        ("message: M\n", "message: M\n  obsoleted_by: {module: m}\n", "MD0325 8:17 data.obsoleted_by.stream"),
        ("message: M\n", "message: M\n  obsoleted_by: {stream: m}\n", "MD0325 8:17 data.obsoleted_by.module"),
        ("message: M\n", "message: M\n  reset: true\n  eol_date: 2020-01-02T03:04Z\n", "MD0328 9:13 data.eol_date"),
        ("message: M\n", "message: M\n  reset: yes\n", "MD0205 8:10 data.reset"),
        ("message: M\n", "message: M\n  eol_date: 2020-01-02\n", "MD0315 8:13 data.eol_date"),
    ];
    for (from, to, expected) in cases {
        let found = places(&strict(&good.replacen(from, to, 1)).diagnostics);
        let loose: Vec<String> = found.iter().map(|one| one.replace("3:7", "3:1").replace("4:3", "3:1")).collect();
        assert_eq!(loose, [expected], "{to}");
    }
}

#[test]
fn translations_name_their_stream_and_when_they_changed() {
    let good = "document: modulemd-translations\nversion: 1\ndata: {module: m, stream: s, modified: 1}\n";
    assert!(strict(good).diagnostics.is_empty());
    for (from, to, code) in [
        ("module: m", "module: ''", "MD0325"),
        ("stream: s, ", "", "MD0325"),
        ("modified: 1", "modified: 0", "MD0326"),
        (", modified: 1", "", "MD0326"),
        ("modified: 1", "modified: -1", "MD0206"),
    ] {
        let reading = strict(&good.replace(from, to));
        assert_eq!(reading.diagnostics[0].code.as_str(), code, "{to}");
        assert!(reading.has_errors());
    }
}
