//! Lock files: read before a submission is made, compared with or written after it.

use super::modules::Known;
use crate::commands::{Source as File, contents};
use crate::error::CliError;
use crate::session::Session;
use chrono::{DateTime, Utc};
use mbs_core::lock::{Lock, Locking, LockingError, PinnedProvider, PinnedSource, Pins};
use mbs_core::modulemd::{Limits, source_text};
use mbs_core::source::Source;
use mbs_core::submit::{Fingerprints, ReadyDocuments, Submissions, SubmitError};
use mbs_core::{ModuleName, StreamName};
use mbs_fetch::Fetcher;
use std::fs::{File as Folder, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Components whose look-aside lists are read at the same time.
const PARALLEL: usize = 8;

/// The lock file that is repeated.
pub(super) struct Locked {
    path: PathBuf,
    lock: Lock,
    pins: Arc<Pins>,
}

impl Locked {
    /// Reads the file.
    pub(super) fn read(path: &Path) -> Result<Self, CliError> {
        let limits = Limits::default();
        let text = source_text(&contents(path, &limits)?, &limits);
        let failed = |source| CliError::LockFile { path: path.to_owned(), source };
        let lock = Lock::parse(&text).map_err(failed)?;
        Ok(Self { path: path.to_owned(), pins: Arc::new(lock.pins()), lock })
    }

    /// The platform that has to be named again.
    pub(super) fn platform(&self) -> Option<(ModuleName, StreamName)> {
        self.lock.assumed_platform()
    }

    /// The time of a document without history.
    pub(super) fn time(&self) -> Option<DateTime<Utc>> {
        self.lock.document_time()
    }

    /// Leaves nothing but the locked builds to build against; all of them have to be there.
    pub(super) async fn pin(&self, text: &str, known: &mut Known) -> Result<(), CliError> {
        self.lock.check_inputs(text, &*known.provider).await.map_err(|error| self.error(error))?;
        known.provider = Arc::new(PinnedProvider::new(Arc::clone(&known.provider), Arc::clone(&self.pins)));
        Ok(())
    }

    /// Answers with the locked commits.
    pub(super) fn source<'s>(&'s self, source: &'s dyn Source) -> PinnedSource<'s> {
        PinnedSource::new(source, &self.pins)
    }

    /// The error of a submission that is refused.
    pub(super) fn refused(&self, text: &str, problem: SubmitError) -> CliError {
        self.error(self.lock.refused(text, problem))
    }

    fn error(&self, error: LockingError) -> CliError {
        match error {
            LockingError::Differs(source) => {
                CliError::NotAsLocked { path: self.path.clone(), source: Box::new(source) }
            }
            other => other.into(),
        }
    }
}

/// What a submission is locked as, or compared with.
pub(super) struct Locks<'a> {
    /// Where a lock is written to.
    pub(super) write: Option<&'a Path>,
    /// What is repeated.
    pub(super) repeat: Option<&'a Locked>,
    /// The document as it was submitted.
    pub(super) text: &'a str,
    /// Contexts of the builds that are wanted; none: all.
    pub(super) contexts: &'a [String],
}

impl Locks<'_> {
    /// Compares all builds of a submission with the lock, or writes one.
    pub(super) async fn settle(
        &self,
        submissions: &Submissions,
        ready: &ReadyDocuments,
        fetcher: &Fetcher,
        fingerprints: &dyn Fingerprints,
        session: &Session,
    ) -> Result<(), CliError> {
        let locking = Locking {
            modulemd: self.text,
            time: ready.origin.time,
            lists: fetcher,
            parallel: PARALLEL,
            // The only backend builds on this machine.
            fingerprints: Some(fingerprints),
        };
        if let Some(locked) = self.repeat {
            let compared = locking.compare(&locked.lock, &submissions.builds, self.contexts).await;
            compared.map_err(|error| locked.error(error))?;
        }
        if let Some(path) = self.write {
            write(path, &locking.lock(&submissions.builds).await?.to_string())?;
            session.output.note(&format!("locked in {}", path.display()));
        }
        Ok(())
    }
}

/// Writes a file, all or nothing: a reader sees the old one or the new one.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error| CliError::file("write", path)(error);
    if path.is_file() {
        return File::read(path)?.replace(text.as_bytes());
    }
    if path.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    if path.exists() {
        return Err(CliError::usage(format!("`{}` is no regular file and cannot be a lock file", path.display())));
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::Builder::new()
        .prefix(".mbs-lock-")
        // As any new file: what the user's mask leaves of it.
        .permissions(Permissions::from_mode(0o666))
        .tempfile_in(folder)
        .map_err(failed)?;
    new.write_all(text.as_bytes()).map_err(failed)?;
    new.as_file().sync_all().map_err(failed)?;
    new.persist(path).map_err(|error| failed(error.error))?;
    // Not every file system can do this for a folder; the new file is whole in any case.
    let _ = Folder::open(folder).and_then(|folder| folder.sync_all());
    Ok(())
}
