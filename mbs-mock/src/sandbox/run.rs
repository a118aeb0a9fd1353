//! Starting a job and waiting for its end, in a thread of its own.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::{CString, OsStr, OsString};
use std::fs;
use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::fchown;
use std::path::{Component, Path, PathBuf};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use rustix::process::{Gid, Resource, Rlimit, Signal, Uid};

use super::cancel::Cancel;
use super::error::SandboxError;
use super::job::{Bind, Ended, Job};
use super::mounts::{self, Layer, MountStep, RootEntry, Shown, TreeFacts};
use super::prepared::{Demotion, Prepared, Staged};
use super::report::{Fault, Record, Stage};
use super::sys::{self, PointerList};
use super::{WORK, child, owner, remedy};

/// Where staged folders are found after the host's tree was left.
const STAGED: &str = "/oldroot/tmp";

/// Runs programs with one folder of the host as the only place they can change.
///
/// Inside, that folder is [`WORK`], wherever it lies on the host, so that no path in a result tells where it
/// was made.
#[derive(Debug, Clone)]
pub struct Sandbox {
    work: PathBuf,
    hidden: Vec<PathBuf>,
}

impl Sandbox {
    /// A sandbox around an existing folder. When this process is root, the folder and all that is in it is given to
    /// the ordinary user that programs run as; what is added later must be readable for everyone or be given with
    /// [`Sandbox::adopt`].
    pub fn new(work: &Path) -> Result<Self, SandboxError> {
        let folder = |source| SandboxError::Folder { path: work.to_owned(), action: "resolving it", source };
        let work = fs::canonicalize(work).map_err(folder)?;
        let sandbox = Self { work, hidden: Vec::new() };
        sandbox.adopt(Path::new(""))?;
        Ok(sandbox)
    }

    /// Also hides this folder of the host, as `/home`, `/root` and `/run` are always: for a home folder elsewhere. A
    /// folder that does not exist needs no hiding.
    pub fn hide(mut self, folder: &Path) -> Self {
        match fs::canonicalize(folder) {
            Ok(real) if real.is_dir() && real != Path::new("/") => self.hidden.push(real),
            _ => {}
        }
        self
    }

    /// The work folder on the host.
    pub fn work(&self) -> &Path {
        &self.work
    }

    /// Gives a file or folder below the work folder, named relative to it, to the user that programs run as. Does
    /// nothing unless this process is root. No program may be running in the sandbox.
    pub fn adopt(&self, relative: &Path) -> Result<(), SandboxError> {
        match owner::build_user() {
            Some((uid, gid)) => owner::give(&self.work.join(relative), uid, gid),
            None => Ok(()),
        }
    }

    /// Runs a job and waits for its end.
    pub fn run(&self, job: Job) -> Result<Ended, SandboxError> {
        self.start(job)?.wait()
    }

    /// Starts a job.
    pub fn start(&self, job: Job) -> Result<Running, SandboxError> {
        let limit = job.time_limit;
        let cancel = job.cancel.clone();
        let name = job.program.display().to_string();
        let (prepared, report) = self.prepare(job)?;
        let abandon = Cancel::new();
        let abandoned = abandon.clone();
        let body = move || supervise(&prepared, &report, limit, [&cancel, &abandoned], &name);
        let thread = std::thread::Builder::new().name("mbs-sandbox".to_owned()).spawn(body);
        let thread = thread.map_err(|source| SandboxError::Resources { action: "starting a thread", source })?;
        Ok(Running { thread: Some(thread), abandon })
    }

