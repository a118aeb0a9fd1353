//! Rules of [`Store::create`].

use super::factory::StoreFactory;
use super::session::{Session, check_projections};
use crate::fixture::{moment, new_build, parse};
use mbs_core::build::{Change, EffectKind, Event, ModuleState, NewBuild};
use mbs_core::store::{BuildQuery, Page, Store, StoreError};
use mbs_core::{BuildId, Version};

async fn create(store: &dyn Store, new: NewBuild) -> mbs_core::build::BuildHeader {
    store.create(&[new], moment(0)).await.expect("a new build can be stored").remove(0).header
}

fn with_context(context: &str) -> NewBuild {
    let mut new = new_build("m", &[&["a"]]);
    new.nsvc.context = parse(context);
    new
}

fn scratch(context: &str) -> NewBuild {
    NewBuild { scratch: true, ..with_context(context) }
}

/// If one build of a call cannot be stored, none is, and no number is used.
pub async fn all_or_none(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let new = [with_context("aa"), with_context("bb"), with_context("aa")];
    let error = store.create(&new, moment(0)).await.expect_err("the third build has the identity of the first");
    assert!(matches!(error, StoreError::Exists { id: BuildId(1), .. }), "{error:?}");
    let (found, total) = store.find(&BuildQuery::default(), Page::ALL).await.expect("list");
    assert_eq!((found.len(), total), (0, 0));
    assert!(matches!(store.load(BuildId(1)).await, Err(StoreError::NotFound(BuildId(1)))));
    let created = store.create(&new[..2], moment(0)).await.expect("two builds");
    let ids: Vec<_> = created.iter().map(|created| created.header.id.0).collect();
    assert_eq!(ids, [1, 2]);
}

/// A number that was given once is never given again, not even after a removal or a reopening.
pub async fn numbers_grow_and_are_not_used_again(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    create(store.as_ref(), with_context("aa")).await;
    let mut last = Session::create(&store, with_context("bb")).await;
    assert_eq!(last.id(), BuildId(2));
    last.finish().await;
    store.remove(last.id()).await.expect("a finished build can be removed");
    let again = factory.open().await;
    assert_eq!(create(again.as_ref(), with_context("bb")).await.id, BuildId(3));
}

/// The error for a second build of an identity names the first and its state.
pub async fn an_identity_exists_once(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, with_context("aa")).await;
    first.start().await;
    match store.create(&[with_context("aa")], moment(9)).await {
        Err(StoreError::Exists { id, state, nsvc }) => {
            assert_eq!((id, state), (first.id(), ModuleState::Build));
            assert_eq!(*nsvc, with_context("aa").nsvc);
        }
        other => assert!(other.is_err() && other.is_ok(), "expected `Exists`, found {other:?}"),
    }
    create(store.as_ref(), with_context("bb")).await;
}

/// `_1`, `_2`, ... for scratch builds whose context begins with the same text.
pub async fn scratch_contexts_are_counted(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    create(store.as_ref(), with_context("aa")).await;
    let new = [scratch("aa"), scratch("aa"), scratch("aabb"), scratch("aa")];
    let created = store.create(&new, moment(0)).await.expect("scratch builds always have room");
    let contexts: Vec<_> = created.iter().map(|created| created.header.nsvc.context.to_string()).collect();
    assert_eq!(contexts, ["aa_1", "aa_2", "aabb_1", "aa_4"]);
    // In the count `_` stands for any one character, as in the pattern that the original asks its database with.
    let created = store.create(&[scratch("axb"), scratch("a_b")], moment(0)).await.expect("there is room");
    let contexts: Vec<_> = created.iter().map(|created| created.header.nsvc.context.to_string()).collect();
    assert_eq!(contexts, ["axb_1", "a_b_3"]);
    let mut other = scratch("aa");
    other.nsvc.version = Version(2);
    assert_eq!(create(store.as_ref(), other).await.nsvc.context.as_str(), "aa_1");
}

/// After a removal the count may name a build that is still there; then the next free number is taken.
pub async fn scratch_contexts_skip_what_is_left_after_a_removal(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, scratch("aa")).await;
    create(store.as_ref(), scratch("aa")).await;
    first.finish().await;
    store.remove(first.id()).await.expect("a finished build can be removed");
    assert_eq!(create(store.as_ref(), scratch("aa")).await.nsvc.context.as_str(), "aa_3");
}

/// The index counts scratch builds and others apart.
pub async fn the_index_is_the_smallest_number_of_its_kind(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut newer = with_context("aa");
    newer.nsvc.version = Version(2);
    let mut indexes = Vec::new();
    for new in [with_context("aa"), scratch("aa"), with_context("bb"), scratch("aa"), newer] {
        indexes.push(create(store.as_ref(), new).await.index.0);
    }
    assert_eq!(indexes, [1, 2, 1, 2, 5]);
}

/// Later builds of a version get the context into the name of their result folder.
pub async fn the_first_build_keeps_the_plain_folder(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut folders = Vec::new();
    for new in [with_context("aa"), with_context("bb"), scratch("aa")] {
        folders.push(create(store.as_ref(), new).await.folder);
    }
    assert_eq!(folders, ["module-m-1.0-1", "module-m-1.0-1-bb", "module-m-1.0-1-aa_1"]);
}

/// Two modules whose plain names are the same text do not share a folder.
pub async fn folders_of_different_modules_never_meet(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut folders = Vec::new();
    for (name, stream, context) in [("a-b", "c", "aa"), ("a", "b-c", "aa"), ("a-b", "c", "bb"), ("a", "b-c", "bb")] {
        let mut new = new_build(name, &[]);
        new.nsvc.stream = parse(stream);
        new.nsvc.context = parse(context);
        folders.push(create(store.as_ref(), new).await.folder);
    }
    assert_eq!(folders, ["module-a-b-c-1", "module-a-b-c-1-aa", "module-a-b-c-1-bb", "module-a-b-c-1-bb-4"]);
}

/// The first entry holds the whole head; the state is init; the first message and the first order wait.
pub async fn a_new_build_has_its_first_entry_and_effects(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let new = new_build("m", &[&["a"], &["b"]]);
    let header = create(store.as_ref(), new.clone()).await;
    assert_eq!((&header.nsvc, &header.owner, header.submitted), (&new.nsvc, &new.owner, moment(0)));
    assert_eq!(header.request, new.request);
    let log = store.history(header.id, 0, 10).await.expect("log");
    assert_eq!((log.len(), log[0].revision, log[0].time), (1, 1, moment(0)));
    assert_eq!(log[0].event, Event::Submitted);
    assert_eq!(log[0].changes, [Change::Created { header: Box::new(header.clone()) }]);
    let waiting = store.pending(header.id).await.expect("effects");
    let kinds: Vec<_> = waiting.iter().map(|waiting| waiting.effect.kind.clone()).collect();
    let init = EffectKind::AnnounceModule { state: ModuleState::Init, reason: None };
    assert_eq!(kinds, [init, EffectKind::ResolveSources]);
    assert_eq!(store.load(header.id).await.expect("build").header().as_ref(), &header);
    check_projections(store.as_ref()).await;
}

/// Versions up to 2^64 - 1 come back as they were.
pub async fn the_whole_range_of_versions_is_kept(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    for version in [0, (1 << 63) - 1, 1 << 63, u64::MAX] {
        let mut new = new_build("m", &[]);
        new.nsvc.version = Version(version);
        let header = create(store.as_ref(), new).await;
        assert_eq!(header.nsvc.version, Version(version));
        assert_eq!(store.load(header.id).await.expect("build").nsvc().version, Version(version));
    }
    check_projections(store.as_ref()).await;
}
