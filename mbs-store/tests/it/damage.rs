//! Files and disks that fail.

use crate::place::Place;
use mbs_core::build::{Event, ReplayError};
use mbs_core::store::StoreError;
use mbs_store::SqliteStore;
use mbs_testkit::fixture::new_build;
use mbs_testkit::store::{Session, block_on};

#[test]
fn a_file_that_is_no_database_is_named() {
    let place = Place::new();
    let dir = place.dir();
    std::fs::write(dir.database(), "this is not a database at all, but it is long enough".repeat(100)).expect("file");
    let error = SqliteStore::open(dir.clone()).expect_err("not a database");
    assert!(matches!(error, StoreError::Place { .. }), "{error:?}");
    let text = error.to_string();
    assert!(text.contains("damaged") && text.contains(&*dir.database().display().to_string()), "{text}");
}

#[test]
fn a_database_of_another_program_is_left_alone() {
    let place = Place::new();
    place.raw().execute_batch("CREATE TABLE theirs (x); INSERT INTO theirs VALUES (1)").expect("table");
    let error = SqliteStore::open(place.dir()).expect_err("not ours");
    assert!(error.to_string().contains("another program"), "{error}");
    let tables: i64 = place.raw().query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).expect("count");
    assert_eq!(tables, 1);
}

#[test]
fn an_entry_that_cannot_be_read_is_named_by_build_and_number() {
    let place = Place::new();
    let store = place.store();
    block_on(async {
        let mut session = Session::create(&store, new_build("m", &[&["a"]])).await;
        session.start().await;
        let change = "UPDATE log SET changes = '[{\"change\":\"from_the_future\"}]' WHERE revision = 2";
        place.raw().execute_batch(change).expect("damage");
        let error = store.load(session.id()).await.expect_err("damaged");
        assert!(
            matches!(&error, StoreError::Damaged { source: ReplayError::Unreadable { revision: 2, .. }, .. }),
            "{error:?}"
        );
        assert!(error.to_string().contains("from_the_future"), "{error}");
        place.raw().execute_batch("DELETE FROM log WHERE revision = 2").expect("damage");
        let error = store.load(session.id()).await.expect_err("damaged");
        assert!(matches!(error, StoreError::Damaged { source: ReplayError::Gap { .. }, .. }), "{error:?}");
    });
}

#[test]
fn columns_can_be_made_anew_from_the_log() {
    let place = Place::new();
    let store = SqliteStore::open(place.dir()).expect("store");
    let shared = place.store();
    block_on(async {
        let mut first = Session::create(&shared, new_build("m", &[&["a", "b"]])).await;
        first.finish().await;
        let mut second = Session::create(&shared, new_build("n", &[&["a"]])).await;
        second.start().await;
        second.events([Event::CancelAsked { by: "ann".to_owned() }]).await;
        let dump = || -> Vec<String> {
            let raw = place.raw();
            let mut rows = raw
                .prepare("SELECT json_array(state, reason, blame, batch, revision, complete, running, modified, completed, imported) FROM builds UNION ALL SELECT json_array(build, number, name, milliseconds) FROM components UNION ALL SELECT json_array(build, notes) FROM notes")
                .expect("query");
            let rows = rows.query_map([], |row| row.get(0)).expect("rows");
            rows.collect::<Result<_, _>>().expect("rows")
        };
        let before = dump();
        place
            .raw()
            .execute_batch(
                "UPDATE builds SET state = 0, reason = 'x', blame = NULL, batch = 9, revision = 1, complete = 0, \
                 running = 7, modified = 0, completed = NULL, imported = 1; DELETE FROM notes; DELETE FROM components WHERE number = 1; \
                 UPDATE components SET milliseconds = 1",
            )
            .expect("scramble");
        assert_ne!(dump(), before);
        assert_eq!(store.rebuild_projections().await.expect("whole logs"), 2);
        assert_eq!(dump(), before);
    });
}
