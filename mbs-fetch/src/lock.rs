//! File locks between tasks and processes.

use crate::retry::deadline;
use mbs_core::clock::Clock;
use mbs_core::source::SourceError;
use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::time::Duration;

/// How long to wait before looking again whether a lock is free.
const POLL: Duration = Duration::from_millis(20);

/// An exclusive lock on a file; free as soon as the last copy of the file is closed, however that happens.
///
/// A started program may hold a copy (see [`FileLock::share`]): then the lock outlives this value until that
/// program has really ended.
#[derive(Debug)]
pub(crate) struct FileLock(File);

impl FileLock {
    /// Takes the lock, waiting as long as it takes. Works between tasks of one process as between processes.
    pub(crate) async fn take(path: &Path, clock: &dyn Clock) -> Result<Self, SourceError> {
        let file = OpenOptions::new()
            .create(true)
            .truncate(false)
            .read(true)
            .write(true)
            .open(path)
            .map_err(SourceError::disk("open lock file", path))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self(file)),
                // Polled, because a thread that blocks in the kernel cannot be stopped when the future is dropped.
                Err(TryLockError::WouldBlock) => clock.sleep_until(deadline(clock, POLL)).await,
                Err(TryLockError::Error(error)) => return Err(SourceError::disk("lock", path)(error)),
            }
        }
    }

    /// A copy of the (empty) lock file for a program's standard input.
    pub(crate) fn share(&self) -> Option<File> {
        self.0.try_clone().ok()
    }
}
