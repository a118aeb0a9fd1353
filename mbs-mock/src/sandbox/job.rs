//! What is to run in a sandbox, and how it ended.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::cancel::Cancel;

/// The user and group number of programs without privileges, as seen inside: many programs refuse to be built or tested
/// by root.
pub const USER_ID: u32 = 1000;

/// A line of `/proc/self/uid_map`: [`USER_ID`] is user 0 of the outer namespace.
pub(super) const USER_MAP: &[u8] = b"1000 0 1\n";

/// The name that `USER` and `LOGNAME` give to that user.
pub const USER: &str = "mockbuild";

/// What a program may do inside its namespaces. Outside of them no program may ever do more than the
/// ordinary user it runs as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Privileges {
    /// Nothing: all capability sets are empty and stay so, and the user is [`USER_ID`]. For everything that runs a spec.
    None,
    /// The capabilities of its own user namespace, as its user 0, with which `rpm --root` can call `chroot`.
    Namespace,
}

/// Something of the host shown read-only at another place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bind {
    pub(super) source: PathBuf,
    pub(super) target: PathBuf,
}

/// One program run in a sandbox.
#[derive(Debug)]
pub struct Job {
    pub(super) program: OsString,
    pub(super) arguments: Vec<OsString>,
    pub(super) environment: BTreeMap<OsString, OsString>,
    pub(super) folder: PathBuf,
    pub(super) layers: Vec<PathBuf>,
    pub(super) binds: Vec<Bind>,
    pub(super) privileges: Privileges,
    pub(super) log: File,
    pub(super) time_limit: Option<Duration>,
    pub(super) cancel: Cancel,
    pub(super) held: Vec<Arc<OwnedFd>>,
}

impl Job {
    /// A program (a path inside the sandbox, or a name looked up in the usual folders) whose standard output
    /// and standard error go to `log`, open for appending. It starts with no capability, without time limit,
    /// in the work folder.
    pub fn new(program: impl AsRef<OsStr>, log: File) -> Self {
        Self {
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            environment: BTreeMap::new(),
            folder: PathBuf::from(super::WORK),
            layers: Vec::new(),
            binds: Vec::new(),
            privileges: Privileges::None,
            log,
            time_limit: None,
            cancel: Cancel::default(),
            held: Vec::new(),
        }
    }

    /// Adds one argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// Sets a variable beside the fixed ones (`PATH`, `HOME`, `TMPDIR`, `LANG`, `TZ`, `USER`, `LOGNAME`, `SHELL`).
    /// Nothing of the caller's environment is passed on.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.environment.insert(name.as_ref().to_owned(), value.as_ref().to_owned());
        self
    }

    /// Sets the working folder, as seen inside.
    pub fn folder(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = folder.into();
        self
    }

    /// Lays a tree over the host's files: `tree` is relative to the work folder, each folder in it is merged
    /// over the host's folder of that name. Files of earlier layers win.
    pub fn layer(mut self, tree: impl Into<PathBuf>) -> Self {
        self.layers.push(tree.into());
        self
    }

    /// Shows a file or folder of the host, which the user of the programs must be able to read, read-only at `target`, which must be absolute, not below the work
    /// folder, and not exist otherwise.
    pub fn show(mut self, source: impl Into<PathBuf>, target: impl Into<PathBuf>) -> Self {
        self.binds.push(Bind { source: source.into(), target: target.into() });
        self
    }

    /// Sets what the program may do.
    pub fn privileges(mut self, privileges: Privileges) -> Self {
        self.privileges = privileges;
        self
    }

    /// Ends the job with everything it started after this time, measured from its start.
    pub fn time_limit(mut self, limit: Option<Duration>) -> Self {
        self.time_limit = limit;
        self
    }

    /// Ends the job when this is cancelled; at once if it is already.
    pub fn cancel(mut self, cancel: &Cancel) -> Self {
        self.cancel = cancel.clone();
        self
    }

    /// Keeps a descriptor open until nothing of the sandbox is left, also when this process is killed: a file
    /// lock on it tells others whether they may touch the work folder.
    pub fn hold(mut self, descriptor: Arc<OwnedFd>) -> Self {
        self.held.push(descriptor);
        self
    }

    /// The fixed environment with the job's own variables.
    pub(super) fn full_environment(&self) -> BTreeMap<OsString, OsString> {
        let user = match self.privileges {
            Privileges::None => USER,
            Privileges::Namespace => "root",
        };
        let fixed = [
            ("PATH", PATH),
            ("HOME", super::WORK),
            ("TMPDIR", "/tmp"),
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("USER", user),
            ("LOGNAME", user),
            ("SHELL", "/bin/sh"),
        ];
        let mut all: BTreeMap<OsString, OsString> = fixed.map(|(name, value)| (name.into(), value.into())).into();
        all.extend(self.environment.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }

    /// Where the program may be, in the order to try.
    pub(super) fn candidates(&self) -> Vec<PathBuf> {
        let program = Path::new(&self.program);
        if program.components().count() > 1 {
            return vec![program.to_owned()];
        }
        PATH.split(':').map(|folder| Path::new(folder).join(program)).collect()
    }
}

/// Where programs are looked for, inside.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// How a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// The program ended with this exit code.
    Exited(i32),
    /// The program was ended by this signal, not by us.
    Signalled(i32),
    /// The time limit was reached; everything was killed.
    TimedOut,
    /// The job was cancelled; everything was killed.
    Cancelled,
}

impl Ended {
    /// Whether the program ended by itself with exit code 0.
    pub fn success(self) -> bool {
        self == Self::Exited(0)
    }
}
