//! A started job: the thread that starts the sandbox, and waiting for its end.

use std::ffi::OsStr;
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec};
use rustix::io::Errno;
use rustix::process::Signal;

use super::cancel::Cancel;
use super::error::SandboxError;
use super::job::Ended;
use super::mount_step::MountStep;
use super::prepared::Prepared;
use super::report::{Fault, Record, Stage};
use super::{child, remedy, sys};
use crate::external;

/// A job that was started. Dropped without [`Running::wait`], it is killed.
#[derive(Debug)]
pub struct Running {
    thread: Option<JoinHandle<Result<Ended, SandboxError>>>,
    abandon: Cancel,
}

impl Running {
    /// Starts the thread that starts the sandbox.
    pub(super) fn start(
        prepared: Prepared,
        report: OwnedFd,
        limit: Option<Duration>,
        cancel: Cancel,
        program: String,
    ) -> Result<Self, SandboxError> {
        let abandon = Cancel::new();
        let abandoned = abandon.clone();
        let body = move || supervise(&prepared, &report, limit, [&cancel, &abandoned], &program);
        let thread = std::thread::Builder::new().name("mbs-sandbox".to_owned()).spawn(body);
        let thread = thread.map_err(|source| SandboxError::Resources { action: "starting a thread", source })?;
        Ok(Self { thread: Some(thread), abandon })
    }

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
    let mut bytes = [0; 512];
    let length = read_report(report.as_fd(), &mut bytes).map_err(resources("reading the report of the sandbox"))?;
    let told = &bytes[..length];
    if let Some((began, ended)) = Record::span(told) {
        external::ran(program, began, ended);
    }
    match Record::verdict(told) {
        Some(Record::Ended { status, .. }) => Ok(match sys::decode_status(status) {
            Ok(code) => Ended::Exited(code),
            Err(signal) => Ended::Signalled(signal),
        }),
        Some(Record::Failed(fault)) => Err(explain(fault, prepared, program)),
        // The verdict is never a beginning.
        Some(Record::Began(_)) | None => Err(SandboxError::Lost),
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
fn read_report(pipe: BorrowedFd<'_>, bytes: &mut [u8]) -> Result<usize, Errno> {
    rustix::io::ioctl_fionbio(pipe, true)?;
    match rustix::io::read(pipe, bytes) {
        Ok(length) => Ok(length),
        Err(Errno::AGAIN) => Ok(0),
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
