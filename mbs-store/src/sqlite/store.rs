//! The store itself: each method of the trait as a transaction.

use super::lease::Held;
use super::open::{SqliteOptions, open};
use super::{append, find, lease, notes, read, rebuild, remove, submit};
use crate::error::DbError;
use crate::lock::FileLock;
use crate::rows::{column, nanoseconds};
use crate::schema;
use crate::state_dir::StateDir;
use crate::thread::ConnectionThread;
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::{EffectSeq, LogEntry, ModuleBuild, StoredEffect};
use mbs_core::store::{
    Append, Appended, BuildQuery, BuildSummary, Created, Lease, Page, Slots, Store, StoreError, StoredModule,
    SubmitPart,
};
use mbs_core::{BuildId, ComponentName, ModuleName, StreamName};
use rusqlite::{Connection, TransactionBehavior, params};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// A [`Store`] in a state folder. Leases end with this value or with its process, and never before.
#[derive(Debug)]
pub struct SqliteStore {
    thread: ConnectionThread,
    dir: StateDir,
    place: Arc<str>,
    leases: Mutex<BTreeMap<BuildId, Held>>,
}

impl SqliteStore {
    /// Opens the database of a state folder; makes or migrates its tables. Blocks until the file can be had.
    ///
    /// # Errors
    /// [`StoreError::NewerSchema`]; [`StoreError::Place`] for a file that is damaged, belongs to another program or may not
    /// be written; [`StoreError::Busy`]; [`StoreError::Medium`].
    pub fn open(dir: StateDir) -> Result<Self, StoreError> {
        Self::open_with(dir, SqliteOptions::default())
    }

    /// Opens the database with other than the usual options.
    ///
    /// # Errors
    /// As [`SqliteStore::open`].
    pub fn open_with(dir: StateDir, options: SqliteOptions) -> Result<Self, StoreError> {
        let connection = open(&dir, options)?;
        let place = dir.database().display().to_string();
        let thread = ConnectionThread::start(connection, place.clone(), options.busy_timeout)?;
        Ok(Self { thread, dir, place: place.into(), leases: Mutex::default() })
    }

    /// The folder.
    pub fn state_dir(&self) -> &StateDir {
        &self.dir
    }

    /// Makes every query column anew from the logs: the logs are the truth. Returns how many builds there are.
    ///
    /// # Errors
    /// [`StoreError::Damaged`] for a log that cannot be replayed; the columns of earlier builds are made then.
    pub async fn rebuild_projections(&self) -> Result<u64, StoreError> {
        let builds = self.read(rebuild::builds).await?;
        for build in &builds {
            let build = *build;
            self.write(move |tx| rebuild::rebuild(tx, build)).await?;
        }
        Ok(builds.len() as u64)
    }

    /// A transaction that reads: everything in it sees the same moment.
    pub(super) async fn read<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        let job = |connection: &mut Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Deferred)?;
            job(&tx)
        };
        self.thread.run(job).await
    }

    /// A transaction that writes: all of it is kept, durably, or nothing.
    pub(super) async fn write<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, DbError> + Send + 'static,
    {
        let place = Arc::clone(&self.place);
        let job = move |connection: &mut Connection| {
            let tx = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            schema::check(&tx, &place)?;
            let answer = job(&tx)?;
            tx.commit()?;
            Ok(answer)
        };
        self.thread.run(job).await
    }

    fn leases(&self) -> std::sync::MutexGuard<'_, BTreeMap<BuildId, Held>> {
        // Inserting and removing cannot stop half-way.
        self.leases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up the lease of a build that was removed.
    fn forget(&self, build: BuildId) {
        self.leases().remove(&build);
        // The build is gone; a lock file that stays behind is never used again, because its number is not.
        let _ = std::fs::remove_file(self.dir.lock(build));
    }
}

#[async_trait]
impl Store for SqliteStore {
    async fn submit(&self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        let parts = submit::Parts::new(parts)?;
        let replaced = parts.replaced();
        let created = self.write(move |tx| parts.write(tx, now)).await?;
        for build in replaced {
            self.forget(build);
        }
        Ok(created)
    }

