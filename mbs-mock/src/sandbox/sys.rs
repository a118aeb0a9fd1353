//! The system calls that no safe binding offers; the only unsafe code of the sandbox.
//!
//! Everything here that a child calls between `clone` and `execve` is a plain system call: no
//! allocation, no lock, no libc state that another thread of the parent might have held.

use std::ffi::{CStr, c_char, c_int, c_long, c_ulong, c_void};
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

use rustix::io::Errno;

use super::prepared::Prepared;

/// What a new process does; the return value is its exit status.
///
/// `extern "C"`, so that a panic ends the child instead of unwinding into the parent's stack frames.
pub(super) type ChildBody = extern "C" fn(&Prepared) -> c_int;

/// The number of a process, as this process sees it.
pub(super) type ProcessId = c_int;

/// The calling thread's value of `errno`.
fn last_errno() -> Errno {
    // SAFETY: the location is valid for the calling thread.
    Errno::from_raw_os_error(unsafe { *libc::__errno_location() })
}

/// Turns the `-1` convention into a result.
fn checked(result: c_long) -> Result<c_long, Errno> {
    if result < 0 { Err(last_errno()) } else { Ok(result) }
}

/// The plain `clone` system call with fork semantics; no `pthread_atfork` handler of the program runs.
///
/// # Safety
/// In the child only async-signal-safe work may follow.
unsafe fn raw_clone(flags: c_int, pidfd: *mut c_int) -> Result<c_long, Errno> {
    let flags = c_long::from(flags);
    let none = 0 as c_long;
    #[cfg(target_arch = "s390x")]
    let (first, second) = (none, flags);
    #[cfg(not(target_arch = "s390x"))]
    let (first, second) = (flags, none);
    // SAFETY: without CLONE_VM the child has its own copy of this memory and stack, so no stack is given;
    // the third argument points to a writable int, or is unused without CLONE_PIDFD.
    checked(unsafe { libc::syscall(libc::SYS_clone, first, second, pidfd, none, none) })
}

/// Starts a process that sends no signal at its end, so that a program that waits for its children does
/// not see it, and returns a handle that becomes readable when the process ends.
///
/// The body must do nothing but plain system calls on `data`: other threads of this process may hold any lock.
pub(super) fn start_process(body: ChildBody, data: &Prepared) -> Result<(ProcessId, OwnedFd), Errno> {
    let mut pidfd: c_int = -1;
    // SAFETY: the child runs `body`, whose contract is the one of this function, and leaves with `_exit`.
    let pid = unsafe { raw_clone(libc::CLONE_PIDFD, &raw mut pidfd) }?;
    if pid == 0 {
        let status = body(data);
        // SAFETY: ends the child without running destructors or exit handlers of the parent's program.
        unsafe { libc::_exit(status) }
    }
    // SAFETY: the kernel stored a new descriptor that nobody else owns.
    let handle = unsafe { OwnedFd::from_raw_fd(pidfd) };
    Ok((narrow(pid), handle))
}

/// Starts a process that reports its end with `SIGCHLD`. For use inside an already single-threaded child.
pub(super) fn start_child(body: ChildBody, data: &Prepared) -> Result<ProcessId, Errno> {
    // SAFETY: as for `start_process`.
    let pid = unsafe { raw_clone(libc::SIGCHLD, ptr::null_mut()) }?;
    if pid == 0 {
        let status = body(data);
        // SAFETY: as for `start_process`.
        unsafe { libc::_exit(status) }
    }
    Ok(narrow(pid))
}

/// A process number from the width a system call returns.
fn narrow(pid: c_long) -> ProcessId {
    ProcessId::try_from(pid).expect("process numbers fit in pid_t")
}

