//! `mbs plan`.

use super::modules::commit;
use super::support::Home;

fn document(components: &str) -> String {
    format!(
        "document: modulemd\nversion: 2\ndata:\n  name: one\n  stream: \"1\"\n  version: 7\n  summary: x\n  description: x\n  \
         license: {{module: [MIT]}}\n  dependencies: [{{buildrequires: {{platform: []}}, requires: {{platform: []}}}}]\n  \
         buildopts: {{rpms: {{macros: \"%custom yes\\n\"}}}}\n  components:\n    rpms:\n{components}"
    )
}

const BATCHES: &str = "      alpha: {rationale: x, repository: 'https://user:secret@h.example.org/alpha', ref: main}\n      \
                       beta: {rationale: x, buildorder: 10, arches: [m68k]}\n";
const GRAPH: &str = "      alpha: {rationale: x}\n      beta: {rationale: x, buildafter: [alpha]}\n";

fn plan(home: &Home, format: &str) -> String {
    let args = ["plan", "one.yaml", "--platform", "platform:f28", "--rpms-url", "file:///rpms", "--format", format];
    home.mbs(&args).with_code(0).stdout
}

#[test]
fn text_shows_batches_sources_dist_tag_and_macros_but_no_credentials() {
    let home = Home::new();
    home.write("one.yaml", &document(BATCHES));
    let text = plan(&home, "text");
    for part in [
        "one:1:28",
        "dist tag:  module+f28+1+",
        "batch 1\n  module-build-macros",
        "alpha                https://***@h.example.org/alpha#main",
        "beta                 file:///rpms/beta; not built for",
        "%custom yes",
        "%_module_name one",
    ] {
        assert!(text.contains(part), "{part}:\n{text}");
    }
    assert!(!text.contains("secret"), "{text}");
    assert!(!home.state().exists());
}

#[test]
fn components_without_a_repository_are_planned_with_a_warning() {
    let home = Home::new();
    home.write("one.yaml", &document(GRAPH));
    let ran = home.mbs(&["plan", "one.yaml", "--platform", "platform:f28"]).with_code(0);
    assert!(ran.stderr.contains("a build needs `repository:` or `--rpms-url`"), "{}", ran.stderr);
    assert!(ran.stdout.contains("https://src.fedoraproject.org/rpms/alpha"), "{}", ran.stdout);
}

#[test]
fn json_has_the_same_for_programs() {
    let home = Home::new();
    home.write("one.yaml", &document(GRAPH));
    let json: serde_json::Value = serde_json::from_str(&plan(&home, "json")).expect("json");
    assert_eq!(json["contexts"].as_array().map(Vec::len), Some(1));
    let json = &json["contexts"][0];
    assert_eq!(json["order"], "buildafter");
    let batches = json["batches"].as_array().expect("batches");
    let names: Vec<_> =
        batches.iter().map(|batch| (batch["batch"].as_u64(), &batch["components"][0]["name"])).collect();
    assert_eq!(
        names,
        [(Some(1), &"module-build-macros".into()), (Some(2), &"alpha".into()), (Some(3), &"beta".into())]
    );
    assert_eq!(batches[2]["components"][0]["needs"]["after"][0], "alpha");
    assert!(json["macros"].as_str().expect("text").contains("%_module_stream 1"));
}

#[test]
fn dot_draws_what_needs_what() {
    let home = Home::new();
    home.write("one.yaml", &document(GRAPH));
    let dot = plan(&home, "dot");
    assert!(dot.starts_with("digraph ") && dot.contains("\"alpha\" -> \"beta\";"), "{dot}");
    assert!(dot.contains("\"module-build-macros\" -> \"alpha\";"), "{dot}");
    home.write("one.yaml", &document(BATCHES));
    let dot = plan(&home, "dot");
    assert!(dot.contains("\"alpha\" -> before_3;") && dot.contains("before_3 -> \"beta\";"), "{dot}");
}

#[test]
fn what_cannot_be_resolved_is_4() {
    let home = Home::new();
    home.write(
        "one.yaml",
        &document(GRAPH).replace("buildrequires: {platform: []}", "buildrequires: {platform: [el8]}"),
    );
    let ran = home.mbs(&["plan", "one.yaml", "--platform", "platform:f28", "--rpms-url", "file:///r"]).with_code(4);
    assert!(ran.stderr.contains("platform:el8"), "{ran:?}");
    let why = home.mbs(&["plan", "one.yaml", "--platform", "platform:f28", "--why", "platform"]).with_code(4);
    assert!(why.stdout.contains("platform:el8"), "{why:?}");
    let twice = ["--buildrequire", "platform:f27", "--buildrequire", "platform:f28"];
    let ran = home.mbs(&[&["plan", "one.yaml"][..], &twice].concat()).with_code(2);
    assert!(ran.stderr.contains("`platform:f27,f28`"), "{ran:?}");
    let two = "dependencies: [{buildrequires: {platform: [f27]}}, {buildrequires: {platform: [f28]}}]";
    home.write(
        "one.yaml",
        &document(GRAPH).replace("dependencies: [{buildrequires: {platform: []}, requires: {platform: []}}]", two),
    );
    let ran = home.mbs(&["plan", "one.yaml", "--platform", "platform:f28", "--rpms-url", "file:///r"]).with_code(0);
    assert!(ran.stderr.contains("`platform:f27` has no ready build"), "{ran:?}");
    assert!(ran.stdout.contains("platform:f28:1:00000000"), "{ran:?}");
}

#[test]
fn an_included_module_without_repository_comes_from_the_base_of_modules() {
    let home = Home::new();
    let inner = document("      deep: {rationale: x}\n").replace("name: one\n  stream: \"1\"\n  version: 7\n  ", "");
    // Dependencies of an included document say nothing about the build.
    let inner = inner.replace("dependencies: [", "dependencies: [{buildrequires: {platform: [f1]}}, ");
    let file = home.write("modules/inner/inner.yaml", &inner);
    commit(file.parent().expect("folder"));
    home.write("outer.yaml", &document("      alpha: {rationale: x}\n    modules:\n      inner: {rationale: x}\n"));
    let plan = ["plan", "outer.yaml", "--platform", "platform:f28", "--rpms-url", "file:///rpms"];
    let ran = home.mbs(&plan).with_code(3);
    assert!(ran.stderr.contains("included module `inner` has no repository") && ran.stderr.contains("--modules-url"));
    let base = home.path().join("modules");
    let base = [&plan[..], &["--modules-url", base.to_str().expect("text")]].concat();
    let text = home.mbs(&base).with_code(0).stdout;
    assert!(text.contains("file:///rpms/deep") && text.contains("from module inner"), "{text}");
    home.mbs(&[&base[..], &["--default-ref", "absent"]].concat()).with_code(1);
}
