//! Rules of leases.

use super::factory::StoreFactory;
use super::session::Session;
use crate::fixture::{moment, new_build};
use chrono::TimeDelta;
use mbs_core::store::{Lease, Store, StoreError};
use std::sync::Arc;

async fn acquire(store: &Arc<dyn Store>, session: &Session, holder: &str, seconds: i64) -> Result<Lease, StoreError> {
    store.acquire_lease(session.id(), holder, moment(seconds)).await
}

/// The second driver hears who drives, also through another opening of the store; other builds are free.
pub async fn one_at_a_time(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let other = Session::create(&store, new_build("n", &[])).await;
    acquire(&store, &session, "first driver", 0).await.expect("a free lease");
    for store in [&store, &factory.open().await] {
        let error = acquire(store, &session, "second driver", 1).await.expect_err("the lease is held");
        assert!(
            matches!(&error, StoreError::LeaseHeld { build, holder } if *build == session.id() && holder == "first driver"),
            "{error:?}"
        );
    }
    acquire(&store, &other, "second driver", 1).await.expect("a free lease");
}

/// Every lease of a build has a higher fence than those before it.
pub async fn the_fence_grows(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let mut fences = Vec::new();
    for _ in 0..3 {
        let lease = acquire(&store, &session, "us", 0).await.expect("a free lease");
        fences.push(lease.fence);
        store.release_lease(&lease).await.expect("our lease");
    }
    let again = factory.open().await;
    fences.push(acquire(&again, &session, "us", 0).await.expect("a free lease").fence);
    assert!(fences.windows(2).all(|pair| pair[0] < pair[1]), "{fences:?}");
    assert!(fences[0] > 0);
}

/// A lease given back is free at once; giving it back again is no error, and does not free the next one.
pub async fn a_released_lease_is_free(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let old = acquire(&store, &session, "first", 0).await.expect("a free lease");
    store.release_lease(&old).await.expect("our lease");
    let new = acquire(&store, &session, "second", 0).await.expect("a free lease");
    store.release_lease(&old).await.expect("a lost lease is not an error");
    assert!(matches!(acquire(&store, &session, "third", 0).await, Err(StoreError::LeaseHeld { .. })));
    store.renew_lease(&new, moment(1)).await.expect("our lease");
}

/// Renewing tells a driver that it has lost its build.
pub async fn a_lost_lease_is_not_renewed(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let old = acquire(&store, &session, "first", 0).await.expect("a free lease");
    store.renew_lease(&old, moment(1)).await.expect("our lease");
    store.release_lease(&old).await.expect("our lease");
    let error = store.renew_lease(&old, moment(2)).await.expect_err("given back");
    assert!(matches!(error, StoreError::Fenced { .. }), "{error:?}");
    let new = acquire(&store, &session, "second", 3).await.expect("a free lease");
    let error = store.renew_lease(&old, moment(4)).await.expect_err("taken over");
    assert!(
        matches!(error, StoreError::Fenced { ours, found, .. } if (ours, found) == (old.fence, new.fence)),
        "{error:?}"
    );
}

/// With a lease time, a lease lapses that long after its last renewal; without one, it never does.
pub async fn they_last_as_long_as_promised(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let lease = acquire(&store, &session, "first", 0).await.expect("a free lease");
    let renewed = moment(30);
    store.renew_lease(&lease, renewed).await.expect("our lease");
    let Some(time) = store.lease_time() else {
        let much_later = moment(1_000_000_000);
        let error = store.acquire_lease(session.id(), "second", much_later).await.expect_err("the lease is held");
        assert!(matches!(error, StoreError::LeaseHeld { .. }), "{error:?}");
        return;
    };
    let almost = renewed + time - TimeDelta::milliseconds(1);
    let error = store.acquire_lease(session.id(), "second", almost).await.expect_err("the lease is held");
    assert!(matches!(error, StoreError::LeaseHeld { .. }), "{error:?}");
    let new = store.acquire_lease(session.id(), "second", renewed + time).await.expect("the lease has lapsed");
    assert!(new.fence > lease.fence);
    assert!(matches!(store.renew_lease(&lease, renewed + time).await, Err(StoreError::Fenced { .. })));
}

/// A build is driven while its lease is held, as every opening of the store sees it.
pub async fn builds_that_nobody_drives_are_told_apart(factory: &dyn StoreFactory) {
    let store = factory.open().await;
    let session = Session::create(&store, new_build("m", &[])).await;
    let other = Session::create(&store, new_build("n", &[])).await;
    let lease = acquire(&store, &session, "us", 0).await.expect("a free lease");
    let both = [session.id(), other.id()];
    for store in [&store, &factory.open().await] {
        let undriven = store.undriven(&both, moment(1)).await.expect("answer");
        assert_eq!(undriven.into_iter().collect::<Vec<_>>(), [other.id()]);
    }
    store.release_lease(&lease).await.expect("our lease");
    assert_eq!(store.undriven(&both, moment(1)).await.expect("answer").len(), 2);
}
