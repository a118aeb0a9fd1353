//! Several openings of one folder, as several processes have it.

use crate::place::Place;
use mbs_core::build::{Event, ModuleState};
use mbs_core::store::StoreError;
use mbs_store::SqliteStore;
use mbs_testkit::fixture::{moment, new_build};
use mbs_testkit::store::{Session, block_on};
use std::sync::{Arc, Barrier};

#[test]
fn a_writer_that_never_ends_is_given_up_and_nothing_is_left() {
    let place = Place::new();
    let store = place.impatient();
    block_on(async {
        let session = Session::create(&store, new_build("m", &[])).await;
        let other = place.raw();
        other.execute_batch("BEGIN IMMEDIATE").expect("a lock");
        let write = session.clone().write([Event::CancelAsked { by: "ann".to_owned() }]);
        let error = store.append(std::slice::from_ref(&write)).await.expect_err("the other one holds the lock");
        assert!(matches!(error, StoreError::Busy { .. }) && error.is_transient(), "{error:?}");
        // Reading goes on meanwhile.
        assert_eq!(store.load(session.id()).await.expect("build"), session.build);
        other.execute_batch("ROLLBACK").expect("free again");
        store.append(&[write]).await.expect("free");
    });
}

#[test]
fn a_cancel_from_another_opening_is_seen_by_the_one_that_builds() {
    let place = Place::new();
    let (driver, person) = (place.store(), place.store());
    block_on(async {
        let mut building = Session::create(&driver, new_build("m", &[&["a"]])).await;
        building.fence = Some(driver.acquire_lease(building.id(), "driver", moment(0)).await.expect("free").fence);
        building.start().await;
        let mut asked = Session::open(&person, building.id()).await;
        asked.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
        let revisions = driver.revisions(&[building.id()]).await.expect("revisions");
        assert_eq!(revisions[&building.id()], building.build.revision() + 1);
        let late = building.clone().write([Event::Attached { fence: 1 }]);
        assert!(matches!(driver.append(&[late]).await, Err(StoreError::Stale { .. })));
        assert_eq!(driver.load(building.id()).await.expect("build").state(), ModuleState::Failed);
    });
}

#[test]
fn many_may_open_a_new_folder_at_the_same_moment() {
    let place = Place::new();
    let dir = place.dir();
    let together = Arc::new(Barrier::new(6));
    let open = |n: usize| {
        let (dir, together) = (dir.clone(), Arc::clone(&together));
        std::thread::spawn(move || {
            together.wait();
            let store: Arc<dyn mbs_core::store::Store> = Arc::new(SqliteStore::open(dir).expect("store"));
            block_on(async {
                for m in 0..5 {
                    Session::create(&store, new_build(&format!("m{n}-{m}"), &[])).await;
                }
            });
        })
    };
    let threads: Vec<_> = (0..6).map(open).collect();
    for thread in threads {
        thread.join().expect("every opening works");
    }
    let page = mbs_core::store::Page::ALL;
    let (found, total) = block_on(place.store().find(&mbs_core::store::BuildQuery::default(), page)).expect("list");
    assert_eq!((found.len(), total), (30, 30));
    let ids: Vec<_> = found.iter().map(|summary| summary.id.0).collect();
    assert_eq!(ids, (1..=30).rev().collect::<Vec<_>>());
}

#[test]
fn a_lease_ends_with_its_store_and_is_kept_by_nobody_who_stopped_waiting() {
    use futures::FutureExt;
    let place = Place::new();
    let (first, second) = (place.store(), place.store());
    block_on(async {
        let session = Session::create(&first, new_build("m", &[])).await;
        first.acquire_lease(session.id(), "first", moment(0)).await.expect("free");
        assert!(matches!(
            second.acquire_lease(session.id(), "second", moment(0)).await,
            Err(StoreError::LeaseHeld { holder, .. }) if holder == "first"
        ));
        let id = session.id();
        drop((session, first));
        // Asked for, and dropped before the answer is there.
        match second.acquire_lease(id, "second", moment(0)).now_or_never() {
            None => {}
            Some(answer) => second.release_lease(&answer.expect("free")).await.expect("our lease"),
        }
        let lease = second.acquire_lease(id, "third", moment(0)).await.expect("nobody holds it");
        second.renew_lease(&lease, moment(0)).await.expect("our lease");
    });
}

/// A clock whose waits are turns of the processor for others.
struct Yields;

#[async_trait::async_trait]
impl mbs_core::clock::Clock for Yields {
    fn now(&self) -> chrono::DateTime<chrono::Utc> {
        moment(0)
    }

    async fn sleep_until(&self, _when: chrono::DateTime<chrono::Utc>) {
        std::thread::yield_now();
    }
}

#[test]
fn of_many_that_submit_the_same_one_stores_everything_and_the_others_are_told_what_exists() {
    use mbs_core::submit::{AdmissionPolicy, store_builds};
    let place = Place::new();
    place.store();
    let dir = place.dir();
    let together = Arc::new(Barrier::new(6));
    let submit = |_| {
        let (dir, together) = (dir.clone(), Arc::clone(&together));
        std::thread::spawn(move || {
            let store = SqliteStore::open(dir).expect("store");
            let builds = ["aa", "bb", "cc"].map(|context| {
                let mut new = new_build("m", &[&["a"]]);
                new.nsvc.context = mbs_testkit::fixture::parse(context);
                new
            });
            together.wait();
            match block_on(store_builds(&store, &Yields, &builds, AdmissionPolicy::default())) {
                Ok(stored) => stored.iter().filter(|build| build.is_new()).count(),
                Err(error) => {
                    assert_eq!(error.code(), Some("MS0301"), "{error}");
                    0
                }
            }
        })
    };
    let threads: Vec<_> = (0..6).map(submit).collect();
    let mut counts: Vec<_> = threads.into_iter().map(|thread| thread.join().expect("an answer")).collect();
    counts.sort_unstable();
    assert_eq!(counts, [0, 0, 0, 0, 0, 3]);
}
