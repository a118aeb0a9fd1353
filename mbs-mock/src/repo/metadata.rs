//! Makes the metadata.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use mbs_core::repodata::RepomdError;
use thiserror::Error;

use super::{attach, swap};
use crate::programs::{ProgramError, arguments, run};
use crate::rpms::{RpmFacts, read_facts};

/// Prefix of the private folders. One that a killed run left behind is removed by the next.
const TEMPORARY: &str = ".mbs-repodata-";

/// Where createrepo_c itself works when it is not told otherwise; it refuses to start while this exists.
const LEFTOVER: &str = ".repodata";

/// How much of the metadata is read to find the number of packages.
const MAX_START: u64 = 4096;

/// Why the metadata could not be written. The repository is then as it was.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RepoError {
    /// A file or folder of the repository cannot be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// A listed file is not a plain name of a file in the folder.
    #[error("`{file}` cannot be listed in the repository `{}`: expected the name of a file in it", folder.display())]
    BadName {
        /// The repository.
        folder: PathBuf,
        /// The name as given.
        file: String,
    },
    /// A program failed.
    #[error("cannot write the metadata of `{}`: {source}", folder.display())]
    Program {
        /// The repository.
        folder: PathBuf,
        /// The program and what it said.
        #[source]
        source: ProgramError,
    },
    /// A listed file is no RPM that createrepo_c can read. It leaves such files out and reports success.
    #[error("the repository `{}` would hold {indexed} of {listed} RPMs: {reason}", folder.display())]
    Incomplete {
        /// The repository.
        folder: PathBuf,
        /// How many files were listed.
        listed: usize,
        /// How many the metadata describes.
        indexed: usize,
        /// Which file cannot be read, as far as that can be told.
        reason: String,
    },
    /// There is no metadata to change.
    #[error("no repository in `{0}`: it has no `repodata/repomd.xml`; `createrepo_c {0}` makes it", folder.display())]
    NoRepository {
        /// The folder.
        folder: PathBuf,
    },
    /// The list of the metadata's parts is broken.
    #[error("cannot change `{}`: {source}", path.display())]
    List {
        /// The list.
        path: PathBuf,
        /// What is wrong.
        source: RepomdError,
    },
    /// The index of the metadata is not what createrepo_c is known to write.
    #[error("unexpected content in `{}`: {problem}", path.display())]
    Repomd {
        /// The index.
        path: PathBuf,
        /// What is unexpected.
        problem: &'static str,
    },
}

/// What a repository shall hold.
#[derive(Clone, Copy, Debug)]
pub struct RepoRequest<'a> {
    /// The folder with the RPMs; `repodata/` is made in it.
    pub folder: &'a Path,
    /// Names of the files in it that are listed, in any order.
    pub files: &'a [String],
    /// Revision of the repository and time of all its parts, in seconds since 1970. The RPM files get it as their
    /// modification time, because the metadata holds that time.
    pub revision: u64,
    /// Whether the metadata must survive a power cut. A repository that is still growing is made again anyway.
    pub durable: bool,
    /// The `modules.yaml` of the finished module; none while it is being built.
    pub modules: Option<&'a str>,
}

/// The names of the files whose package is not filtered.
///
/// As the filter of a modulemd file says which *packages* are left out, a source RPM stays even if a package of the
/// same name is filtered.
pub fn unfiltered<'a>(
    files: impl IntoIterator<Item = (&'a str, &'a RpmFacts)>,
    filter: &BTreeSet<String>,
) -> Vec<String> {
    let kept = files.into_iter().filter(|(_, facts)| facts.source || !filter.contains(&facts.name));
    kept.map(|(file, _)| file.to_owned()).collect()
}

