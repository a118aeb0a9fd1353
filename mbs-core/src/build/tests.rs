//! Smallest histories of bugs that the simulator has found.

use super::transitions::sample_of;
use super::{
    BuiltComponent, Change, ComponentState, Decided, EffectKind, Event, ModuleBuild, ModuleState, TaskId, decide,
};
use crate::plan::{ComponentIx, PlanComponent, PlanInput};
use crate::{Arch, ComponentName, Failure};
use chrono::DateTime;

fn name(text: &str) -> ComponentName {
    ComponentName::new(text).expect("name")
}

fn feed(build: &mut ModuleBuild, event: Event) -> Decided {
    decide(build, event, DateTime::UNIX_EPOCH).expect("legal").expect("changes something")
}

/// A build in state build; its macros are in the repository.
fn started(components: Vec<PlanComponent>) -> ModuleBuild {
    let mut build = sample_of(&PlanInput { components, modules: Vec::new() }, false).expect("sample");
    let count = build.plan().components.len();
    feed(&mut build, Event::SourcesResolved { commits: vec![None; count] });
    feed(&mut build, Event::BuildrootReady);
    feed(&mut build, Event::Admitted { components: vec![ComponentIx::MACROS] });
    let built = BuiltComponent { nvr: "a-1-1".into(), rpms: Vec::new(), milliseconds: None, reused_from: None };
    feed(&mut build, Event::ComponentCompleted { component: ComponentIx::MACROS, attempt: 1, built });
    feed(&mut build, Event::Tagged { cycle: 1 });
    feed(&mut build, Event::RepoReady { cycle: 1 });
    build
}

fn given_up(component: ComponentIx) -> Event {
    Event::TaskGivenUp { component, attempt: 1, failure: Failure::infra("no answer") }
}

#[test]
fn a_component_waits_for_what_its_left_out_predecessor_names() {
    let mut middle = PlanComponent::new(name("middle"));
    middle.buildafter.insert(name("first"));
    middle.arches.insert(Arch::new("s390x").expect("arch"));
    let mut last = PlanComponent::new(name("last"));
    last.buildafter.insert(name("middle"));
    let build = started(vec![PlanComponent::new(name("first")), middle, last]);
    let first = build.find("first").expect("planned");
    assert_eq!(build.ready().collect::<Vec<_>>(), [first], "the buildroot of `last` has to hold `first`");
}

#[test]
fn a_resume_withdraws_the_tidying_up_after_the_failure() {
    let mut build = started(vec![PlanComponent::new(name("only"))]);
    let cancelled = feed(&mut build, Event::CancelAsked { by: "ann".into() });
    assert!(cancelled.effects.iter().any(|effect| effect.kind == EffectKind::Finalize { success: false }));
    let resumed = feed(&mut build, Event::ResumeAsked { by: "ann".into() });
    assert!(resumed.withdraw, "else it may come after the new buildroot is made, and remove it");
    assert!(resumed.effects.iter().any(|effect| effect.kind == EffectKind::Connect));
}

#[test]
fn an_attempt_about_which_nobody_answers_fails_and_is_ended() {
    let mut build = started(vec![PlanComponent::new(name("only"))]);
    let only = build.find("only").expect("planned");
    feed(&mut build, Event::Admitted { components: vec![only] });
    feed(&mut build, Event::TaskAccepted { component: only, attempt: 1, task: TaskId("t".into()) });
    let decided = feed(&mut build, given_up(only));
    assert_eq!(build.component(only).map(|c| c.state), Some(ComponentState::Failed));
    assert_eq!(build.state(), ModuleState::Failed);
    assert!(decided.effects.iter().any(|e| e.kind == EffectKind::Close { component: only, attempt: 1 }));
    let resume = Event::ResumeAsked { by: "ann".into() };
    decide(&mut build, resume.clone(), DateTime::UNIX_EPOCH).expect_err("its task may live");
    feed(&mut build, Event::TaskClosed { component: only, attempt: 1 });
    feed(&mut build, resume);
}

#[test]
fn that_nobody_answers_does_not_end_a_task() {
    let mut build = started(vec![PlanComponent::new(name("only"))]);
    let only = build.find("only").expect("planned");
    feed(&mut build, Event::Admitted { components: vec![only] });
    feed(&mut build, Event::CancelAsked { by: "ann".into() });
    let decided = decide(&mut build, given_up(only), DateTime::UNIX_EPOCH).expect("legal");
    assert_eq!(decided, None);
    assert!(build.closing().contains(&(only, 1)));
    let closed = feed(&mut build, Event::TaskClosed { component: only, attempt: 1 });
    assert_eq!(closed.entry.changes, [Change::Closed { component: only, attempt: 1 }]);
}

#[test]
fn folders_of_long_names_are_hashed_and_keep_contexts_apart() {
    let stream = "s".repeat(600);
    let nsvc = |context: &str| -> crate::Nsvc { format!("app:{stream}:1:{context}").parse().expect("identity") };
    let plain = super::BuildHeader::plain_folder(&nsvc("c1"));
    assert_eq!(plain.len(), "module-".len() + 16);
    assert_eq!(plain, super::BuildHeader::plain_folder(&nsvc("c2")));
    let with_context = |context| super::BuildHeader::folder_with_context(&nsvc(context));
    assert_ne!(with_context("c1"), with_context("c2"));
    assert_eq!(super::BuildHeader::plain_folder(&"app:1:2:c".parse().expect("identity")), "module-app-1-2");
}
