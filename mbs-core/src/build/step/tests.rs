use super::{IllegalEvent, decide, step, submitted};
use crate::build::{
    BuildHeader, BuildOptions, BuildRequest, BuiltComponent, ComponentState, EffectKind, Event, LogEntry, ModuleBuild,
    ModuleState, SourceRef, TaskId, replay,
};
use crate::plan::{ComponentIx, PlanComponent, PlanInput, plan};
use crate::{Arch, Blame, BuildId, ComponentName, Failure, Owner};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A build with its log, moved on event by event.
struct Life {
    build: ModuleBuild,
    log: Vec<LogEntry>,
    effects: Vec<EffectKind>,
    withdrawn: bool,
}

fn now() -> DateTime<Utc> {
    DateTime::UNIX_EPOCH
}

fn ix(n: u32) -> ComponentIx {
    ComponentIx(n)
}

fn name(text: &str) -> ComponentName {
    ComponentName::new(text).expect("name")
}

fn built() -> BuiltComponent {
    BuiltComponent { nvr: "n-1-1".to_owned(), rpms: Vec::new(), milliseconds: None, reused_from: None }
}

fn done(n: u32, attempt: u32) -> Event {
    Event::ComponentCompleted { component: ix(n), attempt, built: built() }
}

fn broken(n: u32, attempt: u32) -> Event {
    Event::ComponentFailed { component: ix(n), attempt, failure: Failure::user("does not compile") }
}

fn admit(components: &[u32]) -> Event {
    Event::Admitted { components: components.iter().map(|n| ix(*n)).collect() }
}

impl Life {
    fn new(components: Vec<PlanComponent>, options: BuildOptions) -> Self {
        let arch = Arch::new("x86_64").expect("arch");
        let input = PlanInput { components, modules: Vec::new() };
        let plan = plan(&input, &BTreeSet::from([arch.clone()])).expect("plan");
        let source = SourceRef { repository: "file:///x".to_owned(), git_ref: None, ..SourceRef::default() };
        let sources = (0..plan.components.len()).map(|n| (n > 0).then(|| source.clone())).collect();
        let request = BuildRequest { sources, options, ..BuildRequest::new("test", arch, plan) };
        let nsvc: crate::Nsvc = "m:s:1:c".parse().expect("identity");
        let header = BuildHeader {
            id: BuildId(1),
            folder: BuildHeader::plain_folder(&nsvc),
            nsvc,
            owner: Owner::new("ann").expect("owner"),
            scratch: false,
            index: BuildId(1),
            submitted: now(),
            request: Arc::new(request),
        };
        let (build, decided) = submitted(header);
        let effects = decided.effects.into_iter().map(|effect| effect.kind).collect();
        Self { build, log: vec![decided.entry], effects, withdrawn: false }
    }

    /// Two batches: `a` and `b`, then `c`.
    fn batches(options: BuildOptions) -> Self {
        let component = |text, buildorder| PlanComponent { buildorder, ..PlanComponent::new(name(text)) };
        Self::new(vec![component("a", 0), component("b", 0), component("c", 1)], options)
    }

    /// `b` after `a`; `c` on its own.
    fn graph(options: BuildOptions) -> Self {
        let mut b = PlanComponent::new(name("b"));
        b.buildafter.insert(name("a"));
        Self::new(vec![PlanComponent::new(name("a")), b, PlanComponent::new(name("c"))], options)
    }

    fn try_tell(&mut self, event: Event) -> Result<(), IllegalEvent> {
        self.effects.clear();
        self.withdrawn = false;
        if let Some(decided) = decide(&mut self.build, event, now())? {
            self.log.push(decided.entry);
            self.effects = decided.effects.into_iter().map(|effect| effect.kind).collect();
            self.withdrawn = decided.withdraw;
        }
        assert_eq!(replay(self.log.clone()).expect("log"), self.build, "the log rebuilds the build");
        Ok(())
    }

    fn tell(&mut self, event: Event) {
        self.try_tell(event).expect("allowed event");
    }

    /// Up to the point where the components of the first real batch may start.
    fn with_macros(mut self) -> Self {
        let commits = self.build.components().map(|(ix, _, _)| (ix.0 > 0).then(|| "c".repeat(40))).collect();
        self.tell(Event::SourcesResolved { commits });
        self.tell(Event::BuildrootReady);
        self.tell(admit(&[0]));
        self.tell(done(0, 1));
        self.publish();
        self
    }

    /// The publishing cycle that is under way succeeds.
    fn publish(&mut self) {
        let cycle = self.build.publishing().expect("a cycle").cycle;
        self.tell(Event::Tagged { cycle });
        assert!(matches!(self.effects.as_slice(), [EffectKind::Regenerate { .. }]));
        self.tell(Event::RepoReady { cycle });
    }

