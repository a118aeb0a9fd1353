//! A temporary state folder as the place of a store.

use async_trait::async_trait;
use mbs_core::store::Store;
use mbs_store::{SqliteOptions, SqliteStore, StateDir};
use mbs_testkit::store::StoreFactory;
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// An empty state folder that goes with the test.
pub(crate) struct Place {
    folder: TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("temporary folder") }
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    pub(crate) fn dir(&self) -> StateDir {
        StateDir::create(self.root()).expect("state folder")
    }

    pub(crate) fn store(&self) -> Arc<dyn Store> {
        open(&self.root())
    }

    /// A store that hardly waits for other writers.
    pub(crate) fn impatient(&self) -> Arc<dyn Store> {
        let options = SqliteOptions { busy_timeout: Duration::from_millis(20) };
        Arc::new(SqliteStore::open_with(self.dir(), options).expect("store"))
    }

    /// The database without any store around it.
    pub(crate) fn raw(&self) -> Connection {
        Connection::open(self.dir().database()).expect("database")
    }
}

pub(crate) fn open(root: &Path) -> Arc<dyn Store> {
    Arc::new(SqliteStore::open(StateDir::create(root).expect("state folder")).expect("store"))
}

#[async_trait]
impl StoreFactory for Place {
    async fn open(&self) -> Arc<dyn Store> {
        self.store()
    }
}
