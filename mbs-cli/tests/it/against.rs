//! `mbs plan` for modules that are built against others.

use super::support::{Home, Ran};
use serde_json::Value;
use std::fmt::Write as _;

/// A document of an index, with notes of a build system.
fn built(name: &str, stream: &str, context: &str, requires: &str) -> String {
    let (dependencies, notes) = if name == "platform" {
        (String::new(), String::new())
    } else {
        (
            format!(
                "  dependencies: [{{buildrequires: {{platform: [f28]}}, requires: {{platform: [f28]{requires}}}}}]\n"
            ),
            "platform: {stream: f28, version: 3, context: '00000000', ref: x, koji_tag: t}".to_owned(),
        )
    };
    format!(
        "---\ndocument: modulemd\nversion: 2\ndata:\n  name: {name}\n  stream: '{stream}'\n  version: 3\n  context: '{context}'\n  \
         summary: x\n  description: x\n  license: {{module: [MIT]}}\n{dependencies}  \
         xmd: {{mbs: {{mse: true, commit: ref_{name}_{stream}, koji_tag: module-{name}, buildrequires: {{{notes}}}}}}}\n"
    )
}

fn index() -> String {
    let mut text = built("platform", "f28", "00000000", "");
    for (name, streams) in [("gtk", ["1", "2"]), ("python", ["3.6", "3.7"])] {
        for stream in streams {
            text += &built(name, stream, "c0ffee42", "");
        }
    }
    text
}

fn document(dependencies: &str) -> String {
    format!(
        "document: modulemd\nversion: 2\ndata:\n  name: app\n  stream: master\n  version: 7\n  summary: x\n  description: x\n  \
         license: {{module: [MIT]}}\n  dependencies: [{dependencies}]\n  components:\n    rpms:\n      alpha: {{rationale: x}}\n      \
         beta: {{rationale: x, buildorder: 10}}\n"
    )
}

const BOTH: &str = "{buildrequires: {platform: [f28], gtk: [1, 2], python: []}, requires: {platform: [f28], gtk: []}}";

/// A home with an index and a document with these dependencies.
fn home(dependencies: &str) -> Home {
    let home = Home::new();
    home.write("modules.yaml", &index());
    home.write("app.yaml", &document(dependencies));
    home
}

fn plan(home: &Home, more: &[&str]) -> Ran {
    home.mbs(&[&["plan", "app.yaml", "--modules", "modules.yaml", "--rpms-url", "file:///rpms"], more].concat())
}

fn json(home: &Home, more: &[&str]) -> Value {
    plan(home, &[&["--format", "json"], more].concat()).with_code(0).json()
}

/// The streams of a module that the contexts are built against.
fn streams(plan: &Value, module: &str) -> Vec<String> {
    let contexts = plan["contexts"].as_array().expect("contexts").iter();
    contexts.map(|one| one["buildrequires"][module]["stream"].as_str().unwrap_or("none").to_owned()).collect()
}

#[test]
fn two_ambiguous_dependencies_make_four_contexts() {
    let home = home(BOTH);
    let plan_json = json(&home, &[]);
    let mut pairs: Vec<_> = streams(&plan_json, "gtk").into_iter().zip(streams(&plan_json, "python")).collect();
    pairs.sort();
    let pair = |gtk: &str, python: &str| (gtk.to_owned(), python.to_owned());
    assert_eq!(pairs, [pair("1", "3.6"), pair("1", "3.7"), pair("2", "3.6"), pair("2", "3.7")]);
    let contexts = plan_json["contexts"].as_array().expect("contexts");
    for one in contexts {
        for key in [
            "nsvc",
            "name",
            "stream",
            "version",
            "context",
            "build_context",
            "runtime_context",
            "build_context_no_bms",
            "disttag",
            "koji_tag",
            "koji_target",
        ] {
            assert!(one[key].as_str().is_some_and(|text| !text.is_empty()), "{key}: {one}");
        }
        assert!(one["disttag"].as_str().expect("text").starts_with("module+f28+"), "{one}");
        assert!(one["dependencies"][0]["buildrequires"]["gtk"].is_array(), "{one}");
        assert_eq!(one["batches"].as_array().map(Vec::len), Some(3));
        assert!(one["estimated_ms"].as_u64().is_some() && one["reuse"]["reasons"].is_array(), "{one}");
        assert_eq!(one["buildrequires"]["platform"]["nsvc"], "platform:f28:3:00000000");
    }
    let mut names: Vec<&str> = contexts.iter().filter_map(|one| one["context"].as_str()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), 4, "each has a context of its own");

    let text = plan(&home, &[]).with_code(0).stdout;
    assert!(text.starts_with("app:master is built as 4 modules\n"), "{text}");
    assert_eq!(streams(&json(&home, &["--context", names[0]]), "gtk").len(), 1);
    let wrong = plan(&home, &["--context", "nothing"]).with_code(2);
    assert!(wrong.stderr.contains(names[0]), "{wrong:?}");
    assert!(!home.state().exists());
}

