//! Cancels, interrupts, crashes and resumes.

use super::bench::{Bench, name};
use chrono::TimeDelta;
use futures::future::join;
use mbs_core::Blame;
use mbs_core::build::{ComponentState, Event, ModuleState};
use mbs_core::builder::TaskState;
use mbs_core::clock::Clock;
use mbs_core::drive::Ended;
use mbs_testkit::builder::{Fault, FaultPlan, FaultyBuilder, Method, Script};
use std::sync::Arc;

const BATCHES: &[(&str, i64, &[&str])] = &[("done", 0, &[]), ("long", 1, &[]), ("later", 2, &[])];

/// A bench on which `long` takes an hour.
fn long() -> Bench {
    let bench = Bench::new();
    bench.memory.script(name("long"), Script::complete().after(TimeDelta::hours(1)));
    bench
}

fn cancel() -> Event {
    Event::CancelAsked { by: "bob".to_owned() }
}

fn resume() -> Event {
    Event::ResumeAsked { by: "ann".to_owned() }
}

#[test]
fn a_cancel_from_outside_is_seen_within_a_second_and_ends_what_runs() {
    let mut bench = long();
    let build = bench.create(BATCHES);
    let start = bench.clock.now();
    bench.run(async {
        let mut driver = bench.driver(&[build]).await;
        let outside = async {
            bench.clock.sleep_until(start + TimeDelta::minutes(10)).await;
            bench.tell(build, cancel()).await;
        };
        let (ended, ()) = join(driver.run(std::future::pending()), outside).await;
        assert_eq!(ended.expect("driven"), Ended::Settled);
    });
    assert!(bench.clock.now() - start <= TimeDelta::seconds(601), "{}", bench.clock.now() - start);
    let loaded = bench.load(build);
    let failure = loaded.failure().expect("failed");
    assert_eq!((failure.blame, failure.reason.as_str()), (Blame::User, "Canceled by bob."));
    assert!(loaded.closing().is_empty());
    assert_eq!(bench.memory.task(build, "long").expect("task").state, TaskState::Canceled);
    assert_eq!(bench.memory.running(), 0);
    let heard = bench.heard();
    assert_eq!(heard[heard.len() - 2..], ["1: long CANCELED", "1: failed"]);

    bench.memory.script(name("long"), Script::complete());
    bench.run(bench.tell(build, resume()));
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "done", "long", "long", "later"]);
}

#[test]
fn a_cancel_while_a_submission_is_under_way_ends_its_task_too() {
    let mut bench = Bench::new();
    bench.memory.script(name("a"), Script::complete().by_hand());
    let slow = Fault { delay: TimeDelta::minutes(3), ..Fault::default() };
    let plan = FaultPlan::pass().at(Method::Submit, 2, slow);
    bench.builder = Arc::new(FaultyBuilder::new(Arc::new(bench.memory.clone()), Arc::new(bench.clock.clone()), plan));
    let build = bench.create(&[("a", 0, &[])]);
    let start = bench.clock.now();
    bench.run(async {
        let mut driver = bench.driver(&[build]).await;
        let outside = async {
            bench.clock.sleep_until(start + TimeDelta::minutes(1)).await;
            bench.tell(build, cancel()).await;
            assert!(!bench.store_closing_is_empty(build).await, "the submission may yet become a task");
        };
        join(driver.run(std::future::pending()), outside).await.0.expect("driven");
    });
    assert_eq!(bench.load(build).state(), ModuleState::Failed);
    assert!(bench.load(build).closing().is_empty());
    assert_eq!(bench.memory.task(build, "a").expect("task").state, TaskState::Canceled);
}

#[test]
fn an_interrupt_ends_tasks_without_blame_and_the_next_driver_goes_on() {
    let mut bench = long();
    let build = bench.create(BATCHES);
    assert_eq!(bench.drive_for(&[build], TimeDelta::minutes(5)), Ended::Stopped);
    let loaded = bench.load(build);
    assert_eq!((loaded.state(), loaded.reason()), (ModuleState::Build, None));
    assert_eq!(bench.states(build)[1], ("long".to_owned(), ComponentState::Waiting));
    assert_eq!(bench.memory.running(), 0);

    bench.memory.script(name("long"), Script::complete());
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "done", "long", "long", "later"]);
    assert_eq!(bench.saw(build, "later"), ["done", "long", "module-build-macros"]);
    assert!(!bench.heard().iter().any(|message| message.contains("FAILED") || message.contains("CANCELED")));
}

#[test]
fn what_has_ended_when_the_interrupt_comes_is_kept() {
    let bench = long();
    let build = bench.create(BATCHES);
    assert_eq!(bench.drive_for(&[build], TimeDelta::minutes(60)), Ended::Stopped);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "done", "long", "later"]);
}

#[test]
fn after_a_crash_at_any_second_the_next_driver_goes_on() {
    for seconds in 0..40 {
        let mut bench = Bench::new();
        bench.memory.script_others(Script::complete().after(TimeDelta::seconds(7)));
        bench.memory.repo_takes(TimeDelta::seconds(3));
        let slow = Fault { delay: TimeDelta::seconds(1), ..Fault::default() };
        let plan = [Method::Submit, Method::Tag, Method::Regenerate, Method::Finalize, Method::Status]
            .into_iter()
            .flat_map(|method| (1..4).map(move |nth| (method, nth)))
            .fold(FaultPlan::pass(), |plan, (method, nth)| plan.at(method, nth, slow));
        let memory = Arc::new(bench.memory.clone());
        bench.builder = Arc::new(FaultyBuilder::new(memory, Arc::new(bench.clock.clone()), plan));
        let build = bench.create(&[("a", 0, &[]), ("b", 1, &[])]);
        bench.crash_after(&[build], TimeDelta::seconds(seconds));
        bench.drive(&[build]);
        assert_eq!(bench.load(build).state(), ModuleState::Ready, "after {seconds} s");
        assert_eq!(bench.submitted(), ["module-build-macros", "a", "b"], "after {seconds} s");
        let mut heard = bench.heard();
        heard.dedup();
        assert_eq!(heard.len(), 11, "after {seconds} s: {heard:?}");
    }
}

#[test]
fn tasks_that_died_with_their_process_are_built_by_another_attempt() {
    let mut bench = long();
    let mut capabilities = bench.builder.capabilities();
    capabilities.survives_process = false;
    bench.memory = bench.memory.clone().with_capabilities(capabilities);
    bench.builder = Arc::new(bench.memory.clone());
    let build = bench.create(BATCHES);
    bench.crash_after(&[build], TimeDelta::minutes(5));
    bench.builder = Arc::new(bench.memory.reopen());
    bench.memory.script(name("long"), Script::complete());
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "done", "long", "long", "later"]);
}

#[test]
fn a_resume_builds_only_what_is_missing_and_shows_it_the_same_buildroot() {
    let bench = Bench::new();
    let failure = mbs_core::Failure::user("does not compile");
    bench.memory.script(name("bad"), Script::fail(failure));
    let build = bench.create(&[("bad", 0, &[]), ("mate", 0, &[]), ("later", 1, &[])]);
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Failed);
    bench.memory.script(name("bad"), Script::complete());
    bench.run(bench.tell(build, resume()));
    bench.drive(&[build]);
    assert_eq!(bench.load(build).state(), ModuleState::Ready);
    assert_eq!(bench.submitted(), ["module-build-macros", "bad", "mate", "bad", "later"]);
    assert_eq!(bench.saw(build, "bad"), ["module-build-macros"], "not its finished batch-mate");
}
