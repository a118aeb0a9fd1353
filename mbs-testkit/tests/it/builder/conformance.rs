//! The suite over the memory builder, as it is, with less abilities, and behind every wrapper.

use async_trait::async_trait;
use chrono::TimeDelta;
use mbs_core::builder::{BuilderCapabilities, GenericBuilder, RequestKey};
use mbs_core::clock::Clock;
use mbs_core::{ComponentName, Failure};
use mbs_testkit::SimClock;
use mbs_testkit::builder::conformance::{BuilderFactory, Part, RepoContent, Report, run_all};
use mbs_testkit::builder::{
    FaultPlan, FaultyBuilder, MemoryBuilder, Rates, RecordingBuilder, Script, ThrottledBuilder,
};
use std::sync::Arc;

type Wrap = Box<dyn Fn(MemoryBuilder) -> Arc<dyn GenericBuilder> + Send + Sync>;

/// Instances over one memory world.
pub(super) struct Factory {
    pub(super) memory: MemoryBuilder,
    pub(super) clock: SimClock,
    pub(super) wrap: Wrap,
}

impl Factory {
    pub(super) fn new(wrap: impl Fn(MemoryBuilder) -> Arc<dyn GenericBuilder> + Send + Sync + 'static) -> Self {
        let clock = SimClock::default();
        let memory = MemoryBuilder::new(Arc::new(clock.clone()));
        let name = |text: &str| ComponentName::new(text).expect("name");
        memory.script(name("failing"), Script::fail(Failure::user("does not compile")));
        memory.script(name("endless"), Script::complete().by_hand());
        for number in 0..10 {
            for good in 0..10 {
                let needing = name(&format!("needing-{number}-good-{good}"));
                memory.script(needing, Script::complete().needing(name(&format!("good-{good}"))));
            }
            let using = name(&format!("using-good-{number}"));
            memory.script(using, Script::complete().using(name(&format!("good-{number}"))));
        }
        Self { memory, clock, wrap: Box::new(wrap) }
    }

    pub(super) fn run(&self) -> Report {
        self.clock.run(run_all(self)).expect("the suite ends")
    }
}

fn part(name: &str) -> Part {
    Part::named(name).expect("name")
}