    fn ready(&self) -> Vec<u32> {
        self.build.ready().map(|ix| ix.0).collect()
    }

    fn has(&self, wanted: &EffectKind) -> bool {
        self.effects.contains(wanted)
    }

    fn state_of(&self, n: u32) -> ComponentState {
        self.build.component(ix(n)).expect("component").state
    }
}

#[test]
fn a_batch_starts_when_the_one_before_is_in_the_repository() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    assert_eq!((life.build.batch(), life.ready()), (2, vec![1, 2]));
    life.tell(admit(&[1, 2]));
    life.tell(done(1, 1));
    assert!(life.build.publishing().is_none(), "the batch has not ended");
    life.tell(done(2, 1));
    assert!(life.has(&EffectKind::Tag { cycle: 2, components: vec![ix(1), ix(2)] }));
    assert_eq!(life.ready(), Vec::<u32>::new(), "nothing starts before the repository is ready");
    life.publish();
    assert_eq!((life.build.batch(), life.ready()), (3, vec![3]));
    life.tell(admit(&[3]));
    life.tell(done(3, 1));
    life.publish();
    assert!(life.has(&EffectKind::Finalize { success: true }));
    life.tell(Event::Finalized);
    assert_eq!(life.build.state(), ModuleState::Ready);
    let told: Vec<_> = life.effects.iter().collect();
    assert!(matches!(
        told.as_slice(),
        [
            EffectKind::AnnounceModule { state: ModuleState::Done, .. },
            EffectKind::AnnounceModule { state: ModuleState::Ready, .. }
        ]
    ));
}

#[test]
fn with_buildafter_a_component_starts_as_soon_as_what_it_names_is_in_the_repository() {
    let mut life = Life::graph(BuildOptions::default()).with_macros();
    // Positions: a = 1, c = 2 (label 2), b = 3 (label 3).
    assert_eq!(life.ready(), [1, 2]);
    life.tell(admit(&[1, 2]));
    life.tell(done(1, 1));
    life.publish();
    assert_eq!(life.ready(), [3], "c still runs and b does not wait for it");
}

#[test]
fn a_failure_lets_the_batch_end_and_then_fails_the_module() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[1]));
    life.tell(broken(1, 1));
    assert_eq!((life.build.state(), life.ready()), (ModuleState::Build, vec![2]), "the rest of the batch is built");
    life.tell(admit(&[2]));
    life.tell(done(2, 1));
    assert_eq!(life.build.state(), ModuleState::Failed);
    let failure = life.build.failure().expect("failure");
    assert_eq!((failure.blame, failure.reason.as_str()), (Blame::User, "Component a failed: does not compile"));
    assert!(life.withdrawn && life.has(&EffectKind::Finalize { success: false }));
}

#[test]
fn resume_keeps_what_is_built_and_shows_it_to_nobody_before_its_batch_ends() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[1, 2]));
    life.tell(done(2, 1));
    life.tell(broken(1, 1));
    life.tell(Event::ResumeAsked { by: "ann".to_owned() });
    assert_eq!(life.build.state(), ModuleState::Wait);
    life.tell(Event::BuildrootReady);
    assert_eq!((life.build.batch(), life.ready()), (2, vec![1]));
    assert!(life.build.publishing().is_none());
    life.tell(admit(&[1]));
    assert!(life.has(&EffectKind::Submit { component: ix(1), attempt: 2 }), "a retry is a new attempt");
    life.tell(done(1, 2));
    assert_eq!(life.build.publishing().expect("cycle").components, [ix(1), ix(2)]);
}

#[test]
fn keep_going_builds_what_does_not_depend_on_the_failed_one() {
    for (keep_going, expected) in [(false, ModuleState::Failed), (true, ModuleState::Build)] {
        let mut d = PlanComponent::new(name("d"));
        d.buildafter.insert(name("c"));
        let mut b = PlanComponent::new(name("b"));
        b.buildafter.insert(name("a"));
        let parts = vec![PlanComponent::new(name("a")), PlanComponent::new(name("c")), b, d];
        let options = BuildOptions { keep_going, ..BuildOptions::default() };
        let mut life = Life::new(parts, options).with_macros();
        life.tell(admit(&[1, 2]));
        life.tell(broken(1, 1));
        life.tell(done(2, 1));
        assert_eq!(life.build.state(), expected, "keep going: {keep_going}");
        if keep_going {
            life.publish();
            assert_eq!(life.ready(), [4], "d is built, b is not");
        }
    }
}

