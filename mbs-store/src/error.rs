//! What SQLite and the file system report, in the words of the store.

use mbs_core::store::StoreError;
use rusqlite::ErrorCode;
use std::io;
use std::path::Path;

/// An error inside a job on the connection.
#[derive(Debug)]
pub(crate) enum DbError {
    /// A refusal by the rules of the store.
    Store(StoreError),
    /// The database failed.
    Sqlite(rusqlite::Error),
}

impl From<StoreError> for DbError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl From<rusqlite::Error> for DbError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl DbError {
    /// Whether another process holds the database.
    pub(crate) fn is_busy(&self) -> bool {
        match self {
            Self::Store(_) => false,
            Self::Sqlite(error) => {
                matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
            }
        }
    }

    /// The error for the caller. `place` is the database file, `seconds` how long was waited for a lock.
    pub(crate) fn into_store(self, place: &str, seconds: u64) -> StoreError {
        let error = match self {
            Self::Store(error) => return error,
            Self::Sqlite(error) => error,
        };
        let cannot = |why: String| StoreError::Place { place: place.to_owned(), why };
        match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Busy { seconds },
            Some(ErrorCode::DiskFull) => {
                StoreError::Medium(format!("`{place}` cannot grow: disk full; free some space and try again"))
            }
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => cannot(format!(
                "the file is damaged ({error}); restore it from a copy, or move it away to start with an empty state"
            )),
            Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen) => cannot(format!(
                "it cannot be written ({error}); check owner and permissions, or name another folder with `--state-dir`"
            )),
            Some(ErrorCode::SystemIoFailure) => {
                StoreError::Medium(format!("reading or writing `{place}` failed: {error}; check the disk"))
            }
            _ => StoreError::Medium(format!("`{place}`: {error}")),
        }
    }
}

/// The error for a file or folder that could not be made or opened.
pub(crate) fn io_error(doing: &str, path: &Path, error: &io::Error) -> StoreError {
    let place = path.display().to_string();
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            StoreError::Medium(format!("cannot {doing} `{place}`: disk full; free some space and try again"))
        }
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => StoreError::Place {
            place,
            why: format!("cannot {doing} it ({error}); name a folder that you may write to with `--state-dir`"),
        },
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => StoreError::Place {
            place,
            why: format!("cannot {doing} it ({error}); name another folder with `--state-dir`"),
        },
        _ => StoreError::Medium(format!("cannot {doing} `{place}`: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rusqlite::ffi;

    fn text(code: i32) -> String {
        let error = rusqlite::Error::SqliteFailure(ffi::Error::new(code), None);
        DbError::from(error).into_store("/state/mbs.sqlite", 15).to_string()
    }

    #[test]
    fn errors_say_where_and_what_to_do() {
        for (code, words) in [
            (ffi::SQLITE_FULL, ["/state/mbs.sqlite", "disk full"]),
            (ffi::SQLITE_READONLY, ["/state/mbs.sqlite", "--state-dir"]),
            (ffi::SQLITE_CANTOPEN, ["/state/mbs.sqlite", "permissions"]),
            (ffi::SQLITE_CORRUPT, ["/state/mbs.sqlite", "damaged"]),
            (ffi::SQLITE_NOTADB, ["/state/mbs.sqlite", "damaged"]),
            (ffi::SQLITE_IOERR, ["/state/mbs.sqlite", "check the disk"]),
            (ffi::SQLITE_BUSY, ["another process", "15 s"]),
        ] {
            let text = text(code);
            assert!(words.iter().all(|word| text.contains(word)), "{text}");
        }
    }

    #[test]
    fn a_folder_that_may_not_be_written_is_named_with_the_option_that_names_another() {
        let denied = io::Error::from(io::ErrorKind::ReadOnlyFilesystem);
        let text = io_error("make", Path::new("/state"), &denied).to_string();
        assert!(text.contains("/state") && text.contains("--state-dir"), "{text}");
        let full = io::Error::from(io::ErrorKind::StorageFull);
        let text = io_error("make", Path::new("/state"), &full).to_string();
        assert!(text.contains("/state") && text.contains("disk full"), "{text}");
    }
}
