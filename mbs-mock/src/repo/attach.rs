//! Puts module documents into metadata that is there.

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use mbs_core::repodata::{self, REPOMD, Repomd};

use super::metadata::RepoError;
use super::swap;

/// What stands beside a list of parts and belongs to exactly that list.
const SIGNATURE: &str = "repomd.xml.asc";

/// What was done to a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attached {
    /// The file with the documents.
    pub file: PathBuf,
    /// Files of earlier documents, which were removed.
    pub removed: Vec<PathBuf>,
    /// A signature that no longer fits.
    pub stale_signature: Option<PathBuf>,
}

/// Puts module documents into the metadata of a repository, in place of those that it has. All else in it stays as it is.
///
/// A reader that comes meanwhile sees the old repository or the new one, and after a power cut one of these is there. The
/// same repository and documents give the same bytes. Blocks until it is done; only one call per folder may run at a time.
///
/// # Errors
/// [`RepoError::NoRepository`], [`RepoError::List`] for a `repomd.xml` that is broken, [`RepoError::Io`]. The repository is
/// then as it was, unless the removal of earlier documents failed.
pub fn attach_modules(folder: &Path, modules: &str) -> Result<Attached, RepoError> {
    let list = folder.join(REPOMD);
    if !list.is_file() {
        return Err(RepoError::NoRepository { folder: folder.to_owned() });
    }
    let made = folder.join("repodata");
    let (file, old) = put(&made, modules, true)?;
    let mut removed = Vec::new();
    for path in old {
        match fs::remove_file(&path) {
            Ok(()) => removed.push(path),
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(io("remove", &path)(error)),
        }
    }
    let signature = made.join(SIGNATURE);
    Ok(Attached { file, removed, stale_signature: signature.exists().then_some(signature) })
}

/// Writes the file of the part and then the list, in a folder `repodata`. Gives the file, and files that the list names no
/// more.
pub(super) fn put(made: &Path, modules: &str, durable: bool) -> Result<(PathBuf, Vec<PathBuf>), RepoError> {
    let list = made.join("repomd.xml");
    let bytes = fs::read(&list).map_err(io("read", &list))?;
    let text =
        String::from_utf8(bytes).map_err(|_| RepoError::Repomd { path: list.clone(), problem: "it is not UTF-8" })?;
    let in_list = |source| RepoError::List { path: list.clone(), source };
    let attachment = repodata::attach_modules(&text, modules).map_err(in_list)?;
    let permissions = fs::metadata(&list).map_err(io("read", &list))?.permissions();
    let file = made.join(&attachment.file_name);
    // Its name has its checksum in it, so what is there already needs no second writing.
    if fs::read(&file).ok().as_ref() != Some(&attachment.file) {
        replace(made, &file, &attachment.file, &permissions, durable)?;
    }
    if attachment.repomd != text {
        replace(made, &list, attachment.repomd.as_bytes(), &permissions, durable)?;
    }
    let kept = Repomd::parse(&attachment.repomd).map_err(in_list)?;
    let kept: Vec<&str> = kept.parts.iter().filter_map(|part| part.location.as_deref()).collect();
    let gone = attachment.replaced.iter().filter(|location| !kept.contains(&location.as_str()));
    Ok((file, gone.filter_map(|location| plain(made, location)).collect()))
}

/// The file of a location, if it lies directly in the folder `repodata`: nothing else is ours to remove.
fn plain(made: &Path, location: &str) -> Option<PathBuf> {
    let name = Path::new(location.strip_prefix("repodata/")?);
    (name.file_name() == Some(name.as_os_str()) && name != OsStr::new("repomd.xml")).then(|| made.join(name))
}

/// Writes a file beside its place and moves it there.
fn replace(
    folder: &Path,
    place: &Path,
    content: &[u8],
    permissions: &Permissions,
    durable: bool,
) -> Result<(), RepoError> {
    let mut new = tempfile::Builder::new().prefix(".mbs-").tempfile_in(folder).map_err(io("write in", folder))?;
    let written = new.write_all(content).and_then(|()| new.as_file().set_permissions(permissions.clone()));
    let settled = written.and_then(|()| if durable { new.as_file().sync_all() } else { Ok(()) });
    settled.map_err(io("write", place))?;
    new.persist(place).map_err(|error| io("replace", place)(error.error))?;
    if durable { swap::sync(folder) } else { Ok(()) }
}

fn io(action: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> RepoError {
    let path = path.to_owned();
    move |source| RepoError::Io { action, path, source }
}
