//! The files of a checkout: links that stay inside, equal modes and times, the list of what is there.

use crate::checksum;
use chrono::{DateTime, Utc};
use mbs_core::ComponentName;
use mbs_core::source::{CheckoutFile, ChecksumKind, FileOrigin, SourceError};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{File, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Component, Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Links followed at most when the target of one is looked up.
const MAX_LINKS: usize = 40;

/// Everything below `root`, as paths relative to it, sorted.
fn walk(root: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let mut found = Vec::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(folder) = folders.pop() {
        let full = root.join(&folder);
        for entry in std::fs::read_dir(&full).map_err(SourceError::disk("list", &full))? {
            let entry = entry.map_err(SourceError::disk("list", &full))?;
            let path = folder.join(entry.file_name());
            if entry.file_type().map_err(SourceError::disk("look at", &path))?.is_dir() {
                folders.push(path.clone());
            }
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

/// Refuses symbolic links that lead out of `root`, directly or through other links.
pub(crate) fn check_links(root: &Path) -> Result<(), SourceError> {
    for path in walk(root)? {
        let full = root.join(&path);
        if full.is_symlink() && !stays_inside(root, &path).map_err(SourceError::disk("follow", &full))? {
            return Err(SourceError::UnsafePath {
                path: path.display().to_string(),
                problem: "is a symbolic link that leads out of the repository",
            });
        }
    }
    Ok(())
}

/// Follows a path step by step as the kernel would, without ever leaving `root`.
fn stays_inside(root: &Path, path: &Path) -> std::io::Result<bool> {
    let mut todo: Vec<OsString> = path.iter().rev().map(OsString::from).collect();
    let mut at = PathBuf::new();
    let mut links = 0;
    while let Some(step) = todo.pop() {
        match Path::new(&step).components().next() {
            None | Some(Component::CurDir) => {}
            Some(Component::RootDir | Component::Prefix(_)) => return Ok(false),
            Some(Component::ParentDir) => {
                if !at.pop() {
                    return Ok(false);
                }
            }
            Some(Component::Normal(name)) => {
                let next = root.join(&at).join(name);
                if next.is_symlink() {
                    links += 1;
                    if links > MAX_LINKS {
                        return Ok(false);
                    }
                    let target = std::fs::read_link(&next)?;
                    todo.extend(target.components().rev().map(|part| part.as_os_str().to_owned()));
                } else {
                    at.push(name);
                }
            }
        }
    }
    Ok(true)
}

/// Gives all files the same modes and time everywhere and lists them with checksums.
pub(crate) fn settle(
    root: &Path,
    time: DateTime<Utc>,
    lookaside: &BTreeSet<PathBuf>,
) -> Result<Vec<CheckoutFile>, SourceError> {
    // Commits from before 1970 exist; such a time is taken as 1970, which every tool accepts.
    let seconds = u64::try_from(time.timestamp()).unwrap_or(0);
    let modified = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
    let mut files = Vec::new();
    for path in walk(root)? {
        let full = root.join(&path);
        let meta = full.symlink_metadata().map_err(SourceError::disk("look at", &full))?;
        if meta.is_symlink() {
            continue;
        }
        // git keeps one bit of a file's mode; the rest is the umask of whoever checks out.
        let executable = meta.is_dir() || meta.permissions().mode() & 0o100 != 0;
        let mode = Permissions::from_mode(if executable { 0o755 } else { 0o644 });
        std::fs::set_permissions(&full, mode).map_err(SourceError::disk("set the mode of", &full))?;
        if !meta.is_file() {
            continue;
        }
        let (size, sum) = checksum::of_file(&full, ChecksumKind::Sha256).map_err(SourceError::disk("read", &full))?;
        File::open(&full)
            .and_then(|file| file.set_modified(modified))
            .map_err(SourceError::disk("set the time of", &full))?;
        let origin = if lookaside.contains(&path) { FileOrigin::Lookaside } else { FileOrigin::Git };
        files.push(CheckoutFile { path, size, sha256: sum.hex().to_owned(), origin });
    }
    Ok(files)
}

/// What [`find_spec`] found.
pub(crate) enum Spec {
    /// The spec file, relative to the checkout.
    Found(PathBuf),
    /// None.
    Absent,
    /// Several, none with the component's name.
    Several(Vec<String>),
}

/// Finds the spec file at the top or, where there is none, in `SPECS`.
pub(crate) fn find_spec(root: &Path, component: &ComponentName) -> Result<Spec, SourceError> {
    for folder in ["", "SPECS"] {
        let full = root.join(folder);
        let entries = match std::fs::read_dir(&full) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(SourceError::disk("list", &full)(error)),
        };
        let mut specs: Vec<String> = entries
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.strip_suffix(".spec").is_some_and(|stem| !stem.is_empty() && !stem.starts_with('-')))
            .filter(|name| full.join(name).is_file())
            .map(|name| if folder.is_empty() { name } else { format!("{folder}/{name}") })
            .collect();
        specs.sort();
        let named = Path::new(folder).join(format!("{component}.spec"));
        if specs.iter().any(|spec| Path::new(spec) == named) {
            return Ok(Spec::Found(named));
        }
        match specs.len() {
            0 => {}
            1 => return Ok(Spec::Found(PathBuf::from(specs.remove(0)))),
            _ => return Ok(Spec::Several(specs)),
        }
    }
    Ok(Spec::Absent)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn accepted(links: &[(&str, &str)]) -> bool {
        let dir = tempfile::tempdir().expect("folder");
        std::fs::create_dir_all(dir.path().join("x/y")).expect("folders");
        for (link, target) in links {
            symlink(target, dir.path().join(link)).expect("link");
        }
        check_links(dir.path()).is_ok()
    }

    #[test]
    fn links_may_go_anywhere_inside_and_nowhere_else() {
        assert!(accepted(&[("x/y/up", "../../file")]));
        assert!(accepted(&[("dangling", "x/none")]));
        assert!(accepted(&[("x/y/top", "../..")]));
        assert!(!accepted(&[("out", "../file")]));
        assert!(!accepted(&[("out", "/etc/passwd")]));
        assert!(!accepted(&[("loop", "loop")]));
        // Looks harmless part by part, but `top` is the root already.
        assert!(!accepted(&[("x/y/top", "../.."), ("x/out", "y/top/..")]));
    }

    #[test]
    fn the_spec_with_the_components_name_goes_first() {
        let dir = tempfile::tempdir().expect("folder");
        let name = ComponentName::new("bash").expect("name");
        let found = |dir: &Path| match find_spec(dir, &name).expect("find") {
            Spec::Found(path) => path.display().to_string(),
            Spec::Absent => "absent".to_owned(),
            Spec::Several(names) => names.join(" "),
        };
        assert_eq!(found(dir.path()), "absent");
        std::fs::create_dir(dir.path().join("SPECS")).expect("folder");
        std::fs::write(dir.path().join("SPECS/other.spec"), "").expect("write");
        assert_eq!(found(dir.path()), "SPECS/other.spec");
        for file in ["a.spec", "b.spec"] {
            std::fs::write(dir.path().join(file), "").expect("write");
        }
        assert_eq!(found(dir.path()), "a.spec b.spec");
        std::fs::write(dir.path().join("bash.spec"), "").expect("write");
        assert_eq!(found(dir.path()), "bash.spec");
    }
}
