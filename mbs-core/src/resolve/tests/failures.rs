//! Explanations of failures: what the packager reads.

use super::{F28, F29, fedora, two_platforms};
use crate::ModuleName;
use crate::build::ModuleState;
use crate::resolve::testing::{Facts, document, universe};
use crate::resolve::{
    ExpandOptions, Explanation, MemoryProvider, ModuleFacts, Provider, ProviderError, expand, explain, gather,
};
use async_trait::async_trait;
use std::sync::Arc;

fn explained(builds: Vec<Facts>, blocks: &[(&str, &str)], options: &ExpandOptions) -> Explanation {
    let (universe, document) = (universe(builds, options), document(blocks));
    explain(&universe, &document, options, &expand(&universe, &document, options))
}

/// The failure as it is shown, with every build that is explained checked to have a reason.
fn told(found: &Explanation) -> String {
    for build in found.modules.iter().flat_map(|module| &module.builds) {
        assert!(build.taken.is_empty() && !build.left.is_empty(), "`{}` has no reason", build.build);
    }
    found.failure.as_ref().expect("a failure").to_string()
}

#[test]
fn a_misspelt_module_is_answered_with_names_like_it() {
    let mut builds = two_platforms();
    builds.push(Facts::on("gtk3:1:0:c", F28, ""));
    let found = explained(builds, &[("platform[f28] gtk2[1]", "")], &fedora());
    let expected = "error MR0105
  no result:
    because the document build-requires `gtk2:1`
    because no build of `gtk2:1` exists
    so      did you mean `gtk`, `gtk3`?
";
    assert_eq!(told(&found), expected);
}

#[test]
fn names_are_suggested_also_where_the_builds_come_from_a_provider() {
    let provider = MemoryProvider::new(two_platforms().into_iter().map(|facts| facts.0));
    let wanted = [document(&[("platform[f28] gkt[1]", "")])];
    let universe = futures::executor::block_on(gather(&provider, &wanted, &fedora())).expect("a universe");
    let error = expand(&universe, &wanted[0], &fedora()).expect_err("missing");
    assert!(error.to_string().ends_with("did you mean `gtk`?"), "{error}");
}

#[test]
fn a_stream_that_does_not_exist_is_answered_with_those_that_do() {
    let found = explained(two_platforms(), &[("platform[f28] gtk[3]", "")], &fedora());
    let expected = "error MR0105
  no result:
    because the document build-requires `gtk:3`
    because no build of `gtk:3` exists
    so      build `gtk:3`, or name another stream: `1`, `2`
";
    assert_eq!(told(&found), expected);
}

#[test]
fn two_modules_that_need_different_streams_of_a_third() {
    let builds = vec![
        Facts::base(F28),
        Facts::on("gtk:1:0:c01", F28, "bar[1]"),
        Facts::on("foo:1:0:c02", F28, "baz[1]"),
        Facts::on("baz:1:0:c05", F28, "bar[2]"),
        Facts::on("bar:1:0:c03", F28, "platform[f28]"),
        Facts::on("bar:2:0:c04", F28, "platform[f28]"),
    ];
    let found = explained(builds, &[("platform[f28] foo[1] gtk[1]", "")], &fedora());
    let expected = "error MR0106
  dependency block 1 has no result:
    because the document build-requires `foo:1:0:c02`
    because `foo:1:0:c02` requires `baz:1:0:c05`
    because `baz:1:0:c05` requires `bar:2:0:c04`
    but     the document build-requires `gtk:1:0:c01`
    because `gtk:1:0:c01` requires `bar:1:0:c03`
    so      change the streams of `foo`, `gtk` in the buildrequires of dependency block 1
";
    assert_eq!(told(&found), expected);
    let dot = found.to_dot();
    assert!(dot.contains("\"bar:2:0:c04\" -> \"bar:1:0:c03\" [color=red"), "{dot}");
}

#[test]
fn a_platform_that_a_module_was_not_built_on() {
    let builds = vec![Facts::base(F28), Facts::base(F29), Facts::on("gtk:1:0:c", F28, "platform[f28]")];
    let found = explained(builds, &[("platform[f29] gtk[1]", "")], &fedora());
    let expected = "error MR0105
  no result:
    because the document build-requires `gtk:1`
    because `gtk:1` was built on `platform:f28:0:c10`, and none of that is among `platform:f29:0:c11`
    so      rebuild it there
";
    assert_eq!(told(&found), expected);
}