#[test]
fn default_streams_and_overrides_choose() {
    let home = home(BOTH);
    assert_eq!(streams(&json(&home, &["-s", "python:3.7", "-s", "gtk:1"]), "python").len(), 1);
    let plan_json = json(&home, &["--buildrequire", "gtk:2", "--buildrequire", "python:3.6"]);
    assert_eq!((streams(&plan_json, "gtk"), streams(&plan_json, "python")), (vec!["2".into()], vec!["3.6".into()]));
    let required = json(&home, &["--require", "gtk:2", "-s", "python:3.6", "-s", "gtk:2"]);
    assert_eq!(required["contexts"][0]["dependencies"][0]["requires"]["gtk"][0], "2", "{required}");
    let wrong = plan(&home, &["--buildrequire", "gtk"]).with_code(2);
    assert!(wrong.stderr.contains("NAME:STREAM"), "{wrong:?}");
}

#[test]
fn why_and_explain_tell_what_became_of_each_build() {
    let home = home("{buildrequires: {platform: [f28], gtk: [2]}, requires: {platform: [f28]}}");
    let why = plan(&home, &["--why", "gtk"]).with_code(0).stdout;
    assert!(why.contains("2:3:c0ffee42") && why.contains("taken"), "{why}");
    assert!(why.contains("1:3:c0ffee42  MR0304"), "{why}");
    let one = plan(&home, &["--why", "gtk:1"]).with_code(0).stdout;
    assert!(one.starts_with("gtk:1\n") && one.contains("asked for is `2`"), "{one}");
    let all = plan(&home, &["--explain"]).with_code(0).stdout;
    assert!(all.starts_with("app:master: 1 build\n") && all.contains("platform\n"), "{all}");
    let dot = plan(&home, &["--explain", "--format", "dot"]).with_code(0).stdout;
    assert!(dot.starts_with("digraph "), "{dot}");
    let documents = json(&home, &["--explain"]);
    assert_eq!(documents["documents"][0]["results"].as_array().map(Vec::len), Some(1));
}

#[test]
fn what_is_missing_is_a_chain_of_causes_with_names_that_look_alike() {
    let home = home("{buildrequires: {platform: [f28], gtk: [7], pyton: [3.6]}, requires: {}}");
    let ran = plan(&home, &[]).with_code(4);
    for line in [
        "error[MR0105]: the dependencies of `app:master` cannot be resolved\n",
        "  because the document build-requires `gtk:7`\n  and     no build of `gtk:7` exists\n",
        "  so      build `gtk:7`, or name another stream: `1`, `2`\n",
        "  so      did you mean `python`?\n",
    ] {
        assert!(ran.stderr.contains(line), "{line}:\n{}", ran.stderr);
    }
    assert_eq!(ran.stdout, "");
    let error = plan(&home, &["--format", "json"]).with_code(4).json();
    assert_eq!((&error["error"]["code"], &error["error"]["kind"]), (&"MR0105".into(), &"unprocessable".into()));
    let problems = error["error"]["documents"][0]["failure"]["problems"].as_array().expect("problems");
    assert_eq!(problems[0]["causes"][0], "the document build-requires `gtk:7`");
    // A build ends the same way, and stores nothing.
    let build = ["build", "app.yaml", "--modules", "modules.yaml", "--rpms-url", "file:///rpms"];
    assert_eq!(home.mbs(&build).with_code(4).stderr, ran.stderr);
    assert!(!home.state().exists());
}