/// Waits until a child has ended (`-1`: any); gives its number and raw wait status.
pub(super) fn wait_for(pid: ProcessId) -> Result<(ProcessId, c_int), Errno> {
    let mut status: c_int = 0;
    loop {
        // SAFETY: `status` is a writable int. `__WALL` also waits for children without an exit signal.
        let found = unsafe { libc::waitpid(pid, &raw mut status, libc::__WALL) };
        match checked(c_long::from(found)) {
            Ok(_) => return Ok((found, status)),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

/// Whether a child has ended. Does not wait.
pub(super) fn has_ended(pid: ProcessId) -> bool {
    // SAFETY: no status is asked for.
    let found = unsafe { libc::waitpid(pid, ptr::null_mut(), libc::WNOHANG | libc::__WALL) };
    found == pid || (found < 0 && last_errno() == Errno::CHILD)
}

/// Splits a raw wait status into exit code or signal number.
pub(super) fn decode_status(status: c_int) -> Result<c_int, c_int> {
    if libc::WIFSIGNALED(status) { Err(libc::WTERMSIG(status)) } else { Ok(libc::WEXITSTATUS(status)) }
}

/// Sends `SIGKILL` to a process started by [`start_child`] that was not waited for yet.
pub(super) fn kill_child(pid: ProcessId) {
    // SAFETY: the number is that of an unreaped child, so it cannot name another process.
    unsafe { libc::kill(pid, libc::SIGKILL) };
}

/// The signals a supervising process waits for.
fn supervised() -> libc::sigset_t {
    // SAFETY: a zeroed set is a valid place for `sigemptyset`, and the numbers are valid.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigaddset(&raw mut set, libc::SIGCHLD);
        libc::sigaddset(&raw mut set, libc::SIGTERM);
        set
    }
}

/// Waits for `SIGCHLD` or `SIGTERM` (both blocked); true for `SIGTERM`.
pub(super) fn wait_for_signal() -> bool {
    let set = supervised();
    // SAFETY: the set is initialised; no information about the signal is asked for.
    unsafe { libc::sigwaitinfo(&raw const set, ptr::null_mut()) == libc::SIGTERM }
}

/// Blocks every signal of the calling thread.
pub(super) fn block_signals() {
    // SAFETY: the set is initialised by `sigfillset`; the old mask is not wanted.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigfillset(&raw mut set);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const set, ptr::null_mut());
    }
}

/// Gives every signal its default meaning and unblocks all, as a freshly started program expects.
pub(super) fn reset_signals() {
    // SAFETY: plain calls on initialised values; numbers that cannot be changed are refused harmlessly.
    unsafe {
        for number in 1..=64 {
            libc::signal(number, libc::SIG_DFL);
        }
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&raw mut set);
        libc::sigprocmask(libc::SIG_SETMASK, &raw const set, ptr::null_mut());
    }
}

/// Moves the calling process into new namespaces.
pub(super) fn unshare(flags: c_int) -> Result<(), Errno> {
    // SAFETY: none of the flags used here shares or unshares memory or descriptors.
    checked(c_long::from(unsafe { libc::unshare(flags) })).map(drop)
}

/// Closes all descriptors from `first` to `last` (both included).
pub(super) fn close_range(first: RawFd, last: RawFd) -> Result<(), Errno> {
    range(first, last, 0)
}

/// Marks all descriptors from `first` on to be closed by `execve`.
pub(super) fn close_on_exec_from(first: RawFd) -> Result<(), Errno> {
    range(first, RawFd::MAX, libc::CLOSE_RANGE_CLOEXEC)
}

fn range(first: RawFd, last: RawFd, flags: u32) -> Result<(), Errno> {
    // SAFETY: called in a child that never uses or drops an owner of the closed descriptors.
    checked(unsafe { libc::syscall(libc::SYS_close_range, first, last, flags) }).map(drop)
}

/// Makes `new` a copy of `old` that survives `execve`.
pub(super) fn duplicate_to(old: BorrowedFd<'_>, new: RawFd) -> Result<(), Errno> {
    // SAFETY: called in a child where nothing owns the standard descriptors.
    checked(c_long::from(unsafe { libc::dup2(old.as_raw_fd(), new) })).map(drop)
}

