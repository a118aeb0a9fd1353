//! What the processes of a sandbox do: the supervisor, the first process, the command.
//!
//! All of this runs in copies of a process whose other threads may have held any lock, so nothing here
//! allocates, locks, or panics; it is a list of system calls on what [`Prepared`] holds.

use std::convert::Infallible;
use std::ffi::{CStr, c_int};
use std::os::fd::{AsFd, AsRawFd};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::fs::{CWD, Mode, OFlags};
use rustix::io::Errno;
use rustix::mount::{MountFlags, MountPropagationFlags, MoveMountFlags, OpenTreeFlags, UnmountFlags};
use rustix::pipe::PipeFlags;
use rustix::process::{DumpableBehavior, Signal};
use rustix::thread::{CapabilitiesSecureBits, CapabilitySet, CapabilitySets};

use super::job::{Privileges, USER_MAP};
use super::mount_step::MountStep;
use super::prepared::{Demotion, Prepared, Staged};
use super::report::{AtStage, Fault, Record, Stage};
use super::sys;
use crate::external::monotonic;

/// The name of every sandbox, so that nothing built depends on the name of the machine.
const HOST_NAME: &[u8] = b"localhost";

/// The folder that is certain to exist and that nobody inside needs: the new root is put together there.
const BASE: &CStr = c"/tmp";

/// The process between the host and the namespaces. It stays outside of the PID namespace, waits for the
/// first process in it, and kills that when it is told to or when the host process is gone. It ends only
/// after everything in the namespace has ended.
pub(super) extern "C" fn supervisor(data: &Prepared) -> c_int {
    match supervise(data) {
        Ok(()) => 0,
        Err(fault) => {
            Record::Failed(fault).send(data.report.as_fd());
            1
        }
    }
}

fn supervise(data: &Prepared) -> Result<(), Fault> {
    sys::block_signals();
    close_all_but(&data.kept).at(Stage::FirstProcess)?;
    // A session of its own keeps the terminal's signals away.
    rustix::process::setsid().at(Stage::FirstProcess)?;
    if let Some(demotion) = &data.demotion {
        stage(demotion)?;
        demote(demotion).at(Stage::Demotion)?;
    }
    // Files below /proc/self belong to us only while we are "dumpable", which a change of user ends.
    rustix::process::set_dumpable_behavior(DumpableBehavior::Dumpable).at(Stage::IdentityMap)?;
    let all = libc::CLONE_NEWUSER
        | libc::CLONE_NEWNS
        | libc::CLONE_NEWPID
        | libc::CLONE_NEWNET
        | libc::CLONE_NEWIPC
        | libc::CLONE_NEWUTS;
    sys::unshare(all).at(Stage::Namespaces)?;
    map_identity(data).at(Stage::IdentityMap)?;
    // From here on nothing inside may look into this process or the first one: both are copies of the
    // host's memory.
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).at(Stage::IdentityMap)?;
    // Changes of user clear this setting, so it comes after them.
    rustix::process::set_parent_process_death_signal(Some(Signal::TERM)).at(Stage::FirstProcess)?;
    if rustix::process::getppid() != Some(data.host) {
        return Ok(());
    }
    // The first process sees by this pipe whether we died before it asked to be told.
    let (read, write) = rustix::pipe::pipe_with(PipeFlags::CLOEXEC).at(Stage::FirstProcess)?;
    let _ = data.supervisor_alive.set((read, write));
    let first = sys::start_child(first_process, data).at(Stage::FirstProcess)?;
    loop {
        if sys::wait_for_signal() {
            sys::kill_child(first);
        }
        // Gone means: everything in its PID namespace is gone, the kernel waits for that.
        if sys::has_ended(first) {
            return Ok(());
        }
    }
}

