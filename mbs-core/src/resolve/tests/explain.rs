//! Explanations of results.

use super::{F28, F29, fedora, two_platforms};
use crate::build::ModuleState;
use crate::resolve::testing::{Facts, document, universe};
use crate::resolve::{ExpandOptions, Explanation, expand, explain};
use crate::{ModuleName, StreamName};
use std::collections::BTreeSet;

fn explained(builds: Vec<Facts>, blocks: &[(&str, &str)], options: &ExpandOptions) -> Explanation {
    let (universe, document) = (universe(builds, options), document(blocks));
    explain(&universe, &document, options, &expand(&universe, &document, options))
}

/// `code` of a build's reasons, or `taken`.
fn fate(found: &Explanation, build: &str) -> String {
    let mut all = found.modules.iter().flat_map(|module| &module.builds);
    let note = all.find(|note| note.build.to_string() == build).expect("the build is explained");
    let mut fate: Vec<String> = Vec::new();
    if !note.taken.is_empty() {
        fate.push(format!("taken {:?}", note.taken));
    }
    fate.extend(note.left.iter().map(|left| format!("{} {:?}", left.code, left.results)));
    fate.join(", ")
}

#[test]
fn every_build_is_taken_or_has_its_reason_for_every_result() {
    let mut builds = two_platforms();
    builds.push(Facts::on("gtk:1:9:new", F28, "platform[f28]").state(ModuleState::Build));
    let found = explained(builds, &[("platform[] gtk[-2] foo[1]", "")], &fedora());
    assert_eq!(found.results.len(), 2);
    for (build, expected) in [
        ("gtk:1:0:c2", "taken [0], MR0307 [1]"),
        ("gtk:1:0:c3", "taken [1], MR0307 [0]"),
        ("gtk:1:9:new", "MR0306 [0, 1]"),
        ("gtk:2:0:c4", "MR0303 [0, 1]"),
        ("foo:1:0:c2", "taken [0], MR0307 [1]"),
        ("foo:2:0:c5", "MR0304 [0, 1]"),
        (F28, "taken [0], MR0313 [1]"),
        (F29, "taken [1], MR0313 [0]"),
    ] {
        assert_eq!(fate(&found, build), expected, "{build}");
    }
    assert!(!found.modules.iter().any(|module| module.name.as_str() == "app"), "nobody looked at that");
}

#[test]
fn older_versions_other_contexts_and_shadowed_platforms_have_reasons_of_their_own() {
    let (old, new) = ("platform:f29.0.0:3:c", "platform:f29.1.0:3:c");
    let builds = vec![
        Facts::base(old).answers_to("f29"),
        Facts::base(new).answers_to("f29"),
        Facts::base("platform:f29.1.0:2:c").answers_to("f29"),
        Facts::base("platform:eln:1:c"),
        Facts::on("gtk:1:3:a", new, "platform[f29]"),
        Facts::on("gtk:1:3:b", new, "platform[f29]"),
        Facts::on("gtk:1:2:a", new, "platform[f29]"),
        Facts::on("gtk:1:9:a", old, "platform[f29]"),
        Facts::on("gtk:1:8:a", "platform:f30:1:c", "platform[]"),
    ];
    let excluded_base_streams = BTreeSet::from(["eln".to_owned()]);
    let options = ExpandOptions { excluded_base_streams, ..ExpandOptions::default() };
    let found = explained(builds, &[("platform[] gtk[1]", "")], &options);
    assert_eq!(found.results.len(), 1);
    for (build, expected) in [
        ("gtk:1:3:a", "taken [0]"),
        ("gtk:1:3:b", "MR0302 [0]"),
        ("gtk:1:2:a", "MR0301 [0]"),
        ("gtk:1:9:a", "MR0309 [0]"),
        ("gtk:1:8:a", "MR0307 [0]"),
        ("platform:f29.1.0:2:c", "MR0301 [0]"),
        ("platform:eln:1:c", "MR0305 [0]"),
    ] {
        assert_eq!(fate(&found, build), expected, "{build}");
    }
}

#[test]
fn a_build_that_no_combination_can_have_names_both_sides() {
    let builds = vec![
        Facts::base(F28),
        Facts::on("top:1:0:c", F28, "low[1]"),
        Facts::on("top:2:0:c", F28, "low[2]"),
        Facts::on("low:1:0:c", F28, ""),
        Facts::on("low:2:0:c", F28, ""),
        Facts::on("side:1:0:c", F28, "low[2]"),
    ];
    let found = explained(builds, &[("platform[f28] top[] side[1]", "")], &fedora());
    assert_eq!(fate(&found, "top:1:0:c"), "MR0310 [0]");
    assert_eq!(fate(&found, "low:1:0:c"), "MR0315 [0]");
    let text = found.to_string();
    let expected = "app:1: 1 build
low
  1:0:c  MR0315  is not needed
  2:0:c  taken   required by `side:1:0:c`
platform
  f28:0:c10  taken   build-required
side
  1:0:c  taken   build-required
top
  1:0:c  MR0310  is in conflict: `top:1:0:c` requires `low:1:0:c`, but `side:1:0:c` -> `low:2:0:c` is taken
  2:0:c  taken   build-required
";
    assert_eq!(text, expected);
}

#[test]
fn why_tells_of_each_context_what_was_chosen_and_why_nothing_else() {
    let found = explained(two_platforms(), &[("platform[] gtk[]", "")], &fedora());
    let why = found.why(&ModuleName::new("gtk").expect("name"), None);
    assert_eq!(why.groups.len(), 4);
    for group in &why.groups {
        assert_eq!((group.contexts.len(), group.others.len()), (1, 3));
        assert!(group.chosen.as_ref().is_some_and(|pick| pick.direct));
    }
    let why = found.why(&ModuleName::new("platform").expect("name"), Some(&StreamName::new("f28").expect("stream")));
    assert_eq!(why.groups.len(), 2, "results that agree stand together");
    let shown = why.to_string();
    let first = &found.results[0].context;
    assert!(shown.starts_with(&format!("platform:f28\n  in {first} ")), "{shown}");
    let unknown = found.why(&ModuleName::new("gkt").expect("name"), None);
    assert!(!unknown.known && unknown.to_string().contains("was not looked at"));
}

#[test]
fn an_explanation_is_json_and_back_and_a_graph() {
    let found = explained(two_platforms(), &[("platform[f28] gtk[1]", "")], &fedora());
    let json = serde_json::to_string(&found).expect("json");
    assert!(json.contains(r#""kind":"other-platform""#), "{json}");
    assert_eq!(serde_json::from_str::<Explanation>(&json).expect("reads back"), found);
    let context = &found.results[0].context;
    let expected = format!(
        "digraph \"app:1\" {{
  rankdir=LR;
  \"app:1:{context}\" [shape=box];
  \"gtk:1:0:c2\" [shape=ellipse];
  \"platform:f28:0:c10\" [shape=ellipse];
  \"app:1:{context}\" -> \"gtk:1:0:c2\";
  \"app:1:{context}\" -> \"platform:f28:0:c10\";
  \"gtk:1:0:c2\" -> \"platform:f28:0:c10\" [style=dashed];
}}
"
    );
    assert_eq!(found.to_dot(), expected);
}
