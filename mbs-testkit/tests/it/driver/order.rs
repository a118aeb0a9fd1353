//! What is built when, what it sees, and what the world hears of it.

use super::bench::{Bench, name};
use chrono::TimeDelta;
use mbs_core::build::ModuleState;
use mbs_core::clock::Clock;
use mbs_testkit::builder::Script;

const BATCHES: &[(&str, i64, &[&str])] = &[("a", 0, &[]), ("b", 0, &[]), ("c", 1, &[]), ("d", 5, &[])];

#[test]
fn batches_are_built_in_order_and_see_the_earlier_ones() {
    let bench = Bench::new();
    let build = bench.create(BATCHES);
    bench.drive(&[build]);
    let loaded = bench.load(build);
    assert_eq!((loaded.state(), loaded.reason()), (ModuleState::Ready, None));
    assert_eq!(bench.submitted(), ["module-build-macros", "a", "b", "c", "d"]);
    assert_eq!(bench.saw(build, "module-build-macros"), [""; 0]);
    assert_eq!(bench.saw(build, "b"), ["module-build-macros"]);
    assert_eq!(bench.saw(build, "c"), ["a", "b", "module-build-macros"]);
    assert_eq!(bench.saw(build, "d"), ["a", "b", "c", "module-build-macros"]);
    assert!(bench.memory.read_repo("memory:1").expect("final repository").modulemd.is_some());
}

#[test]
fn a_batch_starts_when_all_of_the_one_before_is_in_the_repository() {
    let bench = Bench::new();
    bench.memory.script(name("a"), Script::complete().after(TimeDelta::hours(1)));
    bench.memory.script(name("b"), Script::complete().after(TimeDelta::minutes(1)));
    bench.memory.repo_takes(TimeDelta::minutes(5));
    let build = bench.create(BATCHES);
    bench.drive(&[build]);
    let started = |component| bench.memory.task(build, component).expect("task").started;
    assert_eq!(started("a"), started("b"));
    assert!(started("c") - started("a") >= TimeDelta::minutes(65));
    assert_eq!(bench.saw(build, "c"), ["a", "b", "module-build-macros"]);
}

#[test]
fn with_buildafter_there_is_no_barrier() {
    let bench = Bench::new();
    bench.memory.script(name("slow"), Script::complete().after(TimeDelta::hours(1)));
    bench.memory.script(name("quick"), Script::complete().after(TimeDelta::minutes(1)));
    let build =
        bench.create(&[("slow", 0, &[]), ("quick", 0, &[]), ("next", 0, &["quick"]), ("last", 0, &["next", "slow"])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    let started = |component| bench.memory.task(build, component).expect("task").started;
    assert!(started("next") - started("slow") < TimeDelta::minutes(2));
    assert!(started("last") - started("slow") >= TimeDelta::hours(1));
    assert_eq!(bench.saw(build, "next"), ["module-build-macros", "quick"]);
    assert_eq!(bench.saw(build, "last"), ["module-build-macros", "next", "quick", "slow"]);
}

#[test]
fn messages_tell_every_change_in_its_order() {
    let mut bench = Bench::new();
    let build = bench.create(&[("a", 0, &[]), ("b", 1, &[])]);
    bench.drive(&[build]);
    let expected = [
        "1: init",
        "1: wait",
        "1: build",
        "1: module-build-macros BUILDING",
        "1: module-build-macros COMPLETE",
        "1: a BUILDING",
        "1: a COMPLETE",
        "1: b BUILDING",
        "1: b COMPLETE",
        "1: done",
        "1: ready",
    ];
    assert_eq!(bench.heard(), expected);
}

#[test]
fn an_instant_builder_is_not_waited_for() {
    let bench = Bench::new();
    let build = bench.create(BATCHES);
    let start = bench.clock.now();
    bench.drive(&[build]);
    assert_eq!(bench.clock.now(), start, "hints and answers alone move the build on");
}

#[test]
fn a_builder_without_hints_is_polled() {
    let mut bench = Bench::new();
    let mut capabilities = mbs_core::builder::GenericBuilder::capabilities(&bench.memory);
    capabilities.wakeups = false;
    bench.memory = bench.memory.clone().with_capabilities(capabilities);
    bench.builder = std::sync::Arc::new(bench.memory.clone());
    let build = bench.create(BATCHES);
    let start = bench.clock.now();
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert!(bench.clock.now() - start <= TimeDelta::minutes(3));
}