#[test]
fn a_circle_that_needs_itself_in_another_stream() {
    let builds = vec![
        Facts::base(F28),
        Facts::on("a:1:0:c", F28, "b[1]"),
        Facts::on("a:2:0:c", F28, ""),
        Facts::on("b:1:0:c", F28, "a[2]"),
    ];
    let found = explained(builds, &[("platform[f28] a[1]", "")], &fedora());
    let expected = "error MR0106
  dependency block 1 has no result:
    because the document build-requires `a:1:0:c`
    because `a:1:0:c` requires `b:1:0:c`
    because `b:1:0:c` requires `a:2:0:c`
    but     the document build-requires `a:1:0:c`
    because that is a circle: it needs itself in another build
    so      change the streams of `a` in the buildrequires of dependency block 1
";
    assert_eq!(told(&found), expected);
}

#[test]
fn only_builds_that_are_not_ready() {
    let builds = vec![
        Facts::base(F28),
        Facts::on("gtk:1:1:c", F28, "").state(ModuleState::Done),
        Facts::on("gtk:1:0:c", F28, "").state(ModuleState::Failed),
    ];
    let found = explained(builds, &[("platform[f28] gtk[1]", "")], &fedora());
    let expected = "error MR0105
  no result:
    because the document build-requires `gtk:1`
    because `gtk:1` has no ready build, only `gtk:1:1:c (done)`, `gtk:1:0:c (failed)`
    so      wait for one, or name another stream
";
    assert_eq!(told(&found), expected);
    assert!(found.to_string().contains("is not ready, but done: it waits for its gate, or is a scratch build"));
}

#[test]
fn every_stream_excluded() {
    let found = explained(two_platforms(), &[("platform[f28] gtk[-1,-2]", "")], &fedora());
    let expected = "error MR0203
  dependency block 1 has no result:
    because dependency block 1 makes no build: no stream of `gtk` has a build to choose
    so      name a stream of `gtk` that has a ready build, or exclude fewer of them
";
    assert_eq!(told(&found), expected);
}

#[test]
fn lists_that_contradict_each_other() {
    let builds = vec![
        Facts::base(F28),
        Facts::on("gtk:3:0:c", F28, ""),
        Facts::on("gtk:4:0:c", F28, ""),
        Facts::on("app:1:0:c", F28, "gtk[4]"),
    ];
    let blocks = [("platform[f28] app[1] gtk[3]", ""), ("platform[f28] app[1] gtk[-4]", "")];
    let found = explained(builds, &blocks, &fedora());
    let expected = "error MR0106
  dependency block 1 has no result:
    because the document build-requires `app:1:0:c`
    because `app:1:0:c` requires `gtk:4:0:c`
    but     the document build-requires `gtk:3:0:c`
    so      change the streams of `app`, `gtk` in the buildrequires of dependency block 1
  dependency block 2 has no result:
    because the document build-requires `app:1:0:c`
    because `app:1:0:c` requires `gtk:4:0:c`
    but     the document build-requires `gtk:3:0:c`
    so      change the streams of `app`, `gtk` in the buildrequires of dependency block 2
";
    assert_eq!(told(&found), expected);
}

/// Answers for some modules, and then no more.
#[derive(Debug)]
struct HalfWay(MemoryProvider);

#[async_trait]
impl Provider for HalfWay {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        if name.as_str() == "gtk" {
            return Err(ProviderError {
                name: name.clone(),
                problem: "the connection was closed".to_owned(),
                source: None,
            });
        }
        self.0.builds(name).await
    }
}

#[test]
fn a_provider_that_fails_half_way_gives_no_half_answer() {
    let provider = HalfWay(MemoryProvider::new(two_platforms().into_iter().map(|facts| facts.0)));
    let wanted = [document(&[("platform[f28] foo[1] gtk[1]", "")])];
    let error = futures::executor::block_on(gather(&provider, &wanted, &fedora())).expect_err("half of the builds");
    assert_eq!(error.to_string(), "cannot tell which builds of module `gtk` exist: the connection was closed");
}

#[test]
fn ten_thousand_streams_are_explained_and_bounded() {
    let mut builds = vec![Facts::base(F28), Facts::on("top:1:0:c", F28, "many[7]")];
    builds.extend((0..10_000).map(|stream| Facts::on(&format!("many:{stream}:0:c"), F28, "platform[f28]")));
    let found = explained(builds.clone(), &[("platform[f28] many[] top[1]", "")], &fedora());
    assert_eq!(found.results.len(), 1);
    let many = found.modules.iter().find(|module| module.name.as_str() == "many").expect("looked at");
    assert_eq!(many.builds.iter().filter(|build| build.left.is_empty()).count(), 1);
    let few = ExpandOptions { limit: 5000, ..fedora() };
    let found = explained(builds, &[("platform[f28] many[]", "")], &few);
    let expected = "error MR0108
  dependency block 1 has no result:
    because dependency block 1 has too many combinations: stopped after 5001 steps of search, and 5000 are allowed
    so      name fewer streams, or raise the limit
";
    assert_eq!(told(&found), expected);
}