    /// Makes everything that the children need.
    fn prepare(&self, job: Job) -> Result<(Prepared, OwnedFd), SandboxError> {
        let resources = |action| move |source: Errno| SandboxError::Resources { action, source: source.into() };
        let user = owner::build_user();
        let (report_read, report_write) =
            rustix::pipe::pipe_with(rustix::pipe::PipeFlags::CLOEXEC).map_err(resources("making a pipe"))?;
        // Above the standard descriptors, which the command replaces.
        let report = rustix::io::fcntl_dupfd_cloexec(&report_write, 3).map_err(resources("copying a descriptor"))?;
        let log = rustix::io::fcntl_dupfd_cloexec(&job.log, 3).map_err(resources("copying a descriptor"))?;
        if let Some((uid, gid)) = user {
            // Programs that open /dev/stderr again need to own it.
            let given = fchown(&log, Some(uid), Some(gid));
            given.map_err(|source| SandboxError::Resources { action: "giving the log file away", source })?;
        }
        let (demotion, work, shown) = self.sources(&job.binds, user)?;
        let facts = TreeFacts {
            root: root_entries()?,
            work,
            shown,
            layers: self.layers(&job.layers)?,
            hidden: self.hidden.clone(),
            var_tmp: Path::new("/var/tmp").is_dir(),
        };
        let mut kept: Vec<i32> = job.held.iter().map(AsRawFd::as_raw_fd).collect();
        kept.extend([report.as_raw_fd(), log.as_raw_fd()]);
        kept.sort_unstable();
        kept.dedup();
        let (uid, gid) = user.unwrap_or((rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw()));
        let prepared = Prepared {
            host: rustix::process::getpid(),
            supervisor_alive: OnceCell::new(),
            demotion,
            uid_map: format!("0 {uid} 1\n").into_bytes(),
            gid_map: format!("0 {gid} 1\n").into_bytes(),
            mounts: mounts::plan(&facts)?,
            report,
            log,
            programs: job.candidates().iter().map(|path| c_string(path)).collect::<Result<_, _>>()?,
            arguments: arguments(&job)?,
            environment: environment(&job.full_environment())?,
            folder: c_string(&job.folder)?,
            privileges: job.privileges,
            limits: limits(),
            _held: job.held,
            kept,
        };
        Ok((prepared, report_read))
    }

    /// Where work folder and binds are found by the first process: as ordinary user at their own paths, as root
    /// where they were staged.
    fn sources(
        &self,
        binds: &[Bind],
        user: Option<(u32, u32)>,
    ) -> Result<(Option<Demotion>, PathBuf, Vec<Shown>), SandboxError> {
        let mut shown = Vec::new();
        for bind in binds {
            check_target(&bind.target)?;
            let folder = |source| SandboxError::Folder { path: bind.source.clone(), action: "resolving it", source };
            let source = fs::canonicalize(&bind.source).map_err(folder)?;
            let folder = source.is_dir();
            shown.push(Shown { source, target: bind.target.clone(), folder });
        }
        let Some((uid, gid)) = user else {
            for one in &mut shown {
                one.source = in_old_root(&one.source);
            }
            return Ok((None, in_old_root(&self.work), shown));
        };
        let mut staged = vec![stage(&self.work, 0, true)?];
        for (index, one) in shown.iter_mut().enumerate() {
            staged.push(stage(&one.source, index + 1, one.folder)?);
            one.source = Path::new(STAGED).join((index + 1).to_string());
        }
        let demotion = Demotion { uid: Uid::from_raw(uid), gid: Gid::from_raw(gid), staged };
        Ok((Some(demotion), Path::new(STAGED).join("0"), shown))
    }

    /// Which folders of the host each tree covers.
    fn layers(&self, trees: &[PathBuf]) -> Result<Vec<Layer>, SandboxError> {
        let mut layers = Vec::new();
        for tree in trees {
            if tree.components().any(|part| !matches!(part, Component::Normal(_))) {
                let reason = "a layer is named relative to the work folder, without `..`";
                return Err(SandboxError::BadPath { path: tree.clone(), reason });
            }
            let path = self.work.join(tree);
            let unreadable = |source| SandboxError::Folder { path: path.clone(), action: "listing it", source };
            let mut folders = Vec::new();
            for entry in fs::read_dir(&path).map_err(unreadable)? {
                let entry = entry.map_err(unreadable)?;
                if entry.file_type().map_err(unreadable)?.is_dir() {
                    folders.push(entry.file_name());
                }
            }
            folders.sort();
            layers.push(Layer { tree: tree.clone(), folders });
        }
        Ok(layers)
    }
}

/// A job that was started. Dropped without [`Running::wait`], it is killed.
#[derive(Debug)]
pub struct Running {
    thread: Option<JoinHandle<Result<Ended, SandboxError>>>,
    abandon: Cancel,
}