#[test]
fn both_sides_of_a_conflict_are_named() {
    let home = home("{buildrequires: {platform: [f28], one: [1], two: [1]}, requires: {platform: [f28]}}");
    let more = built("one", "1", "c0ffee42", ", gtk: ['1']") + &built("two", "1", "c0ffee42", ", gtk: ['2']");
    home.write("modules.yaml", &(index() + &more));
    let ran = plan(&home, &[]).with_code(4);
    for part in ["error[MR0106]", "dependency block 1:", "`one:1:3:c0ffee42` requires", "`two:1:3:c0ffee42`", "  but "]
    {
        assert!(ran.stderr.contains(part), "{part}:\n{}", ran.stderr);
    }
}

#[test]
fn modules_in_a_circle_are_resolved() {
    let home = home("{buildrequires: {platform: [f28], one: [1]}, requires: {platform: [f28]}}");
    let more = built("one", "1", "c0ffee42", ", two: ['1']") + &built("two", "1", "c0ffee42", ", one: ['1']");
    home.write("modules.yaml", &(index() + &more));
    let plan_json = json(&home, &[]);
    assert_eq!((streams(&plan_json, "one").len(), streams(&plan_json, "two")), (1, vec!["1".to_owned()]));
}

#[test]
fn states_come_from_a_file_beside_the_index() {
    let home = home("{buildrequires: {platform: [f28], gtk: [2]}, requires: {platform: [f28]}}");
    home.write("modules.states.yaml", "gtk:2:3:c0ffee42: failed\n");
    let ran = plan(&home, &[]).with_code(4);
    assert!(ran.stderr.contains("has no ready build, only `gtk:2:3:c0ffee42 (failed)`"), "{ran:?}");
    // Where others lead to a platform, it counts in every state, with a warning; not if everything has to be ready.
    let platform = |stream: &str, context: &str| {
        built("platform", stream, context, "").replace("mse: true,", "mse: true, virtual_streams: [fedora],")
    };
    let old =
        built("old", "1", "c0ffee42", "").replace("requires: {platform: [f28]}", "requires: {platform: [fedora]}");
    let old = old.replace("{stream: f28, version: 3", "{stream: f27, version: 3");
    let all = platform("f27", "00000000") + &platform("f28", "00000000") + &platform("f28", "bbbbbbbb") + &old;
    home.write("modules.yaml", &all);
    home.write("modules.states.yaml", "platform:f27:3:00000000: garbage\nplatform:f28:3:00000000: failed\n");
    home.write("app.yaml", &document("{buildrequires: {platform: [f28], old: [1]}, requires: {}}"));
    let lax = plan(&home, &["--any-base"]).with_code(0);
    assert!(lax.stderr.contains("warning[MR0201]: `platform:f28:3:00000000` is taken"), "{lax:?}");
    let strict = plan(&home, &["--any-base", "--ready-only"]).with_code(4);
    assert!(strict.stderr.contains("MR0105"), "{strict:?}");
    let states = home.write("other.yaml", "gtk:9:3:c0ffee42: ready\n");
    plan(&home, &["--states", states.to_str().expect("text")]).with_code(1);
}

#[test]
fn contexts_that_the_packager_chose_are_kept() {
    let home = home("{}");
    home.write(
        "app.yaml",
        "document: modulemd-packager\nversion: 3\ndata:\n  name: app\n  stream: master\n  summary: x\n  description: x\n  \
         license: [MIT]\n  configurations:\n  - {context: A, platform: f28, buildrequires: {gtk: ['1']}, requires: {}}\n  \
         - {context: B, platform: f28, buildrequires: {gtk: ['2']}, requires: {}}\n  components:\n    rpms:\n      alpha: {rationale: x}\n",
    );
    let plan_json = json(&home, &[]);
    let contexts: Vec<_> =
        plan_json["contexts"].as_array().expect("contexts").iter().filter_map(|one| one["context"].as_str()).collect();
    assert_eq!(contexts, ["A", "B"]);
    assert_eq!(streams(&plan_json, "gtk"), ["1", "2"]);
    // One that fails is named.
    let text = std::fs::read_to_string(home.path().join("app.yaml")).expect("text").replace("gtk: ['2']", "gtk: ['9']");
    home.write("app.yaml", &text);
    assert!(plan(&home, &[]).with_code(4).stderr.contains("`gtk:9`"));
}