/// Closes everything except the given ascending descriptors: copies of other sandboxes' pipes and locks
/// must not live as long as this one.
fn close_all_but(kept: &[i32]) -> Result<(), Errno> {
    let mut next = 0;
    for &descriptor in kept {
        if descriptor > next {
            sys::close_range(next, descriptor - 1)?;
        }
        next = descriptor + 1;
    }
    sys::close_range(next, i32::MAX)
}

/// As root: binds what the ordinary user could not reach, in a mount namespace of our own.
fn stage(demotion: &Demotion) -> Result<(), Fault> {
    let at =
        |index: usize, errno| Fault { stage: Stage::Staging, detail: u32::try_from(index).unwrap_or(u32::MAX), errno };
    sys::unshare(libc::CLONE_NEWNS).map_err(|errno| at(usize::MAX, errno))?;
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    rustix::mount::mount_change(c"/", private).map_err(|errno| at(usize::MAX, errno))?;
    let clone = OpenTreeFlags::OPEN_TREE_CLONE | OpenTreeFlags::OPEN_TREE_CLOEXEC | OpenTreeFlags::AT_RECURSIVE;
    // All of them before the mount: a source may lie below `BASE`.
    for (index, staged) in demotion.staged.iter().enumerate() {
        let tree = rustix::mount::open_tree(CWD, staged.source.as_c_str(), clone).map_err(|errno| at(index, errno))?;
        let _ = staged.tree.set(tree);
    }
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    rustix::mount::mount(c"mbs", BASE, c"tmpfs", flags, c"mode=0755,size=1m").map_err(|errno| at(usize::MAX, errno))?;
    for (index, staged) in demotion.staged.iter().enumerate() {
        place(staged).map_err(|errno| at(index, errno))?;
    }
    Ok(())
}

/// Puts one staged tree at its place.
fn place(staged: &Staged) -> Result<(), Errno> {
    let target = staged.target.as_c_str();
    if staged.folder {
        make_folder(target)?;
    } else {
        make_file(target)?;
    }
    let tree = staged.tree.get().ok_or(Errno::BADF)?;
    rustix::mount::move_mount(tree, c"", CWD, target, MoveMountFlags::MOVE_MOUNT_F_EMPTY_PATH)
}

/// As root: becomes the ordinary user for good.
fn demote(demotion: &Demotion) -> Result<(), Errno> {
    rustix::thread::set_thread_groups(&[])?;
    rustix::thread::set_thread_res_gid(demotion.gid, demotion.gid, demotion.gid)?;
    rustix::thread::set_thread_res_uid(demotion.uid, demotion.uid, demotion.uid)
}

/// Maps the own user and group to 0. Without `deny` an ordinary user may not map its group.
fn map_identity(data: &Prepared) -> Result<(), Errno> {
    write_file(c"/proc/self/setgroups", b"deny")?;
    write_file(c"/proc/self/uid_map", &data.uid_map)?;
    write_file(c"/proc/self/gid_map", &data.gid_map)
}

/// Makes user 0 of the namespace an ordinary user: in a user namespace in that one, because the mounts needed user 0.
fn become_ordinary() -> Result<(), Fault> {
    sys::unshare(libc::CLONE_NEWUSER).at(Stage::Namespaces)?;
    // As above; this process and its parent are the only ones inside.
    rustix::process::set_dumpable_behavior(DumpableBehavior::Dumpable).at(Stage::IdentityMap)?;
    write_file(c"/proc/self/uid_map", USER_MAP).at(Stage::IdentityMap)?;
    write_file(c"/proc/self/gid_map", USER_MAP).at(Stage::IdentityMap)?;
    rustix::process::set_dumpable_behavior(DumpableBehavior::NotDumpable).at(Stage::IdentityMap)
}

fn write_file(path: &CStr, content: &[u8]) -> Result<(), Errno> {
    let file = rustix::fs::open(path, OFlags::WRONLY | OFlags::CLOEXEC, Mode::empty())?;
    rustix::io::write(&file, content).map(drop)
}