impl Running {
    /// Waits for the end of the job. Afterwards nothing of it is left.
    pub fn wait(mut self) -> Result<Ended, SandboxError> {
        match self.thread.take().map(JoinHandle::join) {
            Some(Ok(ended)) => ended,
            Some(Err(_)) | None => Err(SandboxError::Lost),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if self.thread.is_some() {
            self.abandon.cancel();
        }
    }
}

/// The body of the thread that starts the sandbox. It must not end before the sandbox does: the kernel takes
/// the end of the starting thread for the death of the parent.
fn supervise(
    prepared: &Prepared,
    report: &OwnedFd,
    limit: Option<Duration>,
    cancels: [&Cancel; 2],
    program: &str,
) -> Result<Ended, SandboxError> {
    let resources = |action| move |source: Errno| SandboxError::Resources { action, source: source.into() };
    // The child inherits the mask: no handler of the host program may run in it.
    sys::block_signals();
    let [first, second] = cancels;
    let first = first.descriptor().map_err(resources("making an event"))?;
    let second = second.descriptor().map_err(resources("making an event"))?;
    let (pid, process) = sys::start_process(child::supervisor, prepared).map_err(resources("starting a process"))?;
    let stopped = wait_or_stop(process.as_fd(), limit, [first, second]);
    if !matches!(stopped, Ok(None)) {
        // It kills the first process of the namespace and waits for all of it.
        let _ = rustix::process::pidfd_send_signal(&process, Signal::TERM);
        wait_until_ended(process.as_fd());
    }
    // A host program that waits for all children may have been faster; the report tells the outcome.
    let _ = sys::wait_for(pid);
    if let Some(ended) = stopped.map_err(resources("waiting for the sandbox"))? {
        return Ok(ended);
    }
    let verdict = read_report(report.as_fd()).map_err(resources("reading the report of the sandbox"))?;
    match verdict {
        Some(Record::Ended(status)) => Ok(match sys::decode_status(status) {
            Ok(code) => Ended::Exited(code),
            Err(signal) => Ended::Signalled(signal),
        }),
        Some(Record::Failed(fault)) => Err(explain(fault, prepared, program)),
        None => Err(SandboxError::Lost),
    }
}

/// Waits for the end of the process; gives a reason if it has to be ended first.
#[expect(clippy::disallowed_methods, reason = "the limit is about real time that a real process takes")]
fn wait_or_stop(
    process: BorrowedFd<'_>,
    limit: Option<Duration>,
    [first, second]: [BorrowedFd<'_>; 2],
) -> Result<Option<Ended>, Errno> {
    let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
    loop {
        let mut events = [process, first, second].map(|fd| PollFd::from_borrowed_fd(fd, PollFlags::IN));
        let left = deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let left = left.and_then(|left| Timespec::try_from(left).ok());
        match rustix::event::poll(&mut events, left.as_ref()) {
            Ok(0) => return Ok(Some(Ended::TimedOut)),
            Ok(_) if !events[0].revents().is_empty() => return Ok(None),
            Ok(_) => return Ok(Some(Ended::Cancelled)),
            Err(Errno::INTR) => {}
            Err(errno) => return Err(errno),
        }
    }
}

fn wait_until_ended(process: BorrowedFd<'_>) {
    loop {
        let mut events = [PollFd::from_borrowed_fd(process, PollFlags::IN)];
        match rustix::event::poll(&mut events, None) {
            Err(Errno::INTR) => {}
            _ => return,
        }
    }
}

/// What the children wrote. They are gone, but a copy of the pipe's end may live elsewhere: do not wait for the end.
fn read_report(pipe: BorrowedFd<'_>) -> Result<Option<Record>, Errno> {
    rustix::io::ioctl_fionbio(pipe, true)?;
    let mut bytes = [0; 512];
    match rustix::io::read(pipe, &mut bytes) {
        Ok(length) => Ok(Record::verdict(&bytes[..length])),
        Err(Errno::AGAIN) => Ok(None),
        Err(errno) => Err(errno),
    }
}

/// The error for a step that failed.
fn explain(fault: Fault, prepared: &Prepared, program: &str) -> SandboxError {
    let source = io::Error::from(fault.errno);
    if fault.stage == Stage::Execute {
        return SandboxError::Program { program: program.to_owned(), source };
    }
    let index = usize::try_from(fault.detail).unwrap_or(usize::MAX);
    let place = match fault.stage {
        Stage::Mount => prepared.mounts.get(index).map(MountStep::place),
        Stage::Staging => prepared.demotion.as_ref().and_then(|demotion| Some(&demotion.staged.get(index)?.source)),
        _ => None,
    };
    let place = place.map(|path| {
        let text = Path::new(OsStr::from_bytes(path.to_bytes())).display().to_string();
        format!(" on `{}`", text.strip_prefix("/newroot").filter(|rest| !rest.is_empty()).unwrap_or(&text))
    });
    let remedy = remedy::remedy(fault.stage, fault.errno, &remedy::Limits::read());
    SandboxError::Refused { step: fault.stage.describe(), place: place.unwrap_or_default(), source, remedy }
}

fn in_old_root(path: &Path) -> PathBuf {
    Path::new("/oldroot").join(path.strip_prefix("/").unwrap_or(path))
}

fn stage(source: &Path, index: usize, folder: bool) -> Result<Staged, SandboxError> {
    let target = c_string(&Path::new("/tmp").join(index.to_string()))?;
    Ok(Staged { source: c_string(source)?, target, folder, tree: OnceCell::new() })
}

fn check_target(target: &Path) -> Result<(), SandboxError> {
    let plain = target.components().skip(1).all(|part| matches!(part, Component::Normal(_)));
    let reason = if !target.is_absolute() || !plain {
        "the place inside must be absolute, without `..`"
    } else if target.starts_with(WORK) || target.starts_with("/tmp") || target.components().count() < 2 {
        "the place inside must be outside of the writable folders"
    } else {
        return Ok(());
    };
    Err(SandboxError::BadPath { path: target.to_owned(), reason })
}

/// The host's root folder, sorted, so that the same host gives the same steps.
fn root_entries() -> Result<Vec<RootEntry>, SandboxError> {
    let unreadable = |source| SandboxError::Folder { path: "/".into(), action: "listing it", source };
    let mut entries: Vec<(OsString, RootEntry)> = Vec::new();
    for entry in fs::read_dir("/").map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name();
        let kind = entry.file_type().map_err(unreadable)?;
        if kind.is_symlink() {
            let content = fs::read_link(entry.path()).map_err(unreadable)?;
            entries.push((name.clone(), RootEntry::Link(name, content)));
        } else if kind.is_dir() {
            entries.push((name.clone(), RootEntry::Folder(name)));
        }
    }
    entries.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(entries.into_iter().map(|(_, entry)| entry).collect())
}

fn c_string(path: &Path) -> Result<CString, SandboxError> {
    let reason = "it contains a NUL byte";
    CString::new(path.as_os_str().as_bytes()).map_err(|_| SandboxError::BadPath { path: path.to_owned(), reason })
}

fn arguments(job: &Job) -> Result<PointerList, SandboxError> {
    let all = [&job.program].into_iter().chain(&job.arguments);
    Ok(PointerList::new(all.map(|argument| c_string(Path::new(argument))).collect::<Result<_, _>>()?))
}

fn environment(variables: &BTreeMap<OsString, OsString>) -> Result<PointerList, SandboxError> {
    let mut strings = Vec::new();
    for (name, value) in variables {
        let mut pair = name.clone();
        pair.push("=");
        pair.push(value);
        strings.push(c_string(Path::new(&pair))?);
    }
    Ok(PointerList::new(strings))
}

/// No core dumps; few enough descriptors that programs which close all of them do not take minutes.
fn limits() -> Vec<(Resource, Rlimit)> {
    let open = rustix::process::getrlimit(Resource::Nofile).maximum.map_or(65_536, |most| most.min(65_536));
    vec![
        (Resource::Core, Rlimit { current: Some(0), maximum: Some(0) }),
        (Resource::Nofile, Rlimit { current: Some(open.min(4096)), maximum: Some(open) }),
    ]
}
