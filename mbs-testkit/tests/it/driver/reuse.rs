//! Components that are taken from earlier builds.

use super::bench::{Bench, new_build};
use chrono::TimeDelta;
use mbs_core::BuildId;
use mbs_core::build::{BuildOptions, ComponentState, ModuleState};
use mbs_core::builder::RequestKey;
use mbs_core::reuse::{RebuildStrategy, ReuseCandidate, ReuseOptions, ReusePlan, apply_reuse, decide, reused_by};
use mbs_core::store::Store as _;
use mbs_testkit::builder::Script;
use std::sync::Arc;

const COMPONENTS: [(&str, i64, &[&str]); 3] = [("a", 0, &[]), ("b", 0, &[]), ("c", 1, &[])];

/// Stores a second build of the module that takes these components from the first.
fn second(bench: &Bench, first: BuildId, built: &[&str]) -> BuildId {
    let mut new = new_build("orchard", "ann", &COMPONENTS, BuildOptions::default());
    new.nsvc.version.0 += 1;
    let candidate = ReuseCandidate::from_build(&bench.load(first));
    let request = Arc::make_mut(&mut new.request);
    for (spec, source) in request.plan.components.iter().zip(&mut request.sources) {
        let known = candidate.components.get(&spec.name).and_then(|one| one.facts.commit.clone());
        if let Some(source) = source.as_mut().filter(|_| !built.contains(&spec.name.as_str())) {
            source.commit = known;
        }
    }
    let plan: ReusePlan = decide(&new, &candidate, RebuildStrategy::OnlyChanged, &ReuseOptions::default());
    apply_reuse(Arc::make_mut(&mut new.request), plan);
    bench.run(bench.store.create(&[new], mbs_core::clock::Clock::now(&bench.clock))).expect("stored")[0].header.id
}

/// The tasks of a build: component and whether its packages were taken.
fn tasks(bench: &Bench, build: BuildId) -> Vec<(String, bool)> {
    let all = bench.memory.tasks().into_iter().filter(|task| task.key.build == build);
    let mut all: Vec<_> = all.map(|task| (task.key.component.to_string(), task.taken)).collect();
    all.sort();
    all
}

fn named(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter().map(|(name, taken)| ((*name).to_owned(), *taken)).collect()
}

#[test]
fn what_is_taken_is_submitted_in_its_batch_and_seen_by_later_ones() {
    let bench = Bench::new();
    let first = bench.create(&COMPONENTS);
    bench.drive(&[first]);
    let second = second(&bench, first, &["b"]);
    bench.drive(&[second]);
    assert_eq!(bench.load(second).state(), ModuleState::Ready);
    assert_eq!(tasks(&bench, second), named(&[("a", true), ("b", false), ("c", true), ("module-build-macros", false)]));
    assert_eq!(bench.saw(second, "c"), ["a", "b", "module-build-macros"]);
    let build = bench.load(second);
    let from = |name: &str| {
        let built = build.component(build.find(name).expect("component")).expect("component").built.clone();
        built.expect("built").reused_from.and_then(|from| from.build)
    };
    assert_eq!(["a", "b", "c"].map(from), [Some(first), None, Some(first)]);
}

#[test]
fn if_everything_is_taken_the_macros_are_not_built() {
    let bench = Bench::new();
    let first = bench.create(&COMPONENTS);
    bench.drive(&[first]);
    let second = second(&bench, first, &[]);
    bench.drive(&[second]);
    assert_eq!(bench.load(second).state(), ModuleState::Ready);
    assert_eq!(tasks(&bench, second), named(&[("a", true), ("b", true), ("c", true)]));
    let build = bench.load(second);
    let macros = build.component(mbs_core::plan::ComponentIx::MACROS).expect("macros");
    assert_eq!((macros.state, macros.attempt), (ComponentState::Complete, 0));
}

#[test]
fn what_is_taken_holds_no_slot() {
    let mut bench = Bench::new();
    let first = bench.create(&COMPONENTS);
    bench.drive(&[first]);
    bench.config.limits.per_backend = Some(1);
    let second = second(&bench, first, &[]);
    let other = bench.create_with("other", "bob", &[("slow", 0, &[])], BuildOptions::default());
    bench.memory.script_others(Script::complete().after(TimeDelta::hours(1)));
    // The only slot is taken by the other build for an hour.
    bench.drive_for(&[other, second], TimeDelta::minutes(10));
    assert_eq!(bench.load(second).state(), ModuleState::Ready);
    assert_ne!(bench.load(other).state(), ModuleState::Ready);
}

#[test]
fn what_is_gone_is_built_unless_nothing_can_be_built() {
    for (changed, state) in [(&["b"][..], ModuleState::Ready), (&[], ModuleState::Failed)] {
        let bench = Bench::new();
        let first = bench.create(&COMPONENTS);
        bench.drive(&[first]);
        let second = second(&bench, first, changed);
        let component = super::bench::name("a");
        bench.memory.throw_away(&RequestKey { build: first, component, attempt: 1 });
        bench.drive(&[second]);
        let build = bench.load(second);
        assert_eq!(build.state(), state);
        if let Some(failure) = build.failure() {
            assert!(failure.reason.contains("submit the module again"), "{failure}");
        } else {
            assert!(tasks(&bench, second).contains(&("a".to_owned(), false)));
        }
    }
}

#[test]
fn an_interrupt_at_any_time_takes_nothing_twice() {
    for milliseconds in (0..400).step_by(20) {
        let bench = Bench::new();
        let first = bench.create(&COMPONENTS);
        bench.drive(&[first]);
        bench.memory.script_others(Script::complete().after(TimeDelta::milliseconds(50)));
        bench.memory.repo_takes(TimeDelta::milliseconds(50));
        let second = second(&bench, first, &["b"]);
        bench.drive_for(&[second], TimeDelta::milliseconds(milliseconds));
        bench.drive(&[second]);
        assert_eq!(bench.load(second).state(), ModuleState::Ready);
        let taken = tasks(&bench, second).into_iter().filter(|(_, taken)| *taken).count();
        assert_eq!(taken, 2, "after {milliseconds} ms");
    }
}

#[test]
fn a_build_is_needed_as_long_as_another_takes_from_it() {
    let bench = Bench::new();
    let first = bench.create(&COMPONENTS);
    bench.drive(&[first]);
    let second = second(&bench, first, &["b"]);
    let users = || bench.run(reused_by(&bench.store, first)).expect("answer");
    assert_eq!(users(), [second]);
    bench.drive(&[second]);
    assert!(users().is_empty());
}
