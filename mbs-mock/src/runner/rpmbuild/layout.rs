//! The folders of one attempt, as named on the host (relative to the work folder) and inside.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Timespec, Timestamps};

use super::error::RunnerError;
use crate::sandbox::{USER, USER_ID, WORK};

/// Spec and sources.
pub(super) const SOURCES: &str = "sources";
/// What rpm installed: the buildroot's packages.
pub(super) const TREE: &str = "tree";
/// Macro files for the source package.
pub(super) const MACROS: &str = "macros";
/// Where programs find the name of the user that they run as.
pub(super) const USERS: &str = "users";
/// The source package.
pub(super) const SOURCE_RPM: &str = "srpm";
/// Source packages that carry generated build requirements.
pub(super) const BUILD_REQUIRES: &str = "buildreqs";
/// What a build makes.
pub(super) const RESULT: &str = "result";
/// rpmbuild's own folders.
pub(super) const TOP: &str = "rpmbuild";
/// rpmbuild's scripts.
pub(super) const SCRIPTS: &str = "tmp";
/// Copies of packages that the build user could not read at their place.
pub(super) const INPUTS: &str = "inputs";
/// The package database, in the tree.
pub(super) const DATABASE: &str = "/var/lib/rpm";

/// All folders that exist from the start.
pub(super) const ALL: [&str; 9] = [SOURCES, TREE, MACROS, USERS, SOURCE_RPM, BUILD_REQUIRES, RESULT, TOP, SCRIPTS];

/// Space below which no disk has room for a build, in bytes.
const SPARSE: u64 = 64 * 1024 * 1024;

/// Links of the host's root that the tree needs too, so that packages that own `/lib64/x` or `/bin/x` land in `/usr`.
const MERGED: [&str; 5] = ["bin", "sbin", "lib", "lib32", "lib64"];

/// Turns an I/O error into ours.
pub(super) fn file_error(path: &Path, action: &'static str) -> impl FnOnce(std::io::Error) -> RunnerError {
    let path = path.to_owned();
    move |source| RunnerError::File { path, action, source }
}

/// Makes a folder and those above it.
pub(super) fn make_folder(path: &Path) -> Result<(), RunnerError> {
    fs::create_dir_all(path).map_err(file_error(path, "make the folder"))
}

/// Writes a file.
pub(super) fn write(path: &Path, content: &str) -> Result<(), RunnerError> {
    fs::write(path, content).map_err(file_error(path, "write"))
}

/// Makes a folder empty, and a real folder: a spec may have put a link in its place.
pub(super) fn empty_folder(path: &Path) -> Result<(), RunnerError> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(file_error(path, "empty")(error)),
        _ => make_folder(path),
    }
}

/// A layer over `/etc` in which the user of builds has a name: the users of the host, but for one with its number.
pub(super) fn write_users(layer: &Path) -> Result<(), RunnerError> {
    let folder = layer.join("etc");
    make_folder(&folder)?;
    for (name, entry) in [
        ("passwd", format!("{USER}:x:{USER_ID}:{USER_ID}:{USER}:{WORK}:/bin/sh\n")),
        ("group", format!("{USER}:x:{USER_ID}:\n")),
    ] {
        let host = fs::read(Path::new("/etc").join(name)).unwrap_or_default();
        let place = folder.join(name);
        fs::write(&place, [without_user(&host).as_slice(), entry.as_bytes()].concat())
            .map_err(file_error(&place, "write"))?;
    }
    Ok(())
}

/// The lines of a `passwd` or `group` file that are not about the user of builds.
fn without_user(file: &[u8]) -> Vec<u8> {
    let id = USER_ID.to_string();
    let mut kept = Vec::new();
    for line in file.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()) {
        let mut fields = line.split(|byte| *byte == b':');
        if fields.next() != Some(USER.as_bytes()) && fields.nth(1) != Some(id.as_bytes()) {
            kept.extend_from_slice(line);
            kept.push(b'\n');
        }
    }
    kept
}

/// The top of an empty tree: the links of this host.
pub(super) fn start_tree(tree: &Path) -> Result<(), RunnerError> {
    empty_folder(tree)?;
    for name in MERGED {
        if let Ok(content) = fs::read_link(Path::new("/").join(name)) {
            let link = tree.join(name);
            // Relative, so that it does not lead out of the tree.
            let content = content.strip_prefix("/").unwrap_or(&content);
            make_folder(&tree.join(content))?;
            symlink(content, &link).map_err(file_error(&link, "make the link"))?;
        }
    }
    make_folder(&tree.join("etc/rpm"))?;
    make_folder(&tree.join(DATABASE.trim_start_matches('/')))
}

