//! Rules of [`Store::remove`](mbs_core::store::Store::remove).

use super::factory::StoreFactory;
use super::session::Session;
use crate::fixture::{moment, new_build, parse};
use mbs_core::build::{Event, ModuleState};
use mbs_core::plan::ComponentIx;
use mbs_core::store::{BuildQuery, Page, StoreError};
use std::collections::BTreeMap;

async fn in_use(session: &Session) {
    let error = session.store.remove(session.id()).await.expect_err("the build is in use");
    let wanted = (session.id(), session.build.state());
    assert!(matches!(error, StoreError::InUse { build, state, .. } if (build, state) == wanted), "{error:?}");
    assert_eq!(session.store.load(session.id()).await.expect("build"), session.build);
}

/// Not in an active state, not while tasks are being ended, not while effects wait.
pub async fn only_what_is_over(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
    session.all_done().await;
    in_use(&session).await;
    session.start().await;
    session.all_done().await;
    in_use(&session).await;
    session.admit(vec![ComponentIx::MACROS], store.slots("memory").await.expect("slots").token).await.expect("slots");
    session.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
    session.all_done().await;
    in_use(&session).await;
    session.events([Event::TaskClosed { component: ComponentIx::MACROS, attempt: 1 }]).await;
    session.events([Event::Retired { reason: "old".to_owned() }]).await;
    assert_eq!(session.build.state(), ModuleState::Garbage);
    in_use(&session).await;
    session.all_done().await;
    store.remove(session.id()).await.expect("nothing of it is in use");
}

/// Log, projections and measured times go with it, and its identity and folder are free again.
pub async fn all_of_it(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
    let id = session.id();
    let lease = store.acquire_lease(id, "us", moment(0)).await.expect("a free lease");
    session.finish().await;
    store.remove(id).await.expect("nothing of it is in use");
    assert!(matches!(store.load(id).await, Err(StoreError::NotFound(_))));
    assert!(matches!(store.history(id, 0, 1).await, Err(StoreError::NotFound(_))));
    assert!(matches!(store.pending(id).await, Err(StoreError::NotFound(_))));
    assert!(matches!(store.remove(id).await, Err(StoreError::NotFound(_))));
    assert_eq!(store.find(&BuildQuery::default(), Page::ALL).await.expect("list"), (Vec::new(), 0));
    assert_eq!(store.revisions(&[id]).await.expect("revisions"), BTreeMap::new());
    assert_eq!(store.durations(&parse("m"), &parse("1.0")).await.expect("durations"), BTreeMap::new());
    store.release_lease(&lease).await.expect("a lease that is lost already is not an error");
    let again = Session::create(&store, new_build("m", &[&["a"]])).await;
    assert_eq!(again.build.header().folder, "module-m-1.0-1");
    assert_eq!(again.build.header().index, again.id());
}

/// Other builds of the module are untouched.
pub async fn others_stay(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let mut first = Session::create(&store, new_build("m", &[&["a"]])).await;
    let mut new = new_build("m", &[&["a"]]);
    new.nsvc.context = parse("bb");
    let mut second = Session::create(&store, new).await;
    first.finish().await;
    second.finish().await;
    store.remove(first.id()).await.expect("nothing of it is in use");
    assert_eq!(store.load(second.id()).await.expect("build"), second.build);
    assert_eq!(store.durations(&parse("m"), &parse("1.0")).await.expect("durations").len(), 2);
}
