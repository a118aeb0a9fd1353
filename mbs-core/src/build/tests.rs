//! Smallest histories of bugs that the simulator has found.

use super::transitions::sample_of;
use super::{BuiltComponent, Decided, EffectKind, Event, ModuleBuild, decide};
use crate::plan::{ComponentIx, PlanComponent, PlanInput};
use crate::{Arch, ComponentName};
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
    let built = BuiltComponent { nvr: "a-1-1".into(), rpms: Vec::new(), milliseconds: None };
    feed(&mut build, Event::ComponentCompleted { component: ComponentIx::MACROS, attempt: 1, built });
    feed(&mut build, Event::Tagged { cycle: 1 });
    feed(&mut build, Event::RepoReady { cycle: 1 });
    build
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
