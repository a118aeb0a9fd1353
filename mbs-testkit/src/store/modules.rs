//! Rules of [`Store::modules`] and [`Store::reusable`], and of [`StoreProvider`] over them.

use super::factory::StoreFactory;
use super::session::{Session, check_projections};
use crate::fixture::{moment, new_build, parse};
use mbs_core::build::{Event, ModuleState, NewBuild};
use mbs_core::modulemd::{Document, ModuleStream, ReadOptions, read};
use mbs_core::resolve::{FactsSource, ModuleFacts, Provider};
use mbs_core::store::{Store, StoreProvider};
use mbs_core::{ModuleName, Version};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A document of an expanded module, as a submission writes it.
const DOCUMENT: &str = "document: modulemd
version: 2
data:
  name: m
  stream: \"1.0\"
  version: 1
  context: c0ffee00
  summary: S
  description: D
  license: {module: [MIT]}
  xmd:
    mbs:
      mse: TRUE
      commit: 0123456789abcdef0123456789abcdef01234567
      virtual_streams: [one, two]
      disttag_marking: m1
      koji_tag_arches: [x86_64, s390x]
      buildrequires:
        platform: {stream: f28, version: \"3\", context: \"00000000\", ref: virtual, koji_tag: module-f28-build}
        perl: {stream: \"5.26\", version: \"28\", context: c2c572ec, ref: abc, koji_tag: module-perl}
  dependencies:
  - buildrequires: {platform: [f28], perl: [\"5.26\"]}
    requires: {platform: [f28], perl: [\"5.26\", \"5.24\"]}
";

/// The one stream of a document.
pub(super) fn stream(text: &str) -> ModuleStream {
    let mut reading = read(text.as_bytes(), "fixture", &ReadOptions::lenient());
    match reading.documents.pop().map(|located| located.value) {
        Some(Document::Stream(stream)) => *stream,
        other => unreachable!("the fixture is a stream, not {other:?}"),
    }
}

fn with_document(name: &str, version: u64) -> NewBuild {
    let mut new = new_build(name, &[]);
    new.nsvc.version = Version(version);
    DOCUMENT.clone_into(&mut Arc::make_mut(&mut new.request).modulemd);
    new
}

fn bases() -> BTreeSet<ModuleName> {
    BTreeSet::from([parse("platform")])
}

async fn facts(provider: &StoreProvider, name: &str) -> Vec<ModuleFacts> {
    let found = provider.builds(&parse(name)).await.expect("the store answers");
    found.into_iter().map(Arc::unwrap_or_clone).collect()
}

fn provider(store: &Arc<dyn Store>) -> StoreProvider {
    StoreProvider::new(Arc::clone(store), bases())
}

/// Builds in every state are told, with the state that they have now; a removed one is gone.
pub async fn states_are_those_of_the_moment(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut sessions = Vec::new();
    for version in 1..=3 {
        sessions.push(Session::create(&store, with_document("m", version)).await);
    }
    Session::create(&store, with_document("n", 1)).await;
    let states = async |store: &Arc<dyn Store>| -> Vec<(u64, ModuleState)> {
        let facts = facts(&provider(store), "m").await;
        facts.iter().map(|facts| (facts.nsvc.version.0, facts.state)).collect()
    };
    assert_eq!(states(&store).await, [1, 2, 3].map(|version| (version, ModuleState::Init)));
    sessions[0].finish().await;
    sessions[1].start().await;
    sessions[2].events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    let expected = [(1, ModuleState::Ready), (2, ModuleState::Build), (3, ModuleState::Failed)];
    assert_eq!(states(&store).await, expected);
    // Another opening tells the same.
    assert_eq!(states(&factory.open().await).await, expected);
    sessions[2].events([Event::Retired { reason: "old".to_owned() }]).await;
    assert_eq!(states(&store).await[2], (3, ModuleState::Garbage));
    store.remove(sessions[0].id()).await.expect("over");
    assert_eq!(states(&store).await, [(2, ModuleState::Build), (3, ModuleState::Garbage)]);
    assert!(facts(&provider(&store), "unknown").await.is_empty());
}

/// A scratch build is never a dependency.
pub async fn scratch_builds_are_never_offered(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    Session::create(&store, NewBuild { scratch: true, ..with_document("m", 1) }).await.finish().await;
    assert!(store.modules(&parse("m")).await.expect("modules").is_empty());
    assert!(store.reusable(&parse("m"), &parse("1.0")).await.expect("builds").is_empty());
}

/// The facts are what the expanded document states; which builds are base modules is told by who asks.
pub async fn facts_are_those_of_the_document(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    Session::create(&store, with_document("m", 1)).await.finish().await;
    let stated = |bases: &BTreeSet<ModuleName>| {
        ModuleFacts::from_document(&stream(DOCUMENT), ModuleState::Ready, bases).expect("facts")
    };
    assert_eq!(facts(&provider(&store), "m").await, [stated(&bases())]);
    let other = BTreeSet::from([parse("perl")]);
    let provider = StoreProvider::new(Arc::clone(&store), other.clone());
    let found = facts(&provider, "m").await;
    assert_eq!(found, [stated(&other)]);
    assert_eq!(found[0].built_on[0].to_string(), "perl:5.26:28:c2c572ec");
}

/// Tag and repository of a build of this machine are its folder of results.
pub async fn builds_of_this_machine_are_local(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut elsewhere = with_document("m", 2);
    Arc::make_mut(&mut elsewhere.request).options.results = Some("/srv/results".to_owned());
    for new in [with_document("m", 1), elsewhere] {
        Session::create(&store, new).await;
    }
    let found = facts(&provider(&store).local("/home/ann/modulebuild/"), "m").await;
    let paths = ["/home/ann/modulebuild/module-m-1.0-1/results", "/srv/results/module-m-1.0-2/results"];
    for (facts, path) in found.iter().zip(paths) {
        assert_eq!(facts.source, FactsSource::Local);
        assert_eq!((facts.koji_tag.as_deref(), facts.repository.as_deref()), (Some(path), Some(path)));
    }
    assert_eq!(found.len(), 2);
}

/// An import keeps the tag that its document names, whoever asks.
pub async fn imports_are_not_local(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    for (version, tag) in [(1, "module-m"), (2, "/srv/modules/m")] {
        let mut new = with_document("m", version);
        let request = Arc::make_mut(&mut new.request);
        request.imported = true;
        request.modulemd = DOCUMENT.replace("mse: TRUE", &format!("mse: TRUE\n      koji_tag: {tag}"));
        store.create(&[new], moment(0)).await.expect("stored");
    }
    let found = facts(&provider(&store).local("/home/ann"), "m").await;
    let shown: Vec<_> = found
        .iter()
        .map(|facts| (facts.source, facts.state, facts.koji_tag.as_deref(), facts.repository.as_deref()))
        .collect();
    let path = Some("/srv/modules/m");
    let (stored, ready) = (FactsSource::Stored, ModuleState::Ready);
    assert_eq!(shown, [(stored, ready, Some("module-m"), None), (stored, ready, path, path)]);
    check_projections(store.as_ref()).await;
}

/// It exists, and nothing can be built against it.
pub async fn a_document_that_cannot_be_read_states_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut new = with_document("m", 1);
    "no document".clone_into(&mut Arc::make_mut(&mut new.request).modulemd);
    Session::create(&store, new).await;
    let found = facts(&provider(&store), "m").await;
    assert_eq!(found.len(), 1);
    assert!(!found[0].mse && found[0].buildrequires.is_empty());
}

/// Ready ones only, that of the stream, not imported; the one that was completed last stands first.
pub async fn reusable_builds_come_by_completion(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut sessions = Vec::new();
    for version in 1..=4 {
        sessions.push(Session::create(&store, with_document("m", version)).await);
    }
    let mut other = with_document("m", 5);
    other.nsvc.stream = parse("2.0");
    Session::create(&store, other).await.finish().await;
    let mut imported = with_document("m", 6);
    Arc::make_mut(&mut imported.request).imported = true;
    store.create(&[imported], moment(0)).await.expect("stored");
    sessions[3].start().await;
    // Builds of a session that began later are completed later.
    sessions[2].finish().await;
    let late = Event::CancelAsked { by: "ann".to_owned() };
    sessions[1].events([late, Event::ResumeAsked { by: "ann".to_owned() }]).await;
    sessions[1].finish().await;
    sessions[0].finish().await;
    let found = store.reusable(&parse("m"), &parse("1.0")).await.expect("builds");
    let ids: Vec<_> = found.iter().map(|build| build.id.0).collect();
    assert_eq!(ids, [2, 3, 1]);
    assert!(found.is_sorted_by(|a, b| a.completed >= b.completed));
    for build in &found {
        let stored = store.load(build.id).await.expect("build");
        assert_eq!((build.state, build.completed), (ModuleState::Ready, stored.completed()));
    }
}
