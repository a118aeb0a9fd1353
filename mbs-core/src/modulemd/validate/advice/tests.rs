//! Each piece of advice: where it is given and where it keeps silent.

use crate::modulemd::diagnostic::Severity;
use crate::modulemd::{ReadOptions, read};

/// A document about which there is nothing to say.
const GOOD: &str = "\
document: modulemd
version: 2
data:
  name: m
  stream: s
  summary: S
  description: D
  license: {module: [MIT]}
  dependencies: [{buildrequires: {platform: []}, requires: {platform: []}}]
";

fn told(text: &str) -> Vec<String> {
    let reading = read(text.as_bytes(), "f", &ReadOptions::strict().with_advice());
    assert!(!read(text.as_bytes(), "f", &ReadOptions::strict()).diagnostics.iter().any(|one| one.code.is_advice()));
    reading
        .diagnostics
        .iter()
        .inspect(|one| assert_eq!(one.severity, Severity::Warning, "{one:?}"))
        .map(|one| format!("{} {}", one.code, one.key_path))
        .collect()
}

#[track_caller]
fn case(lines: &str, expected: &[&str]) {
    let mut text: Vec<String> = GOOD.lines().map(str::to_owned).collect();
    for line in lines.lines() {
        let key = line.split(':').next().unwrap_or_default();
        let start = format!("  {key}:");
        text.retain(|old| !old.starts_with(&start));
        text.push(format!("  {line}"));
    }
    let text = text.join("\n");
    assert_eq!(told(&text), expected, "{text}");
}

#[test]
fn texts() {
    case("", &[]);
    case("summary: ''\ndescription: '  '", &["MD0402 data.summary", "MD0402 data.description"]);
    case("summary: Ends.", &["MD0403 data.summary"]);
    case("summary: and so on etc.", &[]);
    case(&format!("summary: {}", "é".repeat(80)), &[]);
    case(&format!("summary: {}", "é".repeat(81)), &["MD0403 data.summary"]);
    case("summary: \"a\\nb\"", &["MD0403 data.summary"]);
    case("static_context: true", &["MD0414 data.static_context"]);
    case("static_context: true\ncontext: c1", &[]);
}

#[test]
fn packages_that_are_not_built_or_filtered() {
    let built = "artifacts: {rpms: ['a-0:1-1.x86_64', 'b-c-0:1-1.noarch', 's-0:1-1.src']}\n\
                 license: {module: [MIT], content: [MIT]}\n";
    case(&format!("{built}api: {{rpms: [a, b-c]}}"), &[]);
    case(&format!("{built}api: {{rpms: [a, s, z]}}"), &["MD0404 data.api.rpms[1]", "MD0404 data.api.rpms[2]"]);
    // Without artifacts nobody knows.
    case("api: {rpms: [z]}\nprofiles: {p: {rpms: [z]}}", &[]);
    case("api: {rpms: [a]}\nfilter: {rpms: [a]}", &["MD0405 data.api.rpms[0]"]);
    case("filter: {rpms: [a]}\nprofiles: {p: {rpms: [b, a]}}", &["MD0406 data.profiles.p.rpms[1]"]);
    case(&format!("{built}profiles: {{p: {{rpms: [a, y, z]}}}}"), &["MD0407 data.profiles.p.rpms[1]"]);
    case("profiles: {p: {rpms: []}, q: {}}", &["MD0408 data.profiles.p", "MD0408 data.profiles.q"]);
    case(&format!("{built}filter: {{rpms: [a, z]}}"), &["MD0409 data.filter.rpms[0]"]);
    case(&format!("{built}demodularized: {{rpms: [a, z]}}"), &["MD0410 data.demodularized.rpms[0]"]);
    case("demodularized: {rpms: [z]}\napi: {rpms: [z]}", &["MD0410 data.demodularized.rpms[0]"]);
}

#[test]
fn components_say_why_they_are_there() {
    let list = |one: &str| format!("components: {{rpms: {{a: {{{one}}}}}}}");
    case(&list("rationale: R"), &[]);
    case(&list(""), &["MD0401 data.components.rpms.a"]);
    case(&list("rationale: ' '"), &["MD0401 data.components.rpms.a"]);
    case("components: {modules: {m: {}}}", &["MD0401 data.components.modules.m"]);
    case(&format!("version: 5\n{}", list("rationale: R")), &["MD0421 data.components.rpms.a"]);
    case(&format!("version: 5\n{}", list("rationale: R, ref: main")), &[]);
}

#[test]
fn an_order_that_orders_nothing() {
    let list = |a: &str, b: &str| format!("components: {{rpms: {{a: {{rationale: R{a}}}, b: {{rationale: R{b}}}}}}}");
    case(&list(", buildorder: 3", ", buildorder: 3"), &["MD0412 data.components.rpms.a.buildorder"]);
    case(&list("", ", buildorder: 3"), &[]);
    case("components: {rpms: {a: {rationale: R, buildorder: 1}}}", &["MD0412 data.components.rpms.a.buildorder"]);
    case("components: {rpms: {a: {rationale: R, buildorder: 1}}, modules: {m: {rationale: R}}}", &[]);
}

#[test]
fn waiting_that_another_entry_implies() {
    let list = |c: &str| {
        format!(
            "components: {{rpms: {{a: {{rationale: R}}, b: {{rationale: R, buildafter: [a]}}, \
             c: {{rationale: R, buildafter: [b]}}, d: {{rationale: R, buildafter: [{c}]}}}}}}"
        )
    };
    case(&list("c"), &[]);
    case(&list("c, a"), &["MD0413 data.components.rpms.d.buildafter[1]"]);
    // A circle is an error of its own.
    let circle = "components: {rpms: {a: {rationale: R, buildafter: [a, b]}, b: {rationale: R}}}";
    case(circle, &["MD0313 data.components.rpms.a.buildafter[0]"]);
}

