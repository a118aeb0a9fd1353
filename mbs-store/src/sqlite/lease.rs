//! Leases: a lock on a file, which the system gives back when its holder dies, and a number in the database, which every
//! write of the holder carries.

use crate::error::DbError;
use crate::lock::FileLock;
use crate::rows::{column, number};
use crate::state_dir::StateDir;
use mbs_core::BuildId;
use mbs_core::store::StoreError;
use rusqlite::{Connection, OptionalExtension};

/// A lease with its lock; dropping it frees the lock.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) fence: u64,
    _lock: FileLock,
}

/// Takes the lock, then the next number.
pub(super) fn acquire(tx: &Connection, dir: &StateDir, build: BuildId, holder: &str) -> Result<Held, DbError> {
    super::read::check_exists(tx, build)?;
    let lock = FileLock::take(&dir.lock(build), holder)?;
    let lock = lock.map_err(|holder| StoreError::LeaseHeld { build, holder })?;
    let fence: Option<i64> = tx
        .prepare_cached("UPDATE builds SET fence = fence + 1 WHERE id = ?1 RETURNING fence")?
        .query_row([column(build.0)], |row| row.get(0))
        .optional()?;
    let fence = number(fence.ok_or(StoreError::NotFound(build))?);
    Ok(Held { fence, _lock: lock })
}

/// The number of the last lease.
pub(super) fn fence(tx: &Connection, build: BuildId) -> Result<u64, DbError> {
    let fence: Option<i64> = tx
        .prepare_cached("SELECT fence FROM builds WHERE id = ?1")?
        .query_row([column(build.0)], |row| row.get(0))
        .optional()?;
    Ok(number(fence.ok_or(StoreError::NotFound(build))?))
}