#[test]
fn ten_thousand_streams_are_no_harm() {
    let home = home("{buildrequires: {platform: [f28], big: [s77]}, requires: {platform: [f28]}}");
    let mut text = index();
    for stream in 0..10_000 {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "{}", built("big", &format!("s{stream}"), "c0ffee42", ""));
    }
    home.write("modules.yaml", &text);
    assert_eq!(streams(&json(&home, &[]), "big"), ["s77"]);
    home.write("app.yaml", &document("{buildrequires: {platform: [f28], big: [none]}, requires: {}}"));
    let ran = plan(&home, &[]).with_code(4);
    assert!(ran.stderr.contains("or one of 9995 more") && ran.stderr.len() < 2000, "{ran:?}");
    // Every stream of three modules is more than anybody wants.
    home.write("app.yaml", &document("{buildrequires: {platform: [f28], big: [], gtk: []}, requires: {}}"));
    let ran = plan(&home, &["--limit", "1000"]).with_code(4);
    assert!(ran.stderr.contains("MR0108") && ran.stderr.contains("1000 are allowed"), "{ran:?}");
}

#[test]
fn places_that_fail_are_told() {
    let home = home(BOTH);
    let ran = home.mbs(&["plan", "app.yaml", "--modules", "absent.yaml", "--rpms-url", "file:///r"]).with_code(1);
    assert!(ran.stderr.contains("absent.yaml"), "{ran:?}");
    let server = "http://127.0.0.1:9/module-build-service/1/";
    let ran = home.mbs(&["plan", "app.yaml", "--modules", server, "--rpms-url", "file:///r"]);
    assert!(ran.code == Some(5) && ran.stderr.contains("127.0.0.1"), "{ran:?}");
}

#[test]
fn the_platform_of_the_machine_is_hidden_by_others_and_that_is_told() {
    if !std::fs::read_to_string("/etc/os-release").unwrap_or_default().contains("ID=debian") {
        return;
    }
    let home = home("{buildrequires: {platform: [debian12]}, requires: {platform: [debian12]}}");
    let ran = plan(&home, &[]).with_code(4);
    let hint = "this machine's own `platform:debian12` is not assumed; `--platform platform:debian12` adds it";
    assert!(ran.stderr.contains(hint), "{ran:?}");
    plan(&home, &["--platform", "platform:debian12"]).with_code(0);
}

#[test]
fn an_import_stands_for_the_index() {
    let home = home(BOTH);
    let ran = home.mbs(&["import", "modules.yaml"]).with_code(0);
    assert!(ran.stdout.starts_with("1  platform:f28:3:00000000\n2  gtk:1:3:c0ffee42\n"), "{ran:?}");
    let bare = ["plan", "app.yaml", "--rpms-url", "file:///rpms", "--format", "json"];
    let (imported, named) = (home.mbs(&bare).with_code(0).json(), json(&self::home(BOTH), &[]));
    for number in 0..4 {
        for key in ["nsvc", "build_context", "runtime_context", "dependencies", "buildrequires"] {
            assert_eq!(imported["contexts"][number][key], named["contexts"][number][key], "{key}");
        }
    }
    let builds = home.mbs(&["builds", "--format", "json"]).with_code(0).json();
    assert!(builds["builds"].as_array().expect("list").iter().all(|one| one["imported"] == true), "{builds}");

    let again = home.mbs(&["import", "modules.yaml", "--format", "json"]).with_code(0).json();
    assert_eq!((&again["imported"][0]["replaced"], &again["imported"][0]["id"]), (&1.into(), &6.into()));
    assert!(home.mbs(&["show", "6"]).with_code(0).stdout.contains("imported:"));
    for command in ["watch", "resume"] {
        assert_eq!(home.mbs(&[command, "6"]).with_code(0).stdout, "", "{command}");
    }
    home.mbs(&["rm", "6", "--results"]).with_code(0);
}

