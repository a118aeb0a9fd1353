//! The stored forms of events, changes and effects. A log that a release wrote stays readable: a released line of `forms.txt` never
//! changes; what a newer release adds gets a line of its own.

use mbs_core::build::{
    BuildHeader, BuiltComponent, Change, ComponentState, EffectKind, Event, ModuleState, SourceRef, TaskId,
};
use mbs_core::plan::{ComponentIx, Exclusion};
use mbs_core::{Blame, BuildId, Failure};
use mbs_testkit::fixture::{moment, new_build_after, parse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::Arc;

const FORMS: &str = include_str!("forms.txt");

const COMPONENT: ComponentIx = ComponentIx(3);

fn failure() -> Failure {
    Failure::user("%build failed").with_log("/logs/1/a.log")
}

fn commits() -> Vec<Option<String>> {
    vec![None, Some("0123456789abcdef0123456789abcdef01234567".to_owned())]
}

fn built() -> BuiltComponent {
    BuiltComponent {
        nvr: "a-1-2".to_owned(),
        rpms: vec!["a-1-2.x86_64.rpm".to_owned()],
        milliseconds: Some(1500),
        reused_from: None,
    }
}

fn header() -> BuildHeader {
    let new = new_build_after("m", &[("a", &[]), ("b", &["a"])]);
    let mut request = (*new.request).clone();
    request.scmurl = Some("https://git.example.org/modules/m?#abc".to_owned());
    request.marking = Some("f28".to_owned());
    "%x 1\n".clone_into(&mut request.macros);
    request.filter = vec!["a-devel".to_owned()];
    request.options.timeout_seconds = Some(60);
    let spec = &mut request.plan.components[1];
    spec.measured_ms = Some(7);
    spec.origin = vec![parse("inner")];
    spec.arches = BTreeSet::from([parse("s390x")]);
    spec.excluded = Some(Exclusion::machine(BTreeSet::from([parse("x86_64")])));
    request.sources[1] = Some(SourceRef {
        repository: "https://git.example.org/rpms/a".to_owned(),
        git_ref: None,
        package: Some(parse("python3-a")),
        cache: Some("https://cache.example.org".to_owned()),
        commit: None,
        srpm: None,
    });
    BuildHeader {
        id: BuildId(7),
        folder: BuildHeader::folder_with_context(&new.nsvc),
        nsvc: new.nsvc,
        owner: new.owner,
        scratch: true,
        index: BuildId(5),
        submitted: moment(0),
        request: Arc::new(request),
    }
}

fn events() -> Vec<Event> {
    let (component, attempt) = (COMPONENT, 2);
    vec![
        Event::Submitted,
        Event::Attached { fence: 4 },
        Event::Advance,
        Event::SourcesResolved { commits: commits() },
        Event::SourcesFailed { failure: failure() },
        Event::BuildrootReady,
        Event::BuildrootFailed { failure: Failure::infra("no disk") },
        Event::Admitted { components: vec![COMPONENT, ComponentIx(1)] },
        Event::TaskAccepted { component, attempt, task: TaskId("task-1".to_owned()) },
        Event::ComponentCompleted { component, attempt, built: built() },
        Event::ComponentFailed { component, attempt, failure: failure() },
        Event::TaskLost { component, attempt, failure: failure() },
        Event::TaskGivenUp { component, attempt, failure: failure() },
        Event::Interrupted { component, attempt },
        Event::TaskClosed { component, attempt },
        Event::Tagged { cycle: 6 },
        Event::RepoReady { cycle: 6 },
        Event::RepoFailed { cycle: 6, failure: failure() },
        Event::Finalized,
        Event::FinalizeFailed { failure: failure() },
        Event::CancelAsked { by: "ann".to_owned() },
        Event::ResumeAsked { by: "ann".to_owned() },
        Event::Retired { reason: "old".to_owned() },
        Event::Imported,
    ]
}

/// Does not compile when an event is added: give it a line, too.
fn event_is_listed(event: &Event) {
    match event {
        Event::Submitted
        | Event::Attached { .. }
        | Event::Advance
        | Event::SourcesResolved { .. }
        | Event::SourcesFailed { .. }
        | Event::BuildrootReady
        | Event::BuildrootFailed { .. }
        | Event::Admitted { .. }
        | Event::TaskAccepted { .. }
        | Event::ComponentCompleted { .. }
        | Event::ComponentFailed { .. }
        | Event::TaskLost { .. }
        | Event::TaskGivenUp { .. }
        | Event::Interrupted { .. }
        | Event::TaskClosed { .. }
        | Event::Tagged { .. }
        | Event::RepoReady { .. }
        | Event::RepoFailed { .. }
        | Event::Finalized
        | Event::FinalizeFailed { .. }
        | Event::CancelAsked { .. }
        | Event::ResumeAsked { .. }
        | Event::Retired { .. }
        | Event::Imported => {}
    }
}

fn changes() -> Vec<Change> {
    let (component, attempt) = (COMPONENT, 2);
    let state_set = |state, blame| Change::StateSet {
        state,
        reason: Some("why".to_owned()),
        blame: Some(blame),
        log: Some("/logs/1/a.log".to_owned()),
    };
    vec![
        Change::Created { header: Box::new(header()) },
        Change::Attached { fence: 4 },
        Change::StateSet { state: ModuleState::Wait, reason: None, blame: None, log: None },
        state_set(ModuleState::Failed, Blame::User),
        state_set(ModuleState::Failed, Blame::Infra),
        state_set(ModuleState::Failed, Blame::Unspecified),
        Change::SourcesRecorded { commits: commits() },
        Change::BatchStarted { batch: 2 },
        Change::ComponentStarted { component, attempt },
        Change::ComponentTask { component, task: TaskId("task-1".to_owned()) },
        Change::ComponentBuilt { component, built: built() },
        Change::ComponentBuilt { component, built: BuiltComponent { milliseconds: None, ..built() } },
        Change::ComponentFailed { component, failure: failure() },
        Change::ComponentLost { component, reason: "gone".to_owned() },
        Change::ComponentReleased { component },
        Change::ComponentClosing { component, attempt },
        Change::StrayClosing { component, attempt },
        Change::Closed { component, attempt },
        Change::PublishStarted { cycle: 6, components: vec![COMPONENT] },
        Change::PublishTagged,
        Change::Published,
        Change::PublishAbandoned,
        Change::FinalizeStarted,
        Change::Resumed,
    ]
}

/// Does not compile when a change is added: give it a line, too.
fn change_is_listed(change: &Change) {
    match change {
        Change::Created { .. }
        | Change::Attached { .. }
        | Change::StateSet { .. }
        | Change::SourcesRecorded { .. }
        | Change::BatchStarted { .. }
        | Change::ComponentStarted { .. }
        | Change::ComponentTask { .. }
        | Change::ComponentBuilt { .. }
        | Change::ComponentFailed { .. }
        | Change::ComponentLost { .. }
        | Change::ComponentReleased { .. }
        | Change::ComponentClosing { .. }
        | Change::StrayClosing { .. }
        | Change::Closed { .. }
        | Change::PublishStarted { .. }
        | Change::PublishTagged
        | Change::Published
        | Change::PublishAbandoned
        | Change::FinalizeStarted
        | Change::Resumed => {}
    }
}

fn effects() -> Vec<EffectKind> {
    let (component, components) = (COMPONENT, vec![COMPONENT]);
    let mut effects = vec![
        EffectKind::ResolveSources,
        EffectKind::Connect,
        EffectKind::Submit { component, attempt: 2 },
        EffectKind::Close { component, attempt: 2 },
        EffectKind::Tag { cycle: 6, components: components.clone() },
        EffectKind::Regenerate { cycle: 6, components },
        EffectKind::Finalize { success: true },
    ];
    let announced = |state| EffectKind::AnnounceModule { state, reason: Some("why".to_owned()) };
    effects.extend(ModuleState::ALL.map(announced));
    effects.push(EffectKind::AnnounceModule { state: ModuleState::Init, reason: None });
    effects.extend(ComponentState::ALL.map(|state| EffectKind::AnnounceComponent { component, state }));
    effects
}

/// Does not compile when an effect is added: give it a line, too.
fn effect_is_listed(effect: &EffectKind) {
    match effect {
        EffectKind::ResolveSources
        | EffectKind::Connect
        | EffectKind::Submit { .. }
        | EffectKind::Close { .. }
        | EffectKind::Tag { .. }
        | EffectKind::Regenerate { .. }
        | EffectKind::Finalize { .. }
        | EffectKind::AnnounceModule { .. }
        | EffectKind::AnnounceComponent { .. } => {}
    }
}

/// Compares values with the lines that begin with `kind`.
fn check<T: Serialize + DeserializeOwned + PartialEq + Debug>(kind: &str, values: &[T]) {
    let stored: Vec<&str> = FORMS.lines().filter_map(|line| line.strip_prefix(kind)?.strip_prefix(' ')).collect();
    for (number, value) in values.iter().enumerate() {
        let text = serde_json::to_string(value).expect("a value can be stored");
        assert_eq!(stored.get(number), Some(&text.as_str()), "{kind} {number} is written in another form");
        let read: T = serde_json::from_str(stored[number]).expect("a stored form can be read");
        assert_eq!(&read, value);
    }
    assert_eq!(stored.len(), values.len(), "{kind}: a stored form is no longer written");
}

#[test]
fn stored_forms_stay_as_they_are() {
    let (events, changes, effects) = (events(), changes(), effects());
    events.iter().for_each(event_is_listed);
    changes.iter().for_each(change_is_listed);
    effects.iter().for_each(effect_is_listed);
    check("event", &events);
    check("change", &changes);
    check("effect", &effects);
}