/// The packages in a folder, sorted; source packages or the others. A spec may have left links to anything
/// there: only files count.
pub(super) fn packages(folder: &Path, source: bool) -> Result<Vec<PathBuf>, RunnerError> {
    let mut found = Vec::new();
    let kind = fs::symlink_metadata(folder).map_err(file_error(folder, "look at"))?;
    if !kind.is_dir() {
        return Ok(found);
    }
    for entry in fs::read_dir(folder).map_err(file_error(folder, "list"))? {
        let entry = entry.map_err(file_error(folder, "list"))?;
        let path = entry.path();
        if !entry.file_type().map_err(file_error(&path, "look at"))?.is_file() {
            continue;
        }
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let is_source = name.ends_with(b".src.rpm") || name.ends_with(b".nosrc.rpm");
        if name.ends_with(b".rpm") && is_source == source {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Gives files the modes git knows (plain and executable) and one time, so that a source package does not
/// depend on the umask and the moment of the checkout.
pub(super) fn normalise(path: &Path, epoch: i64) -> Result<(), RunnerError> {
    let kind = fs::symlink_metadata(path).map_err(file_error(path, "look at"))?;
    if !kind.is_symlink() {
        let executable = kind.is_dir() || kind.permissions().mode() & 0o111 != 0;
        let mode = fs::Permissions::from_mode(if executable { 0o755 } else { 0o644 });
        fs::set_permissions(path, mode).map_err(file_error(path, "change the mode of"))?;
    }
    if kind.is_dir() {
        for entry in fs::read_dir(path).map_err(file_error(path, "list"))? {
            normalise(&entry.map_err(file_error(path, "list"))?.path(), epoch)?;
        }
    }
    let time = Timespec { tv_sec: epoch, tv_nsec: 0 };
    let times = Timestamps { last_access: time, last_modification: time };
    rustix::fs::utimensat(CWD, path, &times, AtFlags::SYMLINK_NOFOLLOW)
        .map_err(|errno| file_error(path, "set the time of")(errno.into()))
}

/// Whether hardly any space is left on the disk of a folder: a program that found it full may have removed what it could
/// not write to its end.
pub(super) fn is_nearly_full(folder: &Path) -> bool {
    rustix::fs::statvfs(folder).is_ok_and(|disk| {
        // File systems without a table of files say 0 of 0.
        let no_files = disk.f_files > 0 && disk.f_favail == 0;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        no_files || free < SPARSE || disk.f_bavail < disk.f_blocks / 100
    })
}

/// Whether every user can read a file whose folder is shown: what lies above that does not matter.
pub(super) fn is_readable_for_all(path: &Path) -> Result<bool, RunnerError> {
    let mode = |path: &Path| fs::metadata(path).map(|data| data.permissions().mode());
    let file = mode(path).map_err(file_error(path, "look at"))?;
    let folder = path.parent().map_or(Ok(0), mode).map_err(file_error(path, "look at the folder of"))?;
    Ok(file & 0o004 != 0 && folder & 0o001 != 0)
}

/// Where the folders that hold some files are shown inside, and the files' names there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Inputs {
    /// Folder on the host, folder inside.
    pub(super) folders: Vec<(PathBuf, PathBuf)>,
    /// The files, in the given order.
    pub(super) files: Vec<OsString>,
}

impl Inputs {
    /// One mount per folder, however many files.
    pub(super) fn new(paths: &[PathBuf]) -> Self {
        let mut inputs = Self { folders: Vec::new(), files: Vec::new() };
        for path in paths {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let known = inputs.folders.iter().find(|(folder, _)| folder == parent);
            let inside = if let Some((_, inside)) = known {
                inside.clone()
            } else {
                let inside = Path::new("/inputs").join(inputs.folders.len().to_string());
                inputs.folders.push((parent.to_owned(), inside.clone()));
                inside
            };
            inputs.files.push(inside.join(path.file_name().unwrap_or(OsStr::new(""))).into_os_string());
        }
        inputs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_one_folder_share_a_mount() {
        let inputs = Inputs::new(&["/r/a.rpm".into(), "/s/b.rpm".into(), "/r/c.rpm".into()]);
        assert_eq!(inputs.files, ["/inputs/0/a.rpm", "/inputs/1/b.rpm", "/inputs/0/c.rpm"]);
        assert_eq!(inputs.folders.len(), 2);
    }

    #[test]
    fn normalised_files_have_one_time_and_a_mode_git_knows() {
        let folder = tempfile::tempdir().expect("a folder");
        let (plain, script) = (folder.path().join("plain"), folder.path().join("script"));
        for (path, mode) in [(&plain, 0o600), (&script, 0o700)] {
            fs::write(path, "").expect("a file");
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
        }
        symlink("/etc/passwd", folder.path().join("link")).expect("a link");
        normalise(folder.path(), 1000).expect("normalised");
        let mode = |path: &Path| fs::metadata(path).expect("a file").permissions().mode() & 0o7777;
        assert_eq!((mode(&plain), mode(&script)), (0o644, 0o755));
        let time = fs::metadata(&plain).expect("a file").modified().expect("a time");
        assert_eq!(time.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs(), 1000);
    }

    #[test]
    fn the_user_of_builds_takes_the_place_of_the_hosts() {
        let host = b"root:x:0:0::/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\nmockbuild:x:7:7::/:/bin/sh\nbob:x:1001:1000::/:/bin/sh";
        assert_eq!(without_user(host), b"root:x:0:0::/root:/bin/sh\nbob:x:1001:1000::/:/bin/sh\n");
    }

    #[test]
    fn source_packages_are_told_from_others() {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["b.noarch.rpm", "a.x86_64.rpm", "a.src.rpm", "log"] {
            fs::write(folder.path().join(name), "").expect("a file");
        }
        symlink("/etc/passwd", folder.path().join("link.noarch.rpm")).expect("a link");
        assert_eq!(packages(folder.path(), true).expect("listed").len(), 1);
        assert_eq!(packages(folder.path(), false).expect("listed").len(), 2);
    }
}
