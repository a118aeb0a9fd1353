//! Whose files and processes those of a sandbox are.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::Path;

use super::error::SandboxError;

/// The user and group that a sandbox started by root runs as: a number that distributions leave free (between
/// the ranges for home folders and for dynamic users of systemd), so that it owns nothing on the host.
pub const BUILD_ID: u32 = 60_999;

/// User and group for programs; none when this process is an ordinary user already, or is root only of a user
/// namespace that knows no other user.
pub(super) fn build_user() -> Option<(u32, u32)> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let map = fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let alone = !map.is_empty() && !is_mapped(&map, BUILD_ID);
    (!alone).then_some((BUILD_ID, BUILD_ID))
}

/// Whether programs run as another user than this process: files that this process can read may then be
/// unreadable inside.
pub fn changes_user() -> bool {
    build_user().is_some()
}

/// Whether a user exists by the lines (first inside, first outside, count) of a `uid_map`.
fn is_mapped(map: &str, id: u32) -> bool {
    map.lines().any(|line| {
        let mut numbers = line.split_whitespace().map(|word| word.parse::<u64>().ok());
        match (numbers.next().flatten(), numbers.nth(1).flatten()) {
            (Some(first), Some(count)) => (first..first.saturating_add(count)).contains(&u64::from(id)),
            _ => false,
        }
    })
}

/// Gives one file or folder to a user, without following a link.
pub(super) fn give_one(path: &Path, uid: u32, gid: u32) -> Result<(), SandboxError> {
    let failed = |source| SandboxError::Folder { path: path.to_owned(), action: "changing its owner", source };
    lchown(path, Some(uid), Some(gid)).map_err(failed)
}

/// Gives a tree to a user, without following links.
pub(super) fn give(path: &Path, uid: u32, gid: u32) -> Result<(), SandboxError> {
    let failed = |action| move |source| SandboxError::Folder { path: path.to_owned(), action, source };
    let kind = fs::symlink_metadata(path).map_err(failed("looking at it"))?;
    give_one(path, uid, gid)?;
    if kind.is_dir() {
        for entry in fs::read_dir(path).map_err(failed("listing it"))? {
            give(&entry.map_err(failed("listing it"))?.path(), uid, gid)?;
        }
    }
    Ok(())
}

/// Takes files made in a sandbox over: they then belong to the user of this process. Does nothing unless this process
/// is root. No program may be running in the sandbox that made them.
pub fn reclaim(path: &Path) -> Result<(), SandboxError> {
    if build_user().is_none() {
        return Ok(());
    }
    give(path, rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_mapped_if_a_line_covers_it() {
        let whole = "         0          0 4294967295\n";
        let single = "         0       1000          1\n";
        let container = "         0       1000          1\n         1     100000      65536\n";
        assert!(is_mapped(whole, BUILD_ID) && is_mapped(container, BUILD_ID));
        assert!(!is_mapped(single, BUILD_ID) && !is_mapped("garbage", BUILD_ID));
    }
}
