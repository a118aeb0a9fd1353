//! Documents of included modules.

use super::super::*;
use super::support::{ANY, Documents, document, origin, settings, submit};
use crate::modulemd::{ModuleStream, ReadOptions};
use crate::source::Defaults;
use std::collections::BTreeMap;

fn collected(outer: &ModuleStream, source: &Documents) -> Result<Vec<Included>, SubmitError> {
    let (options, defaults) = (ReadOptions::default(), Defaults::default());
    futures::executor::block_on(collect_included(outer, source, &options, &defaults, None))
}

const INNER: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  \
                     components:\n    rpms:\n      i: {rationale: r, repository: \"https://git.example/i\", buildorder: 5}\n";
const CIRCLE: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  \
                      components:\n    modules:\n      inner: {rationale: r, repository: /circle}\n";

fn including(repository: &str) -> ModuleStream {
    let components = format!(
        "  components:\n    rpms:\n      a: {{rationale: r, repository: \"https://git.example/a\"}}\n    modules:\n      \
         inner: {{rationale: r, repository: /{repository}, buildorder: 3}}\n"
    );
    document(ANY, &components)
}

#[test]
fn components_of_an_included_module_are_built_as_part_of_this_one() {
    let source = Documents(BTreeMap::from([("inner", INNER)]));
    let outer = including("inner");
    let included = collected(&outer, &source).expect("included");
    let (made, _) = submit(&outer, &included, &origin(), &settings("f28")).expect("submission");
    let batches: Vec<_> = made.new.request.plan.components.iter().map(|c| (c.name.as_str(), c.batch)).collect();
    assert_eq!(batches, [("module-build-macros", 1), ("a", 2), ("i", 4)]);
    assert!(made.new.request.sources[2].is_some());
}

#[test]
fn an_included_module_may_have_any_dependencies_but_one_set_of_components() {
    const BLOCKS: &str = "document: modulemd\nversion: 2\ndata:\n  summary: s\n  description: d\n  \
                          license: {module: [MIT]}\n  dependencies:\n  - {buildrequires: {platform: [f28]}}\n  \
                          - {buildrequires: {platform: [f29]}}\n  components:\n    rpms:\n      \
                          i: {rationale: r, repository: \"https://git.example/i\"}\n";
    const CONFIGURATIONS: &str = "document: modulemd-packager\nversion: 3\ndata:\n  name: inner\n  stream: \"1\"\n  \
                                  summary: s\n  description: d\n  license: [MIT]\n  configurations:\n  \
                                  - {context: A, platform: f28}\n  - {context: B, platform: f29}\n";
    let source = Documents(BTreeMap::from([("inner", BLOCKS), ("several", CONFIGURATIONS)]));
    let included = collected(&including("inner"), &source);
    assert_eq!(included.expect("included")[0].stream.components.rpms.len(), 1);
    let error = collected(&including("several"), &source);
    let error = error.expect_err("several sets of components");
    assert!(error.is_unresolved(), "{error}");
    assert_eq!(
        error.to_string(),
        "included module `inner`: the document has 2 configurations, and only one can be built at a time"
    );
}

#[test]
fn a_circle_of_included_modules_is_reported_with_its_path() {
    let source = Documents(BTreeMap::from([("circle", CIRCLE)]));
    let error = collected(&including("circle"), &source);
    assert!(matches!(error, Err(SubmitError::IncludedCircle(path)) if path.len() == 2));
}
