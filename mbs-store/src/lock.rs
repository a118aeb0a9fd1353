//! A lock on a file that ends with its process.
//!
//! The lock is the one of `fcntl(2)`: it belongs to the process, so that a child which inherited the open file (a sandbox
//! that was cloned and never executed another program, say) does not keep it alive when the process is killed. The price
//! is two rules that this file keeps: inside one process such locks do not exclude each other, so a list does; and
//! closing any descriptor of the file gives the lock back, so a file in the list is never opened again.

use crate::error::io_error;
use mbs_core::store::StoreError;
use rustix::fs::{FlockOperation, fcntl_lock};
use rustix::io::Errno;
use std::collections::BTreeMap;
use std::fs::{File, Metadata, OpenOptions};
use std::io::{Read, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The longest text about a holder that is shown, in bytes.
const MAX_HOLDER: u64 = 200;

/// Device and number of a file.
type FileId = (u64, u64);

/// The locks of this process with the text about their holders.
static HELD: Mutex<BTreeMap<FileId, String>> = Mutex::new(BTreeMap::new());

fn held() -> MutexGuard<'static, BTreeMap<FileId, String>> {
    // Inserting and removing cannot stop half-way.
    HELD.lock().unwrap_or_else(PoisonError::into_inner)
}

fn id(metadata: &Metadata) -> FileId {
    (metadata.dev(), metadata.ino())
}

/// A lock that is held until this is dropped, or the process is dead.
#[derive(Debug)]
pub(crate) struct FileLock {
    file: Option<File>,
    id: FileId,
}

impl FileLock {
    /// Takes the lock on a file, which is made if it is missing, and writes the text about the holder into it. The inner
    /// error is the text of whoever holds it.
    pub(crate) fn take(path: &Path, holder: &str) -> Result<Result<Self, String>, StoreError> {
        let failed = |doing, error: std::io::Error| io_error(doing, path, &error);
        let mut held = held();
        if let Some(other) = std::fs::metadata(path).ok().and_then(|metadata| held.get(&id(&metadata))) {
            return Ok(Err(other.clone()));
        }
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(|error| failed("open", error))?;
        match fcntl_lock(&file, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => {}
            Err(Errno::AGAIN | Errno::ACCESS) => return Ok(Err(read_holder(&mut file))),
            Err(error) => return Err(failed("lock", error.into())),
        }
        // The text is for people; the lock is what counts.
        file.set_len(0).and_then(|()| file.write_all(holder.as_bytes())).map_err(|error| failed("write", error))?;
        let id = id(&file.metadata().map_err(|error| failed("examine", error))?);
        held.insert(id, holder.to_owned());
        Ok(Ok(Self { file: Some(file), id }))
    }
}

impl FileLock {
    /// Whether nobody holds the lock on a file. Asks without taking it, so that nobody who takes it meanwhile is refused.
    pub(crate) fn is_free(path: &Path) -> Result<bool, StoreError> {
        let held = held();
        match std::fs::metadata(path) {
            Ok(metadata) if held.contains_key(&id(&metadata)) => return Ok(false),
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(io_error("examine", path, &error)),
        }
        let file = File::open(path).map_err(|error| io_error("open", path, &error))?;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the constants of the C library fit the fields of its struct"
        )]
        let mut asked = libc::flock {
            l_type: libc::F_WRLCK as libc::c_short,
            l_whence: libc::SEEK_SET as libc::c_short,
            l_start: 0,
            l_len: 0,
            l_pid: 0,
        };
        // SAFETY: the descriptor is open, and `asked` is a whole `flock` that the call may overwrite.
        let answer = unsafe { libc::fcntl(file.as_raw_fd(), libc::F_GETLK, &raw mut asked) };
        if answer == -1 {
            return Err(io_error("ask for the lock on", path, &std::io::Error::last_os_error()));
        }
        Ok(i32::from(asked.l_type) == libc::F_UNLCK)
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        let mut held = held();
        // Closed before it leaves the list: whoever takes it next must not lose it to this closing.
        self.file = None;
        held.remove(&self.id);
    }
}

/// Who holds the lock, as far as the file tells.
fn read_holder(file: &mut File) -> String {
    let mut bytes = Vec::new();
    let read = file.take(MAX_HOLDER).read_to_end(&mut bytes);
    let text = read.ok().and_then(|_| String::from_utf8(bytes).ok()).unwrap_or_default();
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    if text.is_empty() { "another process".to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_excludes_others_of_the_same_process_until_it_is_dropped() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let path = folder.path().join("1.lock");
        let lock = FileLock::take(&path, "first").expect("no failure").expect("free");
        for _ in 0..2 {
            assert_eq!(FileLock::take(&path, "second").expect("no failure").expect_err("held"), "first");
        }
        FileLock::take(&folder.path().join("2.lock"), "second").expect("no failure").expect("another file");
        assert!(!FileLock::is_free(&path).expect("no failure"));
        drop(lock);
        assert!(FileLock::is_free(&path).expect("no failure"));
        assert!(FileLock::is_free(&folder.path().join("never.lock")).expect("no failure"));
        FileLock::take(&path, "second").expect("no failure").expect("free");
    }

    #[test]
    fn a_folder_that_is_gone_is_an_error() {
        let folder = tempfile::tempdir().expect("temporary folder");
        let error = FileLock::take(&folder.path().join("no/1.lock"), "us").expect_err("no folder");
        assert!(error.to_string().contains("1.lock"), "{error}");
    }
}
