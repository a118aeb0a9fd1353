//! What goes wrong, and who is blamed.

use super::bench::{Bench, name, new_build};
use mbs_core::build::{BuildOptions, ComponentState, ModuleState};
use mbs_core::builder::TaskState;
use mbs_core::{Blame, Failure};
use mbs_testkit::FixedSource;
use mbs_testkit::builder::{Fault, FaultKind, FaultPlan, FaultyBuilder, Method, Outcome, Script};
use std::sync::Arc;

const BATCHES: &[(&str, i64, &[&str])] = &[("a", 0, &[]), ("bad", 0, &[]), ("z", 0, &[]), ("later", 1, &[])];

fn broken() -> Bench {
    let bench = Bench::new();
    bench.memory.script(name("bad"), Script::fail(Failure::user("does not compile")));
    bench
}

fn faulty(plan: FaultPlan) -> Bench {
    let mut bench = Bench::new();
    bench.builder = Arc::new(FaultyBuilder::new(Arc::new(bench.memory.clone()), Arc::new(bench.clock.clone()), plan));
    bench
}

#[test]
fn a_failed_component_ends_its_batch_then_the_module() {
    let mut bench = broken();
    bench.config.limits.per_build = Some(1);
    let build = bench.create(BATCHES);
    bench.drive(&[build]);
    let loaded = bench.load(build);
    assert_eq!(loaded.state(), ModuleState::Failed);
    let failure = loaded.failure().expect("failure");
    assert_eq!(failure.blame, Blame::User);
    assert_eq!(failure.reason, "Component bad failed: does not compile");
    let states = [
        ("a", ComponentState::Complete),
        ("bad", ComponentState::Failed),
        ("z", ComponentState::Complete),
        ("later", ComponentState::Waiting),
    ];
    assert_eq!(bench.states(build), states.map(|(name, state)| (name.to_owned(), state)));
    assert_eq!(bench.submitted(), ["module-build-macros", "a", "bad", "z"]);
}

#[test]
fn with_keep_going_what_does_not_depend_on_the_failed_one_is_built() {
    let bench = broken();
    let after: &[(&str, i64, &[&str])] =
        &[("bad", 0, &[]), ("good", 0, &[]), ("hit", 0, &["bad"]), ("spared", 0, &["good"])];
    let options = BuildOptions { keep_going: true, ..BuildOptions::default() };
    let kept = bench.create_with("kept", "ann", after, options);
    bench.drive(&[kept]);
    assert_eq!(bench.load(kept).state(), ModuleState::Failed);
    assert!(bench.memory.task(kept, "spared").is_some() && bench.memory.task(kept, "hit").is_none());
}

#[test]
fn a_submission_that_does_not_get_through_is_repeated() {
    let bench = Bench::new();
    bench.memory.script(name("a"), Script::complete().unavailable(3));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.memory.task(build, "a").expect("task").key.attempt, 1, "redelivery keeps the key");
}

#[test]
fn a_backend_that_stays_away_fails_the_module_without_the_packagers_fault() {
    for (method, reason) in [
        (Method::Connect, "`connect` did not get through"),
        (Method::Submit, "`submit` did not get through"),
        (Method::Status, "`status` did not get through"),
        (Method::Tag, "`tag` did not get through"),
        (Method::Regenerate, "`regenerate` did not get through"),
        (Method::IsReady, "`is_ready` did not get through"),
    ] {
        let bench = faulty(FaultPlan::pass().failing(method, 100));
        let build = bench.create(&[("a", 0, &[])]);
        bench.drive(&[build]);
        let failure = bench.load(build).failure().expect("failed");
        assert_eq!(failure.blame, Blame::Infra, "{method}");
        assert!(failure.reason.contains(reason), "{method}: {}", failure.reason);
    }
}

#[test]
fn a_final_repository_that_cannot_be_made_fails_the_module() {
    let bench = faulty(FaultPlan::pass().failing(Method::Finalize, 8));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    let failure = bench.load(build).failure().expect("failed");
    assert_eq!(failure.blame, Blame::Infra);
    assert_eq!(bench.states(build), [("a".to_owned(), ComponentState::Complete)]);
    assert!(bench.memory.read_repo("memory:1").expect("repository").modulemd.is_none());
}

#[test]
fn passing_faults_of_every_method_change_nothing() {
    for kind in [FaultKind::Before, FaultKind::After, FaultKind::Repeat] {
        let methods = [
            Method::Connect,
            Method::Submit,
            Method::Recover,
            Method::Status,
            Method::Tag,
            Method::Regenerate,
            Method::IsReady,
            Method::Finalize,
        ];
        let plan =
            methods.iter().fold(FaultPlan::pass(), |plan, method| plan.at(*method, 1, kind).at(*method, 3, kind));
        let bench = faulty(plan);
        let build = bench.create(&[("a", 0, &[]), ("b", 1, &[])]);
        bench.drive(&[build]);
        assert_eq!(bench.load(build).state(), ModuleState::Ready, "{kind:?}");
        assert_eq!(bench.submitted(), ["module-build-macros", "a", "b"], "{kind:?}");
    }
}

