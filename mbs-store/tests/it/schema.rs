//! Older and newer files, and the forms of stored text.

use crate::place::Place;
use mbs_core::store::StoreError;
use mbs_store::{SCHEMA, SqliteStore};
use mbs_testkit::fixture::{new_build, parse};
use mbs_testkit::store::{Session, assert_same, block_on, check_projections};

#[test]
fn a_file_of_schema_1_is_migrated_with_what_it_holds() {
    // What later schemas added is taken away again, which leaves the file that schema 1 had.
    let place = Place::new();
    let expected = mbs_core::store::MemoryStore::new();
    let expected: std::sync::Arc<dyn mbs_core::store::Store> = std::sync::Arc::new(expected);
    block_on(async {
        for store in [place.store(), expected.clone()] {
            Session::create(&store, new_build("m", &[&["a", "b"], &["c"]])).await.finish().await;
            Session::create(&store, new_build("n", &[&["a"]])).await.start().await;
        }
        let undo = "DROP TABLE notes; ALTER TABLE builds DROP COLUMN imported; DROP TABLE components";
        place.raw().execute_batch(&format!("{undo}; PRAGMA user_version = 1")).expect("schema 1");
        let store = place.store();
        let version: i64 = place.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).expect("version");
        assert_eq!(version, SCHEMA);
        assert_same(expected.as_ref(), store.as_ref(), "migrated").await;
        let durations = store.durations(&parse("m"), &parse("1.0")).await.expect("durations");
        assert_eq!(durations.len(), 4);
        // And it goes on.
        let mut session = Session::open(&store, mbs_core::BuildId(2)).await;
        session.finish().await;
        check_projections(store.as_ref()).await;
    });
}

#[test]
fn a_newer_file_is_refused_and_left_as_it_is() {
    let place = Place::new();
    drop(place.store());
    place.raw().pragma_update(None, "user_version", SCHEMA + 1).expect("newer");
    let error = SqliteStore::open(place.dir()).expect_err("newer");
    let (newer, ours) = (SCHEMA + 1, SCHEMA);
    assert!(
        matches!(error, StoreError::NewerSchema { found, known, .. } if found == newer && known == ours),
        "{error:?}"
    );
    let version: i64 = place.raw().query_row("PRAGMA user_version", [], |row| row.get(0)).expect("version");
    assert_eq!(version, newer);
}

#[test]
fn a_store_that_is_open_writes_nothing_after_a_newer_release_migrated_the_file() {
    let place = Place::new();
    let store = place.store();
    block_on(async {
        let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
        place.raw().pragma_update(None, "user_version", SCHEMA + 1).expect("newer");
        let write = session.write([mbs_core::build::Event::Attached { fence: 1 }]);
        let error = store.append(&[write]).await.expect_err("newer");
        assert!(matches!(error, StoreError::NewerSchema { .. }), "{error:?}");
        assert_eq!(store.load(session.id()).await.expect("build").revision(), 1);
    });
}