/// Writes the metadata and puts it in place in one step. Blocks until it is done.
///
/// Only one call per folder may run at a time.
pub fn write_repository(request: &RepoRequest<'_>) -> Result<(), RepoError> {
    let folder = request.folder;
    remove_leftovers(folder)?;
    let mut files: Vec<&String> = request.files.iter().collect();
    files.sort();
    files.dedup();
    for file in &files {
        set_time(folder, file, request.revision)?;
    }
    let work = tempfile::Builder::new().prefix(TEMPORARY).tempdir_in(folder).map_err(|source| RepoError::Io {
        action: "make a folder in",
        path: folder.to_owned(),
        source,
    })?;
    let list = work.path().join("pkglist");
    let lines: String = files.iter().flat_map(|file| [file.as_str(), "\n"]).collect();
    write(&list, &lines)?;
    let program = |name: &str, list: &[&OsStr]| {
        run(name, &arguments(list)).map_err(|source| RepoError::Program { folder: folder.to_owned(), source })
    };
    let revision = request.revision.to_string();
    program(
        "createrepo_c",
        &[
            "--quiet".as_ref(),
            "--no-database".as_ref(),
            "--general-compress-type".as_ref(),
            "gz".as_ref(),
            "--revision".as_ref(),
            revision.as_ref(),
            "--set-timestamp-to-revision".as_ref(),
            "--pkglist".as_ref(),
            list.as_ref(),
            "--outputdir".as_ref(),
            work.path().as_ref(),
            folder.as_ref(),
        ],
    )?;
    let made = work.path().join("repodata");
    check_complete(folder, &made, &files)?;
    if let Some(modules) = request.modules {
        attach::put(&made, modules, false)?;
    }
    if request.durable {
        swap::sync_folder(&made)?;
    }
    swap::put_in_place(&made, &folder.join("repodata"), &work.path().join("replaced"))?;
    if request.durable { swap::sync(folder) } else { Ok(()) }
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> RepoError {
    let path = path.to_owned();
    move |source| RepoError::Io { action, path, source }
}

fn write(path: &Path, content: &str) -> Result<(), RepoError> {
    fs::write(path, content).map_err(io("write", path))
}

fn remove_leftovers(folder: &Path) -> Result<(), RepoError> {
    let entries = fs::read_dir(folder).map_err(io("read", folder))?;
    for entry in entries {
        let entry = entry.map_err(io("read", folder))?;
        let name = entry.file_name();
        let is_leftover = name.to_str().is_some_and(|name| name == LEFTOVER || name.starts_with(TEMPORARY));
        if is_leftover {
            fs::remove_dir_all(entry.path()).map_err(io("remove", &entry.path()))?;
        }
    }
    Ok(())
}

fn set_time(folder: &Path, file: &str, revision: u64) -> Result<(), RepoError> {
    if file.is_empty() || file.contains(['/', '\n']) || file.starts_with('.') {
        return Err(RepoError::BadName { folder: folder.to_owned(), file: file.to_owned() });
    }
    let path = folder.join(file);
    let time = UNIX_EPOCH + Duration::from_secs(revision);
    let metadata = fs::metadata(&path).map_err(io("read", &path))?;
    if metadata.modified().is_ok_and(|known| known == time) {
        return Ok(());
    }
    let open = File::open(&path).map_err(io("open", &path))?;
    open.set_modified(time).map_err(io("set the time of", &path))
}

/// Compares the number of packages that the metadata names at its start with the number listed.
fn check_complete(folder: &Path, made: &Path, files: &[&String]) -> Result<(), RepoError> {
    let is_primary = |path: &PathBuf| path.to_str().is_some_and(|path| path.ends_with("primary.xml.gz"));
    let entries = fs::read_dir(made).map_err(io("read", made))?;
    let primary = entries.filter_map(Result::ok).map(|entry| entry.path()).find(is_primary);
    let path = primary.ok_or_else(|| RepoError::Repomd {
        path: made.join("repomd.xml"),
        problem: "the part `primary` is not compressed with gzip",
    })?;
    let mut start = Vec::new();
    let file = File::open(&path).map_err(io("read", &path))?;
    flate2::read::GzDecoder::new(file).take(MAX_START).read_to_end(&mut start).map_err(io("read", &path))?;
    let indexed = package_count(&start)
        .ok_or(RepoError::Repomd { path, problem: "the number of packages is not named at the start" })?;
    if indexed == files.len() {
        return Ok(());
    }
    let broken = files.iter().find_map(|file| read_facts(&folder.join(file)).err());
    let reason = broken.map_or_else(|| "createrepo_c left some out".to_owned(), |error| error.to_string());
    Err(RepoError::Incomplete { folder: folder.to_owned(), listed: files.len(), indexed, reason })
}

/// The attribute `packages="N"` of the root element.
fn package_count(start: &[u8]) -> Option<usize> {
    const ATTRIBUTE: &[u8] = b" packages=\"";
    let at = start.windows(ATTRIBUTE.len()).position(|window| window == ATTRIBUTE)?;
    let rest = &start[at + ATTRIBUTE.len()..];
    let end = rest.iter().position(|byte| *byte == b'"')?;
    std::str::from_utf8(&rest[..end]).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_the_folder_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["../x.rpm", "/x.rpm", "", ".hidden", "a\nb"] {
            let files = [name.to_owned()];
            let request =
                RepoRequest { folder: folder.path(), files: &files, revision: 1, durable: true, modules: None };
            assert!(matches!(write_repository(&request), Err(RepoError::BadName { .. })), "{name}");
        }
    }
}