#[test]
fn a_lost_answer_to_a_submission_is_recovered() {
    let bench = faulty(FaultPlan::pass().at(Method::Submit, 2, FaultKind::After));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "a"]);
    assert_eq!(bench.memory.task(build, "a").expect("task").key.attempt, 1);
}

#[test]
fn answers_that_overtake_each_other_change_nothing() {
    let slow = Fault { delay: chrono::TimeDelta::seconds(40), ..Fault::default() };
    let bench = faulty(FaultPlan::pass().at(Method::Submit, 2, slow).at(Method::Status, 2, slow));
    let build = bench.create(&[("a", 0, &[]), ("b", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted().len(), 3);
}

#[test]
fn a_lost_task_is_built_by_another_attempt() {
    let bench = Bench::new();
    bench.memory.script(name("a"), Script::lost("power cut").then(Outcome::Complete(Vec::new())));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    let attempts: Vec<_> = bench.memory.tasks().iter().skip(1).map(|task| task.key.attempt).collect();
    assert_eq!(attempts, [1, 2]);
}

#[test]
fn a_component_that_is_lost_again_and_again_fails_without_the_packagers_fault() {
    let bench = Bench::new();
    bench.memory.script(name("a"), Script::lost("power cut"));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    let failure = bench.load(build).failure().expect("failed");
    assert_eq!(failure.blame, Blame::Infra);
    assert!(failure.reason.contains("power cut"), "{}", failure.reason);
}

#[test]
fn sources_that_cannot_be_had_fail_the_module_before_anything_is_built() {
    let mut bench = Bench::new();
    bench.source = Arc::new(FixedSource::new().without(name("a")));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).failure().expect("failed").blame, Blame::User);
    assert!(bench.submitted().is_empty());

    let mut bench = Bench::new();
    bench.source = Arc::new(FixedSource::new().unavailable(3));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);

    let mut bench = Bench::new();
    bench.source = Arc::new(FixedSource::new().unavailable(100));
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).failure().expect("failed").blame, Blame::Infra);
}

#[test]
fn commits_that_are_known_since_the_submission_are_not_asked_for() {
    let mut bench = Bench::new();
    let source = Arc::new(FixedSource::new());
    bench.source = source.clone();
    let mut new = new_build("orchard", "ann", &[("a", 0, &[]), ("b", 0, &[])], BuildOptions::default());
    for (known, source) in ["a", "b"].into_iter().zip(Arc::make_mut(&mut new.request).sources.iter_mut().flatten()) {
        source.commit = Some(known.repeat(40));
    }
    let id = bench.store_new(&new);
    bench.drive(&[id]);
    let loaded = bench.load(id);
    assert_eq!(loaded.state(), ModuleState::Ready);
    let commits: Vec<_> = loaded.components().map(|(_, _, component)| component.commit.clone()).collect();
    assert_eq!(commits, [None, Some("a".repeat(40)), Some("b".repeat(40))]);
    assert_eq!(source.asked(), 0);

    let mut partly = new_build("meadow", "ann", &[("a", 0, &[]), ("b", 0, &[])], BuildOptions::default());
    if let Some(source) = Arc::make_mut(&mut partly.request).sources.iter_mut().flatten().next() {
        source.commit = Some("a".repeat(40));
    }
    let id = bench.store_new(&partly);
    bench.drive(&[id]);
    assert_eq!((bench.load(id).state(), source.asked()), (ModuleState::Ready, 1));
}

#[test]
fn a_task_that_cannot_be_asked_about_any_more_is_ended() {
    let plan = (2..=12).fold(FaultPlan::pass(), |plan, nth| plan.at(Method::Status, nth, FaultKind::Before));
    let bench = faulty(plan);
    bench.memory.script(name("a"), Script::complete().by_hand());
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    let loaded = bench.load(build);
    assert_eq!(loaded.failure().expect("failed").blame, Blame::Infra);
    assert!(loaded.closing().is_empty());
    assert_eq!(bench.memory.task(build, "a").expect("task").state, TaskState::Canceled);
}

#[test]
fn a_task_of_a_submission_that_was_given_up_is_ended() {
    let plan = (1..=9).fold(FaultPlan::pass(), |plan, nth| plan.at(Method::Recover, nth, FaultKind::Before));
    let bench = faulty(plan.at(Method::Submit, 2, FaultKind::After));
    bench.memory.script(name("a"), Script::complete().by_hand());
    let build = bench.create(&[("a", 0, &[])]);
    bench.drive(&[build]);
    let loaded = bench.load(build);
    assert_eq!(loaded.failure().expect("failed").blame, Blame::Infra);
    assert!(loaded.closing().is_empty());
    assert_eq!(bench.memory.task(build, "a").expect("task").state, TaskState::Canceled);
}
