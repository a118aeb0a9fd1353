//! Rules of effects that wait.

use super::factory::StoreFactory;
use super::session::Session;
use crate::fixture::{commits, moment, new_build};
use mbs_core::build::{EffectKind, EffectSeq, Event, ModuleState, StoredEffect};
use mbs_core::plan::ComponentIx;
use mbs_core::store::StoreError;

async fn pending(session: &Session) -> Vec<StoredEffect> {
    session.store.pending(session.id()).await.expect("the build exists")
}

fn names(waiting: &[StoredEffect]) -> Vec<&'static str> {
    let name = |waiting: &StoredEffect| match waiting.effect.kind {
        EffectKind::ResolveSources => "resolve",
        EffectKind::Connect => "connect",
        EffectKind::Submit { .. } => "submit",
        EffectKind::Close { .. } => "close",
        EffectKind::Tag { .. } => "tag",
        EffectKind::Regenerate { .. } => "regenerate",
        EffectKind::Finalize { .. } => "finalize",
        EffectKind::AnnounceModule { .. } => "module",
        EffectKind::AnnounceComponent { .. } => "component",
    };
    waiting.iter().map(name).collect()
}

/// Effects wait in the order of their entries, and in their order within an entry.
pub async fn they_wait_in_their_order(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
    session.start().await;
    let waiting = pending(&session).await;
    assert_eq!(names(&waiting), ["module", "resolve", "module", "connect", "module"]);
    let seqs: Vec<_> = waiting.iter().map(|waiting| waiting.seq).collect();
    let expected = [(1, 0), (1, 1), (2, 0), (2, 1), (3, 0)].map(|(revision, n)| EffectSeq::new(revision, n));
    assert_eq!(seqs, expected);
    assert!(waiting.iter().all(|waiting| waiting.failures == 0 && waiting.build == session.id()));
    assert_eq!(waiting[2].effect.due, moment(2));
}

/// What is marked done waits no more; marking it again, or something unknown, is no error.
pub async fn done_ones_are_gone(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let waiting = pending(&session).await;
    session.done(vec![waiting[0].seq]).await;
    assert_eq!(pending(&session).await, waiting[1..]);
    session.done(vec![waiting[0].seq, EffectSeq::new(99, 0)]).await;
    assert_eq!(pending(&session).await, waiting[1..]);
    assert_eq!(store.load(session.id()).await.expect("build").revision(), 1);
}

/// A cancel withdraws what was asked of the builder in the same write, but tells the world and ends the tasks.
pub async fn a_cancel_keeps_messages_and_closes(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
    session.start().await;
    session.admit(vec![ComponentIx::MACROS], store.slots("memory").await.expect("slots").token).await.expect("slots");
    assert_eq!(
        names(&pending(&session).await),
        ["module", "resolve", "module", "connect", "module", "component", "submit"]
    );
    session.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    assert_eq!(
        names(&pending(&session).await),
        ["module", "module", "module", "component", "component", "close", "module", "finalize"]
    );
    // A second failure keeps the order to end the task, too.
    session.events([Event::TaskClosed { component: ComponentIx::MACROS, attempt: 1 }]).await;
    session.events([Event::ResumeAsked { by: "ann".to_owned() }]).await;
    session.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    let waiting = names(&pending(&session).await);
    assert_eq!(waiting.iter().filter(|name| **name == "close").count(), 1);
    assert_eq!(waiting.iter().filter(|name| ["connect", "submit", "resolve"].contains(name)).count(), 0);
}

/// A failed delivery is tried later; what is gone is not brought back.
pub async fn putting_off_changes_due_and_failures(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let fence = store.acquire_lease(session.id(), "us", moment(0)).await.expect("a free lease").fence;
    let before = pending(&session).await;
    store.defer(session.id(), before[1].seq, fence, moment(60), 3).await.expect("our lease");
    let mut expected = before.clone();
    expected[1].effect.due = moment(60);
    expected[1].failures = 3;
    assert_eq!(pending(&session).await, expected);
    session.done(vec![before[1].seq]).await;
    store.defer(session.id(), before[1].seq, fence, moment(70), 4).await.expect("being gone is not an error");
    assert_eq!(pending(&session).await, before[..1]);
}

/// A driver that lost its lease puts nothing off.
pub async fn only_the_holder_of_the_fence_puts_off(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let fence = store.acquire_lease(session.id(), "us", moment(0)).await.expect("a free lease").fence;
    let before = pending(&session).await;
    let error = store.defer(session.id(), before[0].seq, fence - 1, moment(60), 3).await.expect_err("not our lease");
    assert!(matches!(error, StoreError::Fenced { .. }), "{error:?}");
    assert_eq!(pending(&session).await, before);
}

/// A driver that starts looks at active builds and at what is due, oldest build first.
pub async fn unfinished_are_active_builds_and_due_effects(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut over = Session::create(&store, new_build("over", &[])).await;
    let mut later = Session::create(&store, new_build("later", &[])).await;
    let mut active = Session::create(&store, new_build("active", &[&["a"]])).await;
    over.finish().await;
    later.events([Event::SourcesResolved { commits: commits(&later.build) }]).await;
    later.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    active.start().await;
    active.all_done().await;
    assert_eq!(later.build.state(), ModuleState::Failed);
    let waiting = pending(&later).await;
    let fence = store.acquire_lease(later.id(), "us", moment(0)).await.expect("a free lease").fence;
    for effect in &waiting {
        store.defer(later.id(), effect.seq, fence, moment(100), 1).await.expect("our lease");
    }
    assert_eq!(store.unfinished(moment(99)).await.expect("list"), [active.id()]);
    assert_eq!(store.unfinished(moment(100)).await.expect("list"), [later.id(), active.id()]);
}
