//! The sandbox: from a job to everything its children need.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::ffi::{CString, OsString};
use std::fs;
use std::os::fd::{AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::fchown;
use std::path::{Component, Path, PathBuf};

use rustix::io::Errno;
use rustix::process::{Gid, Resource, Rlimit, Uid};

use super::error::SandboxError;
use super::job::{Bind, Ended, Job};
use super::mounts::{self, Layer, RootEntry, Shown, TreeFacts};
use super::prepared::{Demotion, Prepared, Staged};
use super::running::Running;
use super::sys::PointerList;
use super::{WORK, owner};

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
    /// A sandbox around an existing folder that is used for nothing else. When this process is root, the folder is
    /// given to the ordinary user that programs run as; what is in it must be readable for everyone or be given
    /// with [`Sandbox::adopt`].
    pub fn new(work: &Path) -> Result<Self, SandboxError> {
        let folder = |source| SandboxError::Folder { path: work.to_owned(), action: "resolving it", source };
        let work = fs::canonicalize(work).map_err(folder)?;
        if work.components().count() < 3 {
            let reason = "a top folder of the machine must not become a work folder";
            return Err(SandboxError::BadPath { path: work, reason });
        }
        if let Some((uid, gid)) = owner::build_user() {
            owner::give_one(&work, uid, gid)?;
        }
        Ok(Self { work, hidden: Vec::new() })
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

    /// Gives a file, or a folder with all that is in it, to the user that programs run as. It is named relative to
    /// the work folder; the empty path is all of that. Does nothing unless this process is root. No program may be
    /// running in the sandbox.
    pub fn adopt(&self, relative: &Path) -> Result<(), SandboxError> {
        let path = self.real_path(relative)?;
        match owner::build_user() {
            Some((uid, gid)) => owner::give(&path, uid, gid),
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
        Running::start(prepared, report, limit, cancel, name)
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

    /// A place in the work folder that is reached without a link: programs may have left links to anywhere.
    fn real_path(&self, relative: &Path) -> Result<PathBuf, SandboxError> {
        check_relative(relative)?;
        let mut path = self.work.clone();
        for part in relative.components() {
            if path.is_symlink() {
                return Err(SandboxError::BadPath { path, reason: "it is a symbolic link" });
            }
            path.push(part);
        }
        Ok(path)
    }

    /// Which folders of the host each tree covers.
    fn layers(&self, trees: &[PathBuf]) -> Result<Vec<Layer>, SandboxError> {
        let mut layers = Vec::new();
        for tree in trees {
            let path = self.real_path(tree)?;
            if path.is_symlink() {
                return Err(SandboxError::BadPath { path, reason: "it is a symbolic link" });
            }
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

fn in_old_root(path: &Path) -> PathBuf {
    Path::new("/oldroot").join(path.strip_prefix("/").unwrap_or(path))
}

fn stage(source: &Path, index: usize, folder: bool) -> Result<Staged, SandboxError> {
    let target = c_string(&Path::new("/tmp").join(index.to_string()))?;
    Ok(Staged { source: c_string(source)?, target, folder, tree: OnceCell::new() })
}

fn check_relative(path: &Path) -> Result<(), SandboxError> {
    if path.components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(());
    }
    let reason = "it has to be relative to the work folder, without `..`";
    Err(SandboxError::BadPath { path: path.to_owned(), reason })
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