#[test]
fn an_import_is_all_or_nothing_with_every_problem() {
    let home = home(BOTH);
    let bad = built("good", "1", "c0ffee42", "")
        + &built("dash", "1", "c0ffee42", "")
            .replace("platform: {stream: f28, version: 3,", "other: {stream: f28, version: 3,")
        + &built("platform", "el-8", "00000000", "")
        + "---\ndocument: modulemd\nversion: 2\ndata: {name: broken}\n";
    home.write("bad.yaml", &bad);
    let ran = home.mbs(&["import", "modules.yaml", "bad.yaml"]).with_code(3);
    for part in
        ["error[MS0404]: bad.yaml", "error[MS0405]: bad.yaml", "`summary` is missing", "error: nothing is imported"]
    {
        assert!(ran.stderr.contains(part), "{part}:\n{}", ran.stderr);
    }
    let error = home.mbs(&["import", "bad.yaml", "--format", "json"]).with_code(3).json();
    assert!(error["error"]["problems"].as_array().is_some_and(|all| all.len() >= 3), "{error}");
    assert!(!home.state().exists());
    home.mbs(&["import", "absent.yaml"]).with_code(1);
    let ran = home.mbs(&["import", "modules.yaml", "--repository", "https://ann:secret@h/"]).with_code(2);
    assert!(!ran.stderr.contains("secret"), "{ran:?}");
    home.mbs(&["import", "modules.yaml", "--repository", "."]).with_code(2);
}

#[test]
fn a_build_made_here_is_not_replaced_by_an_import() {
    use super::support::{Fate, Stored};
    let home = home(BOTH);
    Stored::new(&home).add("gtk:2:3:c0ffee42", Fate::Ready);
    let ran = home.mbs(&["import", "modules.yaml"]).with_code(3);
    assert!(ran.stderr.contains("error[MS0408]") && ran.stderr.contains("`mbs rm 1`"), "{ran:?}");
    let builds = home.mbs(&["builds", "--format", "json"]).with_code(0).json();
    assert_eq!(builds["total"], 1);
}

#[test]
fn a_graph_is_drawn_where_graphviz_is() {
    let home = home(BOTH);
    let ran = plan(&home, &["--format", "svg"]);
    match ran.code {
        Some(0) => assert!(ran.stdout.contains("<svg"), "{ran:?}"),
        Some(5) => assert!(ran.stderr.contains("install `graphviz`"), "{ran:?}"),
        _ => unreachable!("{ran:?}"),
    }
    home.mbs(&["builds", "--format", "svg"]).with_code(2);
}

#[test]
fn the_examples_of_the_readme_print_what_it_says() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace");
    let readme = std::fs::read_to_string(root.join("README.md")).expect("the file");
    let home = Home::new();
    for name in ["app.yaml", "clash.yaml", "modules.yaml"] {
        let text = std::fs::read_to_string(root.join("examples/contexts").join(name)).expect(name);
        home.write(name, &text);
    }
    let mut seen = 0;
    for block in readme.split("```text\n$ mbs plan ").skip(1) {
        let (block, _) = block.split_once("\n```").expect("a closed block");
        let (line, expected) = block.split_once('\n').expect("a result");
        let ran = home.mbs(&["plan"].into_iter().chain(line.split(' ')).collect::<Vec<_>>());
        let printed = format!("{}{}", ran.stdout, ran.stderr);
        for part in expected.split("\n...").map(str::trim).filter(|part| !part.is_empty()) {
            assert!(printed.contains(part), "`mbs plan {line}`:\n{part}\n--- is not in\n{printed}");
        }
        seen += 1;
    }
    assert_eq!(seen, 4);
}

#[test]
fn a_build_against_packages_that_are_nowhere_is_refused_before_it_is_stored() {
    let home = Home::new();
    home.write("modules.yaml", &index());
    let text = document("{buildrequires: {platform: [f28], gtk: [1]}, requires: {platform: [f28]}}");
    let without_components = text.split("  components:").next().expect("text");
    home.write("app.yaml", without_components);
    let ran = home.mbs(&["build", "app.yaml", "--modules", "modules.yaml"]).with_code(1);
    assert!(ran.stderr.contains("gtk:1:3:c0ffee42") && ran.stderr.contains("is not known"), "{ran:?}");
    assert_eq!(home.mbs(&["builds", "--format", "json"]).with_code(0).json()["total"], 0);
}
