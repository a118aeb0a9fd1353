//! Rules of [`Store::append`].

use super::factory::StoreFactory;
use super::session::{Session, check_projections};
use crate::fixture::{commits, moment, new_build, new_build_after};
use mbs_core::BuildId;
use mbs_core::build::{Event, ModuleState, ReplayError};
use mbs_core::plan::ComponentIx;
use mbs_core::store::{Append, SlotToken, Store, StoreError};
use std::sync::Arc;

/// Two builds in state init.
async fn two(store: &Arc<dyn Store>) -> (Session, Session) {
    let first = Session::create(store, new_build("m", &[&["a"]])).await;
    let second = Session::create(store, new_build("n", &[&["a"]])).await;
    (first, second)
}

/// Writes two builds in one call of which the second is refused; nothing of the first may stay.
async fn refused(store: &Arc<dyn Store>, mut good: Session, bad: Append) -> StoreError {
    let commits = commits(&good.build);
    let write = good.write([Event::SourcesResolved { commits }]);
    let before = store.pending(good.id()).await.expect("effects");
    let done = before.iter().map(|waiting| waiting.seq).collect();
    let bad_build = bad.build;
    let bad_before = (store.load(bad_build).await.ok(), store.pending(bad_build).await.ok());
    let error = store.append(&[Append { done, ..write }, bad]).await.expect_err("the second write is refused");
    assert_eq!(store.load(good.id()).await.expect("build").revision(), 1);
    assert_eq!(store.history(good.id(), 0, 10).await.expect("log").len(), 1);
    assert_eq!(store.pending(good.id()).await.expect("effects"), before);
    assert_eq!((store.load(bad_build).await.ok(), store.pending(bad_build).await.ok()), bad_before);
    check_projections(store.as_ref()).await;
    error
}

/// One call writes about several builds.
pub async fn several_builds_at_once(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (mut first, mut second) = two(&store).await;
    let write = first.write([Event::SourcesResolved { commits: commits(&second.build) }, Event::BuildrootReady]);
    let cancel = second.write([Event::CancelAsked { by: "ann".to_owned() }]);
    store.append(&[write, cancel]).await.expect("both are on their present revision");
    assert_eq!(store.load(first.id()).await.expect("build"), first.build);
    assert_eq!(store.load(second.id()).await.expect("build"), second.build);
    assert_eq!(second.build.state(), ModuleState::Failed);
    check_projections(store.as_ref()).await;
}

/// Somebody else wrote first: the error tells the revision, and nothing of the call stays.
pub async fn a_stale_write_leaves_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (first, second) = two(&store).await;
    let mut other = second.clone();
    other.events([Event::Attached { fence: 0 }]).await;
    let late = second.clone().write([Event::CancelAsked { by: "ann".to_owned() }]);
    let error = refused(&store, first.clone(), late).await;
    assert!(matches!(error, StoreError::Stale { build, expected: 1, found: 2 } if build == second.id()), "{error:?}");
    assert!(error.is_conflict());
    // A revision that is not reached yet is refused as well.
    let mut ahead = other.write([Event::Attached { fence: 0 }]);
    ahead.expected_revision += 1;
    let error = refused(&store, first, ahead).await;
    assert!(matches!(error, StoreError::Stale { expected: 3, found: 2, .. }), "{error:?}");
}

/// A driver whose lease was taken over cannot write; requests from outside carry no fence and can.
pub async fn a_fenced_write_leaves_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (first, mut second) = two(&store).await;
    let old = store.acquire_lease(second.id(), "first", moment(0)).await.expect("a free lease");
    store.release_lease(&old).await.expect("our lease");
    let new = store.acquire_lease(second.id(), "second", moment(1)).await.expect("a free lease");
    let late = Append { fence: Some(old.fence), ..second.clone().write([Event::Attached { fence: old.fence }]) };
    let error = refused(&store, first, late).await;
    let StoreError::Fenced { build, ours, found } = error else { return assert!(error.is_conflict(), "{error:?}") };
    assert_eq!((build, ours, found), (second.id(), old.fence, new.fence));
    second.fence = Some(new.fence);
    second.events([Event::Attached { fence: new.fence }]).await;
    second.fence = None;
    second.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
}

/// Slots were taken by somebody else since the token was handed out.
pub async fn a_write_without_taken_slots_leaves_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let first = Session::create(&store, new_build("o", &[])).await;
    let (mut second, mut third) = two(&store).await;
    second.start().await;
    third.start().await;
    let token = store.slots("memory").await.expect("slots").token;
    assert_eq!(token, SlotToken(0));
    let taken = second.admit(vec![ComponentIx::MACROS], token).await.expect("nobody took slots");
    assert_eq!(taken.slots, Some(SlotToken(1)));
    let late = Append {
        slots: Some(token),
        ..third.clone().write([Event::Admitted { components: vec![ComponentIx::MACROS] }])
    };
    let error = refused(&store, first, late).await;
    assert!(matches!(error, StoreError::SlotsTaken) && error.is_conflict(), "{error:?}");
    assert_eq!(store.slots("memory").await.expect("slots").token, SlotToken(1));
    let taken = third.admit(vec![ComponentIx::MACROS], SlotToken(1)).await.expect("the present token");
    assert_eq!(taken.slots, Some(SlotToken(2)));
}

