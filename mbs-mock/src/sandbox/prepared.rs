//! Everything a child needs, made before the clone: afterwards nothing may be allocated.

use std::cell::OnceCell;
use std::ffi::CString;
use std::os::fd::{OwnedFd, RawFd};
use std::sync::Arc;

use rustix::process::{Gid, Pid, Resource, Rlimit, Uid};

use super::job::Privileges;
use super::mount_step::MountStep;
use super::sys::PointerList;

/// One file or folder of the host that is bound to a fixed place before root becomes an ordinary user,
/// who might not be allowed to walk there.
#[derive(Debug)]
pub(super) struct Staged {
    /// Canonical path on the host.
    pub(super) source: CString,
    /// Where it is bound to.
    pub(super) target: CString,
    /// Whether it is a folder.
    pub(super) folder: bool,
    /// The detached copy of the mount, between its making and its placing; set in the child only.
    pub(super) tree: OnceCell<OwnedFd>,
}

/// The ordinary user that a sandbox started by root becomes, and what must be reachable afterwards.
#[derive(Debug)]
pub(super) struct Demotion {
    /// The user.
    pub(super) uid: Uid,
    /// The group.
    pub(super) gid: Gid,
    /// What is bound below the staging folder first.
    pub(super) staged: Vec<Staged>,
}

/// The input of the children of one run.
#[derive(Debug)]
pub(super) struct Prepared {
    /// The process that starts the sandbox; when it is gone the sandbox has to go.
    pub(super) host: Pid,
    /// Both ends of a pipe whose write end only the supervisor keeps; set in the child only.
    pub(super) supervisor_alive: OnceCell<(OwnedFd, OwnedFd)>,
    /// Present when started by root.
    pub(super) demotion: Option<Demotion>,
    /// Lines for `/proc/self/uid_map` and `gid_map`.
    pub(super) uid_map: Vec<u8>,
    /// See `uid_map`.
    pub(super) gid_map: Vec<u8>,
    /// How the new file tree is made.
    pub(super) mounts: Vec<MountStep>,
    /// Where children write their [`super::report::Record`]s.
    pub(super) report: OwnedFd,
    /// Standard output and standard error of the program.
    pub(super) log: OwnedFd,
    /// Descriptors that stay open until nothing of the sandbox is left.
    pub(super) _held: Vec<Arc<OwnedFd>>,
    /// All descriptors the first child keeps, ascending.
    pub(super) kept: Vec<RawFd>,
    /// The paths to try for the program, in order.
    pub(super) programs: Vec<CString>,
    /// Its arguments, the name first.
    pub(super) arguments: PointerList,
    /// Its environment.
    pub(super) environment: PointerList,
    /// Its working folder.
    pub(super) folder: CString,
    /// What it may do inside its namespaces.
    pub(super) privileges: Privileges,
    /// Its limits.
    pub(super) limits: Vec<(Resource, Rlimit)>,
}
