//! Which builds count: states, assumed ones, and what is asked for.

use super::{F28, expand_in, fedora, picked, two_platforms};
use crate::build::ModuleState;
use crate::resolve::testing::{Facts, document};
use crate::resolve::{ExpandOptions, ExpandWarning, FactsSource, MemoryProvider, expand, gather};

#[test]
fn builds_that_are_not_ready_are_taken_with_a_warning_or_not_at_all() {
    let retired = Facts::base("platform:f27:0:c").answers_to("fedora").state(ModuleState::Garbage);
    let failed = Facts::base("platform:f28:0:b").answers_to("fedora").state(ModuleState::Failed);
    let builds = || {
        vec![
            retired.clone(),
            failed.clone(),
            Facts::base(F28).answers_to("fedora"),
            Facts::on("old:1:0:c", "platform:f27:0:c", "platform[fedora]"),
        ]
    };
    let found = expand_in(builds(), &[("platform[f28] old[1]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["old:1:0 platform:f28:0"]);
    assert_eq!(found.warnings.iter().map(ExpandWarning::code).collect::<Vec<_>>(), ["MR0201"]);
    assert_eq!(
        found.warnings[0].to_string(),
        "`platform:f28:0:b` is taken, though its state is `failed`; allow only ready builds to avoid it"
    );
    let strict = ExpandOptions { ready_only: true, ..fedora() };
    let error = expand_in(builds(), &[("platform[f28] old[1]", "")], &strict).expect_err("nothing on a ready base");
    assert_eq!(error.code(), "MR0105");
    let found = expand_in(builds(), &[("platform[f28]", "")], &strict).expect("results");
    assert_eq!(found.results[0].picks[0].facts.nsvc.to_string(), F28);
    assert_eq!(found.warnings, []);
}

#[test]
fn assumed_builds_count_as_built_on_what_they_require() {
    let mut assumed = Facts::base("lib:1:5:c");
    assumed.0.source = FactsSource::Assumed;
    assumed.0.commit = None;
    let assumed = assumed.or("platform[f28]");
    let found = expand_in(vec![assumed, Facts::base(F28)], &[("platform[] lib[]", "")], &fedora()).expect("results");
    assert_eq!(picked(&found), ["lib:1:5 platform:f28:0"]);
    assert_eq!(found.warnings.iter().map(ExpandWarning::code).collect::<Vec<_>>(), ["MR0202"]);
}

#[test]
fn only_what_is_looked_at_is_fetched() {
    let provider = MemoryProvider::new(two_platforms().into_iter().map(|facts| facts.0));
    let wanted = [document(&[("platform[f28] gtk[]", "foo[]")])];
    let found = futures::executor::block_on(gather(&provider, &wanted, &fedora())).expect("a universe");
    assert!(found.knows("platform") && found.knows("gtk") && !found.knows("foo"));
    assert_eq!(expand(&found, &wanted[0], &fedora()).expect("results").results.len(), 2);
}

#[test]
fn several_streams_that_others_require_are_refused_until_somebody_chooses() {
    let builds = || {
        vec![
            Facts::base(F28),
            Facts::on("top:1:0:c", F28, "middle[1]"),
            Facts::on("middle:1:0:c", F28, "low[1,2]"),
            Facts::on("low:1:0:c", F28, ""),
            Facts::on("low:2:0:c", F28, ""),
        ]
    };
    let mut options = ExpandOptions { refuse_ambiguous: true, ..fedora() };
    let error = expand_in(builds(), &[("platform[f28] top[1]", "")], &options).expect_err("two streams of low");
    assert_eq!(
        error.to_string(),
        "several streams of module `low` fit (`1`, `2`) the requires of `top:1:0:c` -> `middle:1:0:c`; choose one as \
         its default stream"
    );
    let found = expand_in(builds(), &[("platform[f28] top[1] low[1]", "")], &options).expect("the document chooses");
    assert_eq!(picked(&found), ["low:1:0 middle:1:0 platform:f28:0 top:1:0"]);
    let low =
        |stream: &str| (crate::ModuleName::new("low").expect("name"), crate::StreamName::new(stream).expect("stream"));
    options.default_streams = [low("2")].into();
    let found = expand_in(builds(), &[("platform[f28] top[1]", "")], &options).expect("the default stream decides");
    assert_eq!(picked(&found), ["low:2:0 middle:1:0 platform:f28:0 top:1:0"]);
    options.default_streams = [low("3")].into();
    let error = expand_in(builds(), &[("platform[f28] top[1]", "")], &options).expect_err("that is not among them");
    assert_eq!(error.code(), "MR0104");
    let found = expand_in(builds(), &[("platform[f28] top[1]", "")], &fedora()).expect("a service chooses");
    assert_eq!(picked(&found), ["low:1:0 middle:1:0 platform:f28:0 top:1:0"]);
}