#[test]
fn cancel_ends_what_runs_and_resume_waits_for_it() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[1, 2]));
    life.tell(Event::TaskAccepted { component: ix(1), attempt: 1, task: TaskId("t".to_owned()) });
    life.tell(Event::CancelAsked { by: "ann".to_owned() });
    assert_eq!(life.build.state(), ModuleState::Failed);
    assert!(life.withdrawn);
    for n in [1, 2] {
        assert!(life.has(&EffectKind::Close { component: ix(n), attempt: 1 }));
        assert_eq!(life.state_of(n), ComponentState::Canceled);
    }
    let early = life.try_tell(Event::ResumeAsked { by: "ann".to_owned() }).expect_err("tasks run");
    assert!(early.to_string().contains("2 of its tasks"), "{early}");
    // One submission was in flight: its answer comes late, and then its end.
    life.tell(Event::TaskAccepted { component: ix(2), attempt: 1, task: TaskId("u".to_owned()) });
    life.tell(done(1, 1));
    life.tell(Event::TaskClosed { component: ix(2), attempt: 1 });
    assert!(life.build.closing().is_empty());
    assert_eq!(life.state_of(1), ComponentState::Canceled, "a late result does not count");
    life.tell(Event::ResumeAsked { by: "ann".to_owned() });
    assert_eq!(life.build.state(), ModuleState::Wait);
}

#[test]
fn an_attempt_that_nobody_waits_for_is_ended() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[1, 2]));
    life.tell(Event::Interrupted { component: ix(1), attempt: 1 });
    assert_eq!(life.ready(), [1]);
    life.tell(Event::TaskAccepted { component: ix(1), attempt: 1, task: TaskId("t".to_owned()) });
    assert!(life.has(&EffectKind::Close { component: ix(1), attempt: 1 }));
    assert!(life.build.closing().contains(&(ix(1), 1)));
}

#[test]
fn a_task_that_is_lost_again_and_again_is_an_infra_failure() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[2]));
    life.tell(done(2, 1));
    for attempt in 1..=4 {
        life.tell(admit(&[1]));
        let failure = Failure::infra("the builder went away");
        life.tell(Event::TaskLost { component: ix(1), attempt, failure });
    }
    assert_eq!(life.build.failure().expect("failure").blame, Blame::Infra);
    // A new driver counts anew.
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    for attempt in 1..=10 {
        life.tell(Event::Attached { fence: u64::from(attempt) });
        life.tell(admit(&[1]));
        life.tell(Event::TaskLost { component: ix(1), attempt, failure: Failure::infra("killed") });
    }
    assert_eq!(life.build.state(), ModuleState::Build);
}

#[test]
fn late_and_repeated_answers_change_nothing() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    life.tell(admit(&[1, 2]));
    life.tell(done(1, 1));
    let before = life.build.clone();
    for event in [done(1, 1), broken(1, 1), Event::RepoReady { cycle: 1 }, Event::Tagged { cycle: 9 }, Event::Finalized]
    {
        life.tell(event);
    }
    assert_eq!(life.build, before);
}

#[test]
fn a_module_without_components_is_finished_at_once() {
    let mut life = Life::new(Vec::new(), BuildOptions::default());
    life.tell(Event::SourcesResolved { commits: Vec::new() });
    life.tell(Event::BuildrootReady);
    assert!(life.has(&EffectKind::Finalize { success: true }));
    assert_eq!(life.build.batch(), 0);
}

#[test]
fn an_excluded_component_is_complete_from_the_start() {
    let mut c = PlanComponent::new(name("c"));
    c.arches.insert(Arch::new("s390x").expect("arch"));
    let mut life = Life::new(vec![PlanComponent::new(name("a")), c], BuildOptions::default()).with_macros();
    let left_out = life.build.component(ix(2)).expect("component");
    assert_eq!(
        (left_out.state, left_out.task.as_ref(), left_out.built.as_ref()),
        (ComponentState::Complete, None, None)
    );
    assert_eq!(left_out.reason.as_deref(), Some("not built for x86_64"));
    life.tell(admit(&[1]));
    life.tell(done(1, 1));
    life.publish();
    assert!(life.build.finalizing());
}

#[test]
fn requests_that_the_state_does_not_allow_are_refused() {
    let life = Life::batches(BuildOptions::default());
    let refuse = |event: Event| step(&life.build, event, now()).expect_err("refused").to_string();
    assert!(refuse(Event::ResumeAsked { by: "ann".to_owned() }).contains("only a failed build"));
    assert!(refuse(Event::Retired { reason: "old".to_owned() }).contains("cancel the build first"));
    assert!(refuse(admit(&[1])).contains("state `build`"));
    assert!(refuse(done(9, 1)).contains("no component number 9"));
}

#[test]
fn slots_are_only_given_to_what_may_start() {
    let mut life = Life::batches(BuildOptions::default()).with_macros();
    let error = life.try_tell(admit(&[3])).expect_err("next batch");
    assert!(error.to_string().contains("`c` cannot start now"), "{error}");
    assert!(life.try_tell(admit(&[1, 1])).is_err(), "not twice");
}