fn make_folder(path: &CStr) -> Result<(), Errno> {
    match rustix::fs::mkdirat(CWD, path, Mode::from_raw_mode(0o755)) {
        Err(Errno::EXIST) => Ok(()),
        other => other,
    }
}

fn make_file(path: &CStr) -> Result<(), Errno> {
    let flags = OFlags::CREATE | OFlags::WRONLY | OFlags::CLOEXEC;
    rustix::fs::open(path, flags, Mode::from_raw_mode(0o644)).map(drop)
}

/// Process 1 of the namespaces: makes the file tree, starts the command, collects orphans, and ends with
/// the command. The kernel then kills whatever is left.
extern "C" fn first_process(data: &Prepared) -> c_int {
    match start_command(data) {
        Ok(command) => collect(data, command),
        Err(fault) => {
            Record::Failed(fault).send(data.report.as_fd());
            1
        }
    }
}

fn start_command(data: &Prepared) -> Result<sys::ProcessId, Fault> {
    rustix::process::set_parent_process_death_signal(Some(Signal::KILL)).at(Stage::FirstProcess)?;
    if let Some((read, write)) = data.supervisor_alive.get() {
        sys::close_range(write.as_raw_fd(), write.as_raw_fd()).at(Stage::FirstProcess)?;
        let mut ends = [PollFd::new(read, PollFlags::IN)];
        let now = Timespec { tv_sec: 0, tv_nsec: 0 };
        if rustix::event::poll(&mut ends, Some(&now)).at(Stage::FirstProcess)? > 0 {
            return Err(Fault { stage: Stage::FirstProcess, detail: 0, errno: Errno::PIPE });
        }
    }
    rustix::process::umask(Mode::empty());
    rustix::system::sethostname(HOST_NAME).at(Stage::Network)?;
    sys::raise_loopback().at(Stage::Network)?;
    make_tree(&data.mounts)?;
    sys::start_child(command, data).at(Stage::Command)
}

/// Puts the new file tree together and makes it the only one.
fn make_tree(steps: &[MountStep]) -> Result<(), Fault> {
    let private = MountPropagationFlags::PRIVATE | MountPropagationFlags::REC;
    rustix::mount::mount_change(c"/", private).at(Stage::Pivot)?;
    let flags = MountFlags::NOSUID | MountFlags::NODEV;
    rustix::mount::mount(c"mbs", BASE, c"tmpfs", flags, c"mode=0755,size=1m").at(Stage::Pivot)?;
    rustix::process::chdir(BASE).at(Stage::Pivot)?;
    make_folder(c"oldroot").at(Stage::Pivot)?;
    make_folder(c"newroot").at(Stage::Pivot)?;
    rustix::process::pivot_root(c".", c"oldroot").at(Stage::Pivot)?;
    rustix::process::chdir(c"/").at(Stage::Pivot)?;
    for (index, step) in steps.iter().enumerate() {
        let detail = u32::try_from(index).unwrap_or(u32::MAX);
        apply(step).map_err(|errno| Fault { stage: Stage::Mount, detail, errno })?;
    }
    rustix::process::chdir(c"/newroot").at(Stage::Pivot)?;
    rustix::process::pivot_root(c".", c".").at(Stage::Pivot)?;
    // Now the old root lies over the new one at `.`; without it the host's tree is out of reach.
    rustix::mount::unmount(c".", UnmountFlags::DETACH).at(Stage::Pivot)?;
    rustix::process::chdir(c"/").at(Stage::Pivot)
}

