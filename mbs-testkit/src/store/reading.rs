//! Rules of reading.

use super::factory::StoreFactory;
use super::session::Session;
use super::twins::assert_same;
use crate::fixture::{built, moment, new_build, parse};
use mbs_core::BuildId;
use mbs_core::build::{Event, NewBuild, replay};
use mbs_core::plan::ComponentIx;
use mbs_core::store::StoreError;
use std::collections::BTreeMap;

/// Loading decides nothing: it applies the stored changes.
pub async fn a_load_is_a_replay_of_the_history(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a", "b"], &["c"]])).await;
    session.finish().await;
    let history = store.history(session.id(), 0, u64::MAX).await.expect("log");
    let loaded = store.load(session.id()).await.expect("build");
    assert_eq!(loaded, session.build);
    assert_eq!(replay(history).expect("a whole log"), loaded);
}

/// The history can be read in parts.
pub async fn history_comes_in_pages(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
    session.start().await;
    let whole = store.history(session.id(), 0, u64::MAX).await.expect("log");
    assert_eq!(whole.iter().map(|entry| entry.revision).collect::<Vec<_>>(), [1, 2, 3]);
    assert_eq!(store.history(session.id(), 1, 1).await.expect("log"), whole[1..2]);
    assert_eq!(store.history(session.id(), 1, 10).await.expect("log"), whole[1..]);
    for (after, limit) in [(3, 10), (u64::MAX, u64::MAX), (0, 0)] {
        assert_eq!(store.history(session.id(), after, limit).await.expect("log"), []);
    }
}

/// What one opening wrote, the next one reads, all of it.
pub async fn another_opening_shows_the_same(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, new_build("m", &[&["a"], &["b"]])).await;
    let mut second = Session::create(&store, new_build("n", &[&["a"]])).await;
    first.finish().await;
    second.start().await;
    second.admit(vec![ComponentIx::MACROS], store.slots("memory").await.expect("slots").token).await.expect("slots");
    let beside = factory.open().await;
    assert_same(store.as_ref(), beside.as_ref(), "beside each other").await;
    let mut other = Session::open(&beside, second.id()).await;
    other.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    assert_eq!(store.load(second.id()).await.expect("build"), other.build);
    drop((store, beside, first, second));
    let after = factory.open().await;
    assert_eq!(after.load(other.id()).await.expect("build"), other.build);
}

/// Questions about a build that does not exist.
pub async fn unknown_builds_are_not_found(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    for id in [BuildId(0), BuildId(1), BuildId(u64::MAX)] {
        let errors = [
            store.load(id).await.expect_err("load"),
            store.history(id, 0, 1).await.expect_err("history"),
            store.pending(id).await.expect_err("pending"),
            store.remove(id).await.expect_err("remove"),
            store.acquire_lease(id, "us", moment(0)).await.expect_err("lease"),
            store.defer(id, mbs_core::build::EffectSeq(1), 0, moment(0), 1).await.expect_err("defer"),
        ];
        for error in errors {
            assert!(matches!(error, StoreError::NotFound(found) if found == id), "{error:?}");
        }
    }
}

/// Revisions of several builds at once.
pub async fn revisions_leave_out_what_does_not_exist(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, new_build("m", &[])).await;
    let second = Session::create(&store, new_build("n", &[])).await;
    first.start().await;
    let revisions = store.revisions(&[second.id(), BuildId(99), first.id()]).await.expect("revisions");
    assert_eq!(revisions, BTreeMap::from([(first.id(), first.build.revision()), (second.id(), 1)]));
    assert_eq!(store.revisions(&[]).await.expect("revisions"), BTreeMap::new());
}

/// Slots are counted per build until their components end.
pub async fn slots_count_running_components(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let new = NewBuild { owner: parse("bob"), ..new_build("m", &[&["a", "b"]]) };
    let mut session = Session::create(&store, new).await;
    session.start().await;
    assert_eq!(store.slots("memory").await.expect("slots"), mbs_core::store::Slots::default());
    let mut counts = Vec::new();
    loop {
        let events = session.next_events();
        if events.is_empty() {
            break;
        }
        session.events(events).await;
        let slots = store.slots("memory").await.expect("slots");
        counts.push(slots.builds.get(&session.id()).map_or(0, |(owner, running)| {
            assert_eq!(owner.as_str(), "bob");
            *running
        }));
    }
    assert_eq!(counts, [1, 0, 0, 0, 2, 0, 0, 0, 0]);
}

/// The latest measured time of each component of a module stream.
pub async fn durations_are_those_of_the_latest_build(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let times = [[Some(10), Some(20)], [Some(30), None]];
    for (version, [a, b]) in (1..).zip(times) {
        let mut new = new_build("m", &[&["a", "b"]]);
        new.nsvc.version = mbs_core::Version(version);
        let mut session = Session::create(&store, new).await;
        session.start().await;
        for _ in 0..4 {
            session.events(session.next_events()).await;
        }
        session.events(session.next_events()).await;
        for (component, milliseconds) in [(ComponentIx(1), a), (ComponentIx(2), b)] {
            let mut built = built("x", 0);
            built.milliseconds = milliseconds;
            session.events([Event::ComponentCompleted { component, attempt: 1, built }]).await;
        }
    }
    let durations = store.durations(&parse("m"), &parse("1.0")).await.expect("durations");
    let durations: Vec<_> = durations.iter().map(|(name, ms)| (name.as_str(), *ms)).collect();
    assert_eq!(durations, [("a", 30), ("b", 20), ("module-build-macros", 1000)]);
    assert_eq!(store.durations(&parse("m"), &parse("2.0")).await.expect("durations"), BTreeMap::new());
    assert_eq!(store.durations(&parse("n"), &parse("1.0")).await.expect("durations"), BTreeMap::new());
}