#[test]
fn components_that_nothing_uses() {
    let list = |b: &str| {
        format!("api: {{rpms: [liba]}}\ncomponents: {{rpms: {{liba: {{rationale: R}}, zebra: {{rationale: {b}}}}}}}")
    };
    case(&list("Why not"), &["MD0411 data.components.rpms.zebra"]);
    case(&list("Runtime dependency of liba"), &[]);
    case(&list("x").replace("[liba]", "[liba, python3-zebra]"), &[]);
    case(&list("x, buildorder: -1"), &[]);
    case(&list("x, buildorder: -1, buildonly: true"), &[]);
    case(&list("for tests of builds, buildonly: true"), &["MD0411 data.components.rpms.zebra"]);
    case(&list("x").replace("api: {rpms: [liba]}\n", ""), &[]);
    let reading = read(
        format!("{GOOD}  {}\n", list("x, buildafter: [lib]").replace('\n', "\n  ")).as_bytes(),
        "f",
        &ReadOptions::strict().with_advice(),
    );
    assert_eq!(reading.diagnostics.len(), 1, "{:?}", reading.diagnostics);
    let shipped = "license: {module: [MIT], content: [MIT]}\nartifacts: {rpms: ['liba-0:1-1.x', 'zebra-0:1-1.x']}\n";
    case(&format!("{shipped}{}", list("x")), &[]);
}

#[test]
fn what_a_build_recorded_agrees() {
    let sum = "a".repeat(64);
    let lines = |rpms: &str, digest: &str, sum: &str| {
        format!(
            "license: {{module: [MIT], content: [MIT]}}\nartifacts: {{rpms: [{rpms}], rpm-map: {{{digest}: {{{sum}: \
             {{name: a, epoch: 0, version: 1, release: 1, arch: x86_64, nevra: 'a-0:1-1.x86_64'}}}}}}}}"
        )
    };
    let a = "'a-0:1-1.x86_64'";
    case(&lines(a, "sha256", &sum), &[]);
    case(
        &lines("'b-0:1-1.x86_64'", "sha256", &sum),
        &["MD0416 data.artifacts.rpm-map.sha256", &format!("MD0415 data.artifacts.rpm-map.sha256.{sum}.nevra")],
    );
    case(&lines(a, "crc", "ab"), &["MD0417 data.artifacts.rpm-map.crc"]);
    case(&lines(a, "sha256", "ab"), &["MD0418 data.artifacts.rpm-map.sha256.ab"]);
    case("artifacts: {rpms: ['a-0:1-1.x86_64']}", &["MD0425 data.license.content"]);
}

#[test]
fn architectures_that_rpm_does_not_know() {
    case("buildopts: {arches: [x86_64, s390x]}\narch: aarch64", &[]);
    case("buildopts: {arches: [x86-64]}", &["MD0419 data.buildopts.arches[0]"]);
    case("arch: amd46", &["MD0419 data.arch"]);
}

#[test]
fn dependencies_have_a_base() {
    let components = "\ncomponents: {rpms: {a: {rationale: R}}}";
    case(&format!("dependencies: []{components}"), &["MD0423 data.dependencies"]);
    case("dependencies: []", &[]);
    case("dependencies: [{requires: {platform: []}}]", &["MD0423 data.dependencies[0].buildrequires"]);
    case("dependencies: [{buildrequires: {runtime: [a]}, requires: {runtime: [a]}}]", &[]);
    case("dependencies: [{buildrequires: {m: [a]}, requires: {m: [a]}}]", &["MD0422 data.dependencies[0].requires.m"]);
}

#[test]
fn lists_that_are_sets_have_no_item_twice() {
    case("api: {rpms: [a, b, a]}\nxmd: {list: [a, a]}", &["MD0424 data.api.rpms[2]"]);
    case(
        "dependencies: [{buildrequires: {platform: [f28, f28]}, requires: {platform: []}}]",
        &["MD0424 data.dependencies[0].buildrequires.platform[1]"],
    );
}

#[test]
fn defaults_and_obsoletes() {
    let defaults = "document: modulemd-defaults\nversion: 1\ndata:\n  module: m\n  stream: a\n  profiles: {b: []}\n";
    assert_eq!(told(&format!("{defaults}  intents: {{i: {{stream: c}}}}\n")), ["MD0420 data.intents.i.stream"]);
    for known in ["a", "b", "''", "d, profiles: {d: []}"] {
        assert!(told(&format!("{defaults}  intents: {{i: {{stream: {known}}}}}\n")).is_empty(), "{known}");
    }
    let obsoletes = "document: modulemd-obsoletes\nversion: 1\ndata:\n  modified: 2020-01-01T00:00Z\n  module: m\n  \
                     stream: a\n  message: M\n  obsoleted_by: {module: m, stream: ";
    assert_eq!(told(&format!("{obsoletes}a}}\n")), ["MD0426 data.obsoleted_by"]);
    assert!(told(&format!("{obsoletes}b}}\n")).is_empty());
}

#[test]
fn what_could_not_be_read_gets_no_advice() {
    let text =
        GOOD.replace("summary: S", "summary: []").replace("[{buildrequires", "{buildrequires").replace("}}]", "}}")
            + "  components: {rpms: {a: 5}}\n";
    let reading = read(text.as_bytes(), "f", &ReadOptions::strict().with_advice());
    let codes: Vec<&str> = reading.diagnostics.iter().map(|one| one.code.as_str()).collect();
    assert_eq!(codes, ["MD0202", "MD0204", "MD0203"]);
}