    async fn modules(&self, name: &ModuleName) -> Result<Vec<StoredModule>, StoreError> {
        let name = name.clone();
        self.read(move |tx| notes::modules(tx, &name)).await
    }

    async fn reusable(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, StoreError> {
        let (name, stream) = (name.clone(), stream.clone());
        self.read(move |tx| notes::reusable(tx, &name, &stream)).await
    }

    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
        self.read(move |tx| read::load(tx, build)).await
    }

    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError> {
        let writes: Vec<_> = writes.iter().map(append::Write::new).collect::<Result<_, _>>()?;
        self.write(move |tx| append::append(tx, &writes)).await
    }

    async fn history(&self, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError> {
        self.read(move |tx| read::history(tx, build, after, limit)).await
    }

    async fn pending(&self, build: BuildId) -> Result<Vec<StoredEffect>, StoreError> {
        self.read(move |tx| read::pending(tx, build)).await
    }

    async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError> {
        self.read(move |tx| read::unfinished(tx, now)).await
    }

    async fn defer(
        &self,
        build: BuildId,
        effect: EffectSeq,
        fence: u64,
        due: DateTime<Utc>,
        failures: u32,
    ) -> Result<(), StoreError> {
        let due = nanoseconds(due)?;
        let job = move |tx: &Connection| {
            let found = lease::fence(tx, build)?;
            if found != fence {
                return Err(StoreError::Fenced { build, ours: fence, found }.into());
            }
            tx.prepare_cached("UPDATE effects SET due = ?3, failures = ?4 WHERE build = ?1 AND seq = ?2")?
                .execute(params![column(build.0), column(effect.0), due, failures])?;
            Ok(())
        };
        self.write(job).await
    }

    async fn revisions(&self, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, StoreError> {
        let builds = builds.to_vec();
        self.read(move |tx| read::revisions(tx, &builds)).await
    }

    async fn slots(&self, backend: &str) -> Result<Slots, StoreError> {
        let backend = backend.to_owned();
        self.read(move |tx| read::slots(tx, &backend)).await
    }

    async fn undriven(&self, builds: &[BuildId], _now: DateTime<Utc>) -> Result<BTreeSet<BuildId>, StoreError> {
        let mut free = BTreeSet::new();
        for id in builds {
            if FileLock::is_free(&self.dir.lock(*id))? {
                free.insert(*id);
            }
        }
        Ok(free)
    }

    async fn acquire_lease(&self, build: BuildId, holder: &str, _now: DateTime<Utc>) -> Result<Lease, StoreError> {
        let (dir, holder) = (self.dir.clone(), holder.to_owned());
        // The lock comes with the answer: if nobody waits for it any more, it is free again.
        let held = self.write(move |tx| lease::acquire(tx, &dir, build, &holder)).await?;
        let lease = Lease { build, fence: held.fence };
        self.leases().insert(build, held);
        Ok(lease)
    }

    async fn renew_lease(&self, lease: &Lease, _now: DateTime<Utc>) -> Result<(), StoreError> {
        let Lease { build, fence } = *lease;
        let ours = self.leases().get(&build).is_some_and(|held| held.fence == fence);
        let found = self.read(move |tx| lease::fence(tx, build)).await?;
        if ours && found == fence { Ok(()) } else { Err(StoreError::Fenced { build, ours: fence, found }) }
    }

    async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut leases = self.leases();
        if leases.get(&lease.build).is_some_and(|held| held.fence == lease.fence) {
            leases.remove(&lease.build);
        }
        Ok(())
    }

    fn lease_time(&self) -> Option<TimeDelta> {
        None
    }

    async fn find(&self, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), StoreError> {
        let query = query.clone();
        self.read(move |tx| find::find(tx, &query, page)).await
    }

    async fn remove(&self, build: BuildId) -> Result<(), StoreError> {
        self.write(move |tx| remove::remove(tx, build)).await?;
        self.forget(build);
        Ok(())
    }

    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<ComponentName, u64>, StoreError> {
        let (name, stream) = (name.clone(), stream.clone());
        self.read(move |tx| read::durations(tx, &name, &stream)).await
    }
}