#[async_trait]
impl BuilderFactory for Factory {
    async fn open(&self) -> Arc<dyn GenericBuilder> {
        (self.wrap)(self.memory.reopen())
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    fn good(&self, number: u32) -> Part {
        part(&format!("good-{number}"))
    }

    fn failing(&self) -> Option<Part> {
        Some(part("failing"))
    }

    fn endless(&self) -> Option<Part> {
        Some(part("endless"))
    }

    fn needing(&self, number: u32, other: &Part) -> Option<Part> {
        Some(part(&format!("needing-{number}-{}", other.name)))
    }

    fn using(&self, other: &Part) -> Option<Part> {
        Some(part(&format!("using-{}", other.name)))
    }

    fn starts(&self, key: &RequestKey) -> Option<u32> {
        u32::try_from(self.memory.tasks().iter().filter(|task| begins(&task.key, key) && !task.taken).count()).ok()
    }

    async fn read_repo(&self, address: &str) -> Option<Result<RepoContent, String>> {
        let repo = self.memory.read_repo(address).ok_or_else(|| "there is none".to_owned());
        Some(repo.map(|repo| RepoContent { rpms: repo.rpms, modulemd: repo.modulemd.is_some() }))
    }
}

/// Whether a task works on a submission; broken builders count on by thousands.
fn begins(task: &RequestKey, key: &RequestKey) -> bool {
    (task.build, &task.component, task.attempt % 1000) == (key.build, &key.component, key.attempt)
}

/// Nothing is broken, and only these words stand in the reasons of what is skipped.
fn assert_keeps_the_contract(factory: &Factory, skips: &[&str]) {
    let report = factory.run();
    assert!(report.is_ok(), "{report}");
    for verdict in report.skipped() {
        let why = format!("{:?}", verdict.checked);
        assert!(skips.iter().any(|word| why.contains(word)), "skipped for no known reason: {verdict:?}");
    }
    assert!(skips.is_empty() || report.skipped().next().is_some(), "{report}");
}

/// What a builder with every ability skips: the rule about a missing one.
const ABLE: &[&str] = &["has `cancel`"];

fn without(change: fn(&mut BuilderCapabilities)) -> Factory {
    let mut factory = Factory::new(|memory| Arc::new(memory));
    let mut capabilities = factory.memory.capabilities();
    change(&mut capabilities);
    factory.memory = factory.memory.with_capabilities(capabilities);
    factory
}

#[test]
fn the_memory_builder() {
    assert_keeps_the_contract(&Factory::new(|memory| Arc::new(memory)), ABLE);
}

#[test]
fn the_memory_builder_when_everything_takes_time() {
    let factory = Factory::new(|memory| Arc::new(memory));
    factory.memory.script_others(Script::complete().after(TimeDelta::seconds(90)));
    factory.memory.repo_takes(TimeDelta::seconds(20));
    assert_keeps_the_contract(&factory, ABLE);
}

#[test]
fn a_builder_whose_tasks_end_with_its_process() {
    assert_keeps_the_contract(&without(|can| can.survives_process = false), &["has `cancel`", "no `survives_process`"]);
}

#[test]
fn a_builder_that_cannot_cancel() {
    assert_keeps_the_contract(&without(|can| can.cancel = false), &["no `cancel`"]);
}

#[test]
fn a_builder_without_exact_scope() {
    assert_keeps_the_contract(&without(|can| can.exact_scope = false), &["no `exact_scope`", "has `cancel`"]);
}

#[test]
fn a_builder_without_times_and_hints() {
    let factory = without(|can| {
        can.average_build_time = false;
        can.wakeups = false;
    });
    assert_keeps_the_contract(&factory, &["no `wakeups`", "has `cancel`"]);
}

#[test]
fn recording_is_transparent() {
    let factory = Factory::new(|memory| Arc::new(RecordingBuilder::new(Arc::new(memory))));
    assert_keeps_the_contract(&factory, ABLE);
}

#[test]
fn throttling_is_transparent() {
    let factory = Factory::new(|memory| Arc::new(ThrottledBuilder::new(Arc::new(memory), 1)));
    assert_keeps_the_contract(&factory, ABLE);
}

fn faulty(plan: &FaultPlan) -> Factory {
    let idle = SimClock::default();
    let first = FaultyBuilder::new(Arc::new(MemoryBuilder::new(Arc::new(idle.clone()))), Arc::new(idle), plan.clone());
    Factory::new(move |memory| Arc::new(first.around(Arc::new(memory))))
}

#[test]
fn no_faults_are_transparent() {
    assert_keeps_the_contract(&faulty(&FaultPlan::pass()), ABLE);
}

#[test]
fn dropped_between_every_two_steps_of_a_call() {
    assert_keeps_the_contract(&faulty(&FaultPlan::pausing(3)), ABLE);
}

#[test]
fn dropped_between_every_two_steps_of_a_call_with_tasks_that_end_with_their_process() {
    let mut factory = faulty(&FaultPlan::pausing(3));
    let capabilities = BuilderCapabilities { survives_process: false, ..factory.memory.capabilities() };
    factory.memory = factory.memory.with_capabilities(capabilities);
    assert_keeps_the_contract(&factory, &["has `cancel`", "no `survives_process`"]);
}

#[test]
fn faults_change_nothing_for_a_caller_who_repeats() {
    let rates = Rates { before: 15, after: 15, repeat: 15, delayed: 0, longest: TimeDelta::zero() };
    for seed in 0..20 {
        let report = faulty(&FaultPlan::seeded(seed, rates)).run();
        assert!(report.is_ok(), "seed {seed}: {report}");
    }
}
