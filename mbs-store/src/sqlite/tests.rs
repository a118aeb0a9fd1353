//! What only the inside of the store can provoke.

use super::SqliteStore;
use crate::state_dir::StateDir;
use mbs_core::build::Event;
use mbs_core::store::{Store, StoreError};
use mbs_testkit::fixture::new_build;
use mbs_testkit::store::{Session, block_on, check_projections};
use rusqlite::Connection;
use std::sync::Arc;

/// Bounds the size of the file, as a full disk does; none lifts the bound.
async fn limit(store: &SqliteStore, more_pages: Option<i64>) {
    let job = move |tx: &Connection| {
        let pages: i64 = tx.query_row("PRAGMA page_count", [], |row| row.get(0))?;
        let limit = more_pages.map_or(i64::from(u32::MAX) - 2, |more| pages + more);
        tx.query_row(&format!("PRAGMA max_page_count = {limit}"), [], |_| Ok(()))?;
        Ok(())
    };
    store.read(job).await.expect("the bound is set");
}

#[test]
fn a_full_disk_is_named_and_leaves_nothing_of_the_write() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let dir = StateDir::create(folder.path().join("state")).expect("state folder");
    let store = Arc::new(SqliteStore::open(dir).expect("store"));
    let shared: Arc<dyn Store> = store.clone();
    block_on(async {
        let mut session = Session::create(&shared, new_build("m", &[&["a"]])).await;
        session.start().await;
        let before = (session.build.clone(), store.pending(session.id()).await.expect("effects"));
        limit(&store, Some(2)).await;
        // The first entry fits, the last one does not.
        let reason = "x".repeat(40_000);
        let mut write = session.write([Event::Attached { fence: 1 }, Event::CancelAsked { by: reason }]);
        write.done = before.1.iter().map(|waiting| waiting.seq).collect();
        let error = store.append(std::slice::from_ref(&write)).await.expect_err("the disk is full");
        let path = store.state_dir().database().display().to_string();
        assert!(
            matches!(&error, StoreError::Medium(text) if text.contains("disk full") && text.contains(&path)),
            "{error:?}"
        );
        let after =
            (store.load(session.id()).await.expect("build"), store.pending(session.id()).await.expect("effects"));
        assert_eq!(after, before);
        check_projections(store.as_ref()).await;
        let mut big = new_build("n", &[]);
        let mut request = (*big.request).clone();
        request.modulemd = "y".repeat(50_000);
        big.request = Arc::new(request);
        let error = store.create(&[new_build("o", &[]), big], session.now()).await.expect_err("the disk is full");
        assert!(error.to_string().contains("disk full"), "{error}");
        assert_eq!(store.unfinished(session.now()).await.expect("list"), [session.id()]);
        limit(&store, None).await;
        store.append(&[write]).await.expect("there is room again");
        assert_eq!(store.load(session.id()).await.expect("build"), session.build);
        check_projections(store.as_ref()).await;
    });
}