/// The argument of `mount_setattr`.
#[repr(C)]
struct MountAttributes {
    set: u64,
    clear: u64,
    propagation: u64,
    userns_fd: u64,
}

const MOUNT_READ_ONLY: u64 = 0x1;
const MOUNT_NO_SETUID: u64 = 0x2;

fn mount_attributes(path: &CStr, set: u64, clear: u64) -> Result<(), Errno> {
    let attributes = MountAttributes { set, clear, propagation: 0, userns_fd: 0 };
    // SAFETY: the path ends in NUL and the structure has the size that is passed with it.
    checked(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            libc::AT_FDCWD,
            path.as_ptr(),
            libc::AT_RECURSIVE,
            &raw const attributes,
            size_of::<MountAttributes>(),
        )
    })
    .map(drop)
}

/// Makes a mount and all mounts below it read-only and deaf to setuid bits.
pub(super) fn make_read_only(path: &CStr) -> Result<(), Errno> {
    mount_attributes(path, MOUNT_READ_ONLY | MOUNT_NO_SETUID, 0)
}

/// Makes a mount and all mounts below it writable.
pub(super) fn make_writable(path: &CStr) -> Result<(), Errno> {
    mount_attributes(path, 0, MOUNT_READ_ONLY)
}

/// Empties the bounding set, whatever capabilities this kernel knows.
pub(super) fn drop_bounding_set() -> Result<(), Errno> {
    for number in 0..64 as c_ulong {
        // SAFETY: takes a number only.
        let result = unsafe { libc::prctl(libc::PR_CAPBSET_DROP, number, 0, 0, 0) };
        match checked(c_long::from(result)) {
            Ok(_) => {}
            Err(Errno::INVAL) if number > 0 => break,
            Err(errno) => return Err(errno),
        }
    }
    Ok(())
}

/// Takes the loopback interface of the current network namespace up.
pub(super) fn raise_loopback() -> Result<(), Errno> {
    // SAFETY: `ifreq` is a plain structure that is valid when zeroed; the name fits and the socket is closed.
    unsafe {
        let socket = checked(c_long::from(libc::socket(libc::AF_INET, libc::SOCK_DGRAM | libc::SOCK_CLOEXEC, 0)))?;
        let socket = OwnedFd::from_raw_fd(narrow(socket));
        let mut request: libc::ifreq = std::mem::zeroed();
        for (place, byte) in request.ifr_name.iter_mut().zip(b"lo") {
            *place = c_char::from_ne_bytes([*byte]);
        }
        request.ifr_ifru.ifru_flags = 1; // IFF_UP
        let argument = (&raw mut request).cast::<c_void>();
        checked(c_long::from(libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS, argument))).map(drop)
    }
}

/// Replaces the program; returns only when that failed.
pub(super) fn execute(program: &CStr, arguments: &[*const c_char], environment: &[*const c_char]) -> Errno {
    // SAFETY: `PointerList` made both lists: each ends in a null pointer and points into strings it owns.
    unsafe { libc::execve(program.as_ptr(), arguments.as_ptr(), environment.as_ptr()) };
    last_errno()
}

/// Strings and the null-terminated list of pointers to them that `execve` wants, made before the clone.
#[derive(Debug)]
pub(super) struct PointerList {
    _strings: Vec<std::ffi::CString>,
    pointers: Vec<*const c_char>,
}

// SAFETY: the pointers lead into the strings owned by the same value, which nothing changes.
unsafe impl Send for PointerList {}
// SAFETY: as above; only reads happen.
unsafe impl Sync for PointerList {}

impl PointerList {
    /// Takes the strings over.
    pub(super) fn new(strings: Vec<std::ffi::CString>) -> Self {
        let pointers = strings.iter().map(|string| string.as_ptr()).chain([ptr::null()]).collect();
        Self { _strings: strings, pointers }
    }

    /// The list for [`execute`].
    pub(super) fn as_slice(&self) -> &[*const c_char] {
        &self.pointers
    }
}
