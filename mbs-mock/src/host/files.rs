//! Reading folders and files of the host. What cannot be read is not offered.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::deps::Capability;

/// How deep folders are followed.
const MAX_DEPTH: usize = 12;

/// The largest text file that is read (a `.pc` file or package metadata has a few kilobytes).
const MAX_TEXT: u64 = 4 << 20;

/// Folders of programs. Where `/bin` is a link to `/usr/bin`, both spellings name the same files.
const PROGRAM_FOLDERS: [&str; 2] = ["bin", "sbin"];

/// The entries of a folder, sorted by name; nothing when it cannot be read.
pub(super) fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(listing) = fs::read_dir(folder) else { return Vec::new() };
    let mut found: Vec<PathBuf> = listing.filter_map(Result::ok).map(|entry| entry.path()).collect();
    found.sort();
    found
}

/// A path below `root` for an absolute path of the host.
pub(super) fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// A text file, unless it is unreadable, too large or not UTF-8 in its first lines.
pub(super) fn text(path: &Path) -> Option<String> {
    let metadata = fs::metadata(path).ok()?;
    if !metadata.is_file() || metadata.len() > MAX_TEXT {
        return None;
    }
    let bytes = fs::read(path).ok()?;
    Some(match String::from_utf8(bytes) {
        Ok(text) => text,
        // Descriptions in another encoding come after the fields that matter.
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            String::from_utf8(error.into_bytes()[..valid].to_vec()).ok()?
        }
    })
}

/// The file name as text.
pub(super) fn name(path: &Path) -> Option<&str> {
    path.file_name().and_then(|name| name.to_str())
}

/// Calls `visit` for each file below `folder` with its path relative to it. Links to folders are not followed, so the
/// walk ends.
pub(super) fn walk(folder: &Path, visit: &mut dyn FnMut(&Path)) {
    fn inner(base: &Path, folder: &Path, depth: usize, visit: &mut dyn FnMut(&Path)) {
        for path in entries(folder) {
            let is_folder = fs::symlink_metadata(&path).is_ok_and(|metadata| metadata.is_dir());
            if is_folder && depth < MAX_DEPTH {
                inner(base, &path, depth + 1, visit);
            } else if let (false, Ok(relative)) = (is_folder, path.strip_prefix(base)) {
                visit(relative);
            }
        }
    }
    inner(folder, folder, 0, visit);
}

/// The programs of the host by file name.
pub(super) fn programs(root: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for folder in program_folders() {
        for path in entries(&below(root, &folder)) {
            let is_program =
                fs::metadata(&path).is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0);
            if let Some(name) = name(&path).filter(|_| is_program) {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

fn program_folders() -> Vec<String> {
    PROGRAM_FOLDERS.iter().flat_map(|folder| [format!("/usr/{folder}"), format!("/{folder}")]).collect()
}

/// The paths of the programs as file requirements name them: with and without `/usr`.
pub(super) fn program_paths(root: &Path, found: &mut Vec<Capability>) {
    for folder in program_folders() {
        for path in entries(&below(root, &folder)) {
            if !fs::metadata(&path).is_ok_and(|data| data.is_file()) {
                continue;
            }
            if let Some(name) = name(&path) {
                found.extend(both_spellings(&format!("{folder}/{name}")).into_iter().map(Capability::named));
            }
        }
    }
}

/// `/usr/bin/x` and `/bin/x` for either of them; other paths alone.
pub(super) fn both_spellings(path: &str) -> Vec<String> {
    let rest = path.strip_prefix("/usr").unwrap_or(path);
    if rest.starts_with("/bin/") || rest.starts_with("/sbin/") {
        vec![rest.to_owned(), format!("/usr{rest}")]
    } else {
        vec![path.to_owned()]
    }
}