fn apply(step: &MountStep) -> Result<(), Errno> {
    let quiet = MountFlags::NOSUID | MountFlags::NODEV;
    match step {
        MountStep::Folder(path) => make_folder(path),
        MountStep::File(path) => make_file(path),
        MountStep::Link { content, path } => rustix::fs::symlinkat(content.as_c_str(), CWD, path.as_c_str()),
        MountStep::Tmpfs { target, options } => {
            rustix::mount::mount(c"mbs", target.as_c_str(), c"tmpfs", quiet, options.as_c_str())
        }
        MountStep::Bind { source, target } => rustix::mount::mount_bind_recursive(source.as_c_str(), target.as_c_str()),
        MountStep::Overlay { target, options } => {
            rustix::mount::mount(c"mbs", target.as_c_str(), c"overlay", quiet, options.as_c_str())
        }
        MountStep::Proc(target) => {
            rustix::mount::mount(c"proc", target.as_c_str(), c"proc", quiet | MountFlags::NOEXEC, None::<&CStr>)
        }
        MountStep::Terminals(target) => {
            let flags = MountFlags::NOSUID | MountFlags::NOEXEC;
            rustix::mount::mount(c"devpts", target.as_c_str(), c"devpts", flags, c"newinstance,ptmxmode=0666,mode=620")
        }
        MountStep::ReadOnly(path) => sys::make_read_only(path),
        MountStep::Writable(path) => sys::make_writable(path),
        MountStep::Optional(step) => {
            let _ = apply(step);
            Ok(())
        }
    }
}

/// Waits for the command and reports its end; other processes found on the way are orphans.
fn collect(data: &Prepared, command: sys::ProcessId) -> c_int {
    loop {
        match sys::wait_for(-1) {
            Ok((pid, status)) if pid == command => {
                Record::Ended { status, at: monotonic() }.send(data.report.as_fd());
                return 0;
            }
            Ok(_) => {}
            Err(_) => return 1,
        }
    }
}

/// The process that becomes the program.
extern "C" fn command(data: &Prepared) -> c_int {
    let Err(fault) = become_program(data);
    Record::Failed(fault).send(data.report.as_fd());
    127
}

fn become_program(data: &Prepared) -> Result<Infallible, Fault> {
    rustix::process::setsid().at(Stage::Command)?;
    rustix::process::umask(Mode::from_raw_mode(0o022));
    for (resource, limit) in &data.limits {
        rustix::process::setrlimit(*resource, *limit).at(Stage::Command)?;
    }
    let nothing = rustix::fs::open(c"/dev/null", OFlags::RDONLY, Mode::empty()).at(Stage::Command)?;
    sys::duplicate_to(nothing.as_fd(), 0).at(Stage::Command)?;
    sys::duplicate_to(data.log.as_fd(), 1).at(Stage::Command)?;
    sys::duplicate_to(data.log.as_fd(), 2).at(Stage::Command)?;
    sys::close_on_exec_from(3).at(Stage::Command)?;
    rustix::process::chdir(data.folder.as_c_str()).at(Stage::Command)?;
    if data.privileges == Privileges::None {
        become_ordinary()?;
    }
    limit_privileges(data.privileges).at(Stage::Privileges)?;
    sys::reset_signals();
    Record::Began(monotonic()).send(data.report.as_fd());
    let mut errno = Errno::NOENT;
    for program in &data.programs {
        let refused = sys::execute(program, data.arguments.as_slice(), data.environment.as_slice());
        // As the shell does: a file that may not be run says more than one that is not there.
        if refused != Errno::NOENT && refused != Errno::NOTDIR {
            errno = refused;
        }
    }
    Err(Fault { stage: Stage::Execute, detail: 0, errno })
}

fn limit_privileges(privileges: Privileges) -> Result<(), Errno> {
    rustix::thread::set_no_new_privs(true)?;
    match privileges {
        Privileges::Namespace => Ok(()),
        Privileges::None => {
            sys::drop_bounding_set()?;
            rustix::thread::clear_ambient_capability_set()?;
            // User 0 of any namespace shall be no different from others.
            rustix::thread::set_capabilities_secure_bits(
                CapabilitiesSecureBits::NO_ROOT | CapabilitiesSecureBits::NO_ROOT_LOCKED,
            )?;
            let none = CapabilitySet::empty();
            rustix::thread::set_capabilities(
                None,
                CapabilitySets { effective: none, permitted: none, inheritable: none },
            )
        }
    }
}
