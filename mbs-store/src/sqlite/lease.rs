//! Leases: a lock on a file, which the system gives back when its holder dies, and a number in the database, which every
//! write of the holder carries.

use crate::error::{DbError, io_error};
use crate::rows::{column, number};
use crate::state_dir::StateDir;
use mbs_core::BuildId;
use mbs_core::store::StoreError;
use rusqlite::{Connection, OptionalExtension};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::os::unix::fs::OpenOptionsExt;

/// The longest text about a holder that is shown, in bytes.
const MAX_HOLDER: u64 = 200;

/// A lease with its lock; dropping it frees the lock.
#[derive(Debug)]
pub(super) struct Held {
    pub(super) fence: u64,
    _lock: File,
}

/// Takes the lock, then the next number.
pub(super) fn acquire(tx: &Connection, dir: &StateDir, build: BuildId, holder: &str) -> Result<Held, DbError> {
    super::read::check_exists(tx, build)?;
    let lock = lock(dir, build, holder)?;
    let fence: Option<i64> = tx
        .prepare_cached("UPDATE builds SET fence = fence + 1 WHERE id = ?1 RETURNING fence")?
        .query_row([column(build.0)], |row| row.get(0))
        .optional()?;
    let fence = number(fence.ok_or(StoreError::NotFound(build))?);
    Ok(Held { fence, _lock: lock })
}

fn lock(dir: &StateDir, build: BuildId, holder: &str) -> Result<File, StoreError> {
    let path = dir.lock(build);
    let failed = |doing, error: &std::io::Error| io_error(doing, &path, error);
    let mut file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(&path)
        .map_err(|error| failed("open", &error))?;
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Err(StoreError::LeaseHeld { build, holder: read_holder(&mut file) }),
        Err(TryLockError::Error(error)) => return Err(failed("lock", &error)),
    }
    // The text is for people; the lock is what counts.
    file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(|error| failed("write", &error))?;
    Ok(file)
}

/// Who holds the lock, as far as the file tells.
fn read_holder(file: &mut File) -> String {
    let mut bytes = Vec::new();
    let read = file.take(MAX_HOLDER).read_to_end(&mut bytes);
    let text: Option<String> = read
        .ok()
        .and_then(|_| String::from_utf8(bytes).ok())
        .map(|text| text.chars().filter(|c| !c.is_control()).collect());
    text.filter(|text| !text.is_empty()).unwrap_or_else(|| "another process".to_owned())
}

/// The number of the last lease.
pub(super) fn fence(tx: &Connection, build: BuildId) -> Result<u64, DbError> {
    let fence: Option<i64> = tx
        .prepare_cached("SELECT fence FROM builds WHERE id = ?1")?
        .query_row([column(build.0)], |row| row.get(0))
        .optional()?;
    Ok(number(fence.ok_or(StoreError::NotFound(build))?))
}