/// A build that does not exist.
pub async fn an_unknown_build_leaves_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (first, second) = two(&store).await;
    let nobody = Append { build: BuildId(77), ..second.clone().write([Event::Attached { fence: 1 }]) };
    let error = refused(&store, first, nobody).await;
    assert!(matches!(error, StoreError::NotFound(BuildId(77))), "{error:?}");
}

/// Entries that are not numbered on from the expected revision, and projections of another revision.
pub async fn entries_out_of_order_leave_nothing(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (first, second) = two(&store).await;
    let events = [Event::Attached { fence: 1 }, Event::Attached { fence: 2 }, Event::Attached { fence: 3 }];
    let mut gap = second.clone().write(events.clone());
    gap.decided.remove(1);
    let error = refused(&store, first.clone(), gap).await;
    let expected = ReplayError::Gap { found: 4, expected: 3 };
    assert!(matches!(&error, StoreError::Damaged { source, .. } if *source == expected), "{error:?}");
    let mut older = second.clone().write(events);
    older.summary.revision -= 1;
    let error = refused(&store, first, older).await;
    assert!(matches!(&error, StoreError::Damaged { source: ReplayError::Gap { .. }, .. }), "{error:?}");
}

/// Two writes about one build in one call: the second goes on where the first ends.
pub async fn writes_about_one_build_follow_each_other(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (mut first, _) = two(&store).await;
    let commits = commits(&first.build);
    let one = first.write([Event::SourcesResolved { commits }]);
    let doubled = [one.clone(), one.clone()];
    let error = store.append(&doubled).await.expect_err("the second is stale");
    assert!(matches!(error, StoreError::Stale { expected: 1, found: 2, .. }), "{error:?}");
    assert_eq!(store.load(first.id()).await.expect("build").revision(), 1);
    let two = first.write([Event::BuildrootReady]);
    store.append(&[one, two]).await.expect("they follow each other");
    assert_eq!(store.load(first.id()).await.expect("build"), first.build);
    check_projections(store.as_ref()).await;
}

/// Builds that start components in one call share the token they were admitted with.
pub async fn a_token_is_good_for_all_builds_of_one_call(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let (mut first, mut second) = two(&store).await;
    first.start().await;
    second.start().await;
    let token = store.slots("memory").await.expect("slots").token;
    let components = vec![ComponentIx::MACROS];
    let writes = [&mut first, &mut second].map(|session| {
        let write = session.write([Event::Admitted { components: components.clone() }]);
        Append { slots: Some(token), ..write }
    });
    let taken = store.append(&writes).await.expect("nobody took slots");
    let slots = store.slots("memory").await.expect("slots");
    assert_eq!(taken.slots, Some(slots.token));
    assert!(slots.token > token);
    assert_eq!(slots.builds.len(), 2);
}

/// Taking slots in one backend does not disturb another.
pub async fn tokens_belong_to_their_backend(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, new_build("m", &[])).await;
    let mut new = new_build("n", &[&["a"]]);
    let mut request = (*new.request).clone();
    "other".clone_into(&mut request.backend);
    new.request = Arc::new(request);
    let mut second = Session::create(&store, new).await;
    first.start().await;
    second.start().await;
    let token = store.slots("other").await.expect("slots").token;
    second.admit(vec![ComponentIx::MACROS], token).await.expect("nobody took slots");
    assert_eq!(store.slots("memory").await.expect("slots").token, SlotToken(0));
    assert_eq!(store.slots("memory").await.expect("slots").builds.len(), 0);
    let other = store.slots("other").await.expect("slots");
    assert_eq!(other.builds.into_iter().collect::<Vec<_>>(), [(second.id(), (second.build.owner().clone(), 1))]);
}

/// After every write, lists show what the log says: state, reason, blame, batch, counts, times.
pub async fn projections_follow_every_entry(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    for new in [
        new_build("batches", &[&["a", "b"], &["c"]]),
        new_build_after("graph", &[("a", &[]), ("b", &["a"]), ("c", &[])]),
        new_build("empty", &[]),
    ] {
        let mut session = Session::create(&store, new).await;
        check_projections(store.as_ref()).await;
        session.finish().await;
        assert_eq!(session.build.state(), ModuleState::Ready);
    }
    let mut failing = Session::create(&store, new_build("failing", &[&["a"]])).await;
    failing.start().await;
    failing.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    failing.events([Event::ResumeAsked { by: "ann".to_owned() }]).await;
    failing.finish().await;
    failing.events([Event::Retired { reason: "old".to_owned() }]).await;
}

/// A group of entries is one write; what is done of it may name its own effects.
pub async fn many_entries_in_one_write(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a", "b", "c", "d"]])).await;
    let mut writes = Vec::new();
    loop {
        let events = session.next_events();
        if events.is_empty() {
            break;
        }
        writes.push(session.write(events));
    }
    let mut whole = writes.remove(0);
    for write in writes {
        whole.decided.extend(write.decided);
        whole.summary = write.summary;
    }
    let last = whole.decided.last().expect("several entries");
    let seq = mbs_core::build::EffectSeq::new(last.entry.revision, 0);
    whole.done = vec![seq];
    store.append(&[whole]).await.expect("one write");
    let waiting = store.pending(session.id()).await.expect("effects");
    assert!(waiting.iter().all(|waiting| waiting.seq != seq));
    assert!(waiting.iter().any(|waiting| waiting.seq > seq), "the second message of the last entry waits");
    assert_eq!(store.load(session.id()).await.expect("build"), session.build);
    check_projections(store.as_ref()).await;
}
