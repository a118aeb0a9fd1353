//! What the wrappers do beside passing calls on.

use chrono::TimeDelta;
use futures::FutureExt;
use futures::future::join_all;
use mbs_core::ComponentName;
use mbs_core::build::TaskId;
use mbs_core::builder::{BuilderError, GenericBuilder, TaskState};
use mbs_core::clock::Clock;
use mbs_testkit::SimClock;
use mbs_testkit::builder::{
    Answer, Call, Fault, FaultKind, FaultPlan, FaultyBuilder, MemoryBuilder, Method, RecordingBuilder, ThrottledBuilder,
};
use std::sync::Arc;

fn memory() -> (SimClock, MemoryBuilder) {
    let clock = SimClock::default();
    (clock.clone(), MemoryBuilder::new(Arc::new(clock)))
}

#[test]
fn a_recording_holds_calls_answers_and_what_was_dropped() {
    let (clock, memory) = memory();
    let slow = Fault { delay: TimeDelta::seconds(1), ..Fault::default() };
    let plan = FaultPlan::pass().at(Method::Cancel, 1, slow).at(Method::AverageBuildTime, 1, FaultKind::Before);
    let faulty = FaultyBuilder::new(Arc::new(memory), Arc::new(clock), plan);
    let recording = RecordingBuilder::new(Arc::new(faulty));
    let task = TaskId("unknown".to_owned());
    let statuses = recording.status(std::slice::from_ref(&task)).now_or_never().expect("instant").expect("answered");
    assert!(matches!(statuses[0].state, TaskState::Lost(_)));
    assert!(recording.cancel(&task).now_or_never().is_none(), "dropped on its way");
    let name = ComponentName::new("a").expect("name");
    assert!(recording.average_build_time(std::slice::from_ref(&name)).now_or_never().expect("instant").is_err());
    let calls = recording.take();
    let methods: Vec<_> = calls.iter().map(|recorded| recorded.call.method().name()).collect();
    assert_eq!(methods, ["status", "cancel", "average_build_time"]);
    assert_eq!(calls[0].outcome, Some(Ok(Answer::Statuses(statuses))));
    assert_eq!((&calls[1].call, &calls[1].outcome), (&Call::Cancel(task), &None));
    assert!(matches!(calls[2].outcome, Some(Err(BuilderError::Unavailable { .. }))));
    assert!(recording.calls().is_empty());
}

#[test]
fn only_so_many_calls_go_through_at_the_same_time() {
    let (clock, memory) = memory();
    let slow = Fault { delay: TimeDelta::seconds(1), ..Fault::default() };
    let plan = (1..=10).fold(FaultPlan::pass(), |plan, nth| plan.at(Method::Status, nth, slow));
    let faulty = FaultyBuilder::new(Arc::new(memory), Arc::new(clock.clone()), plan);
    let throttled = ThrottledBuilder::new(Arc::new(faulty), 2);
    let start = clock.now();
    let answers = clock.run(join_all((0..10).map(|_| throttled.status(&[])))).expect("all end");
    assert!(answers.iter().all(Result::is_ok));
    // A second before each call and one after it, two calls at a time.
    assert_eq!(clock.now() - start, TimeDelta::seconds(10));
}

#[test]
fn a_lost_answer_is_the_answer_of_a_call_that_was_made() {
    let (clock, memory) = memory();
    let recording = RecordingBuilder::new(Arc::new(memory));
    let plan = FaultPlan::pass().at(Method::Status, 1, FaultKind::Before).at(Method::Status, 2, FaultKind::After).at(
        Method::Status,
        3,
        FaultKind::Repeat,
    );
    let faulty = FaultyBuilder::new(Arc::new(recording.clone()), Arc::new(clock), plan);
    let made = [(false, 0), (false, 1), (true, 2), (true, 1)];
    for (answered, calls) in made {
        let answer = faulty.status(&[]).now_or_never().expect("instant");
        assert_eq!((answer.is_ok(), recording.take().len()), (answered, calls));
    }
}
