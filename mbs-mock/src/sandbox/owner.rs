//! Whose files and processes those of a sandbox are.

use std::fs;
use std::os::unix::fs::lchown;
use std::path::Path;

use super::error::SandboxError;

/// The user and group that a sandbox started by root runs as: a number that distributions leave free (between
/// the ranges for home folders and for dynamic users of systemd), so that it owns nothing on the host.
pub const BUILD_ID: u32 = 60_999;

/// User and group for programs; none when this process is an ordinary user already.
pub(super) fn build_user() -> Option<(u32, u32)> {
    rustix::process::geteuid().is_root().then_some((BUILD_ID, BUILD_ID))
}

/// Gives a tree to a user, without following links.
pub(super) fn give(path: &Path, uid: u32, gid: u32) -> Result<(), SandboxError> {
    let failed = |action| move |source| SandboxError::Folder { path: path.to_owned(), action, source };
    let kind = fs::symlink_metadata(path).map_err(failed("looking at it"))?;
    lchown(path, Some(uid), Some(gid)).map_err(failed("changing its owner"))?;
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
