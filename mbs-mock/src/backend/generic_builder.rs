//! The embedded backend behind the trait of all backends.

use super::against::Against;
use super::attempt::Attempt;
use super::config::{OpenError, RpmbuildConfig};
use super::files::{FileError, failed, make_folder, put_link, remove_folder};
use super::finish::{finalize, regenerate};
use super::layout::Layout;
use super::machine::Machine;
use super::manifest::Manifest;
use super::registry::{Kind, Registry};
use super::tasks::{Tasks, task_id};
use crate::platform::OsRelease;
use crate::prerequisites::check_tools;
use crate::sandbox::Sandbox;
use async_trait::async_trait;
use futures::channel::oneshot;
use futures::stream::BoxStream;
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskState, TaskStatus, Wakeup,
};
use mbs_core::clock::Clock;
use mbs_core::repodata::PackageSource;
use mbs_core::source::Source;
use mbs_core::{BuildId, ComponentName, Failure};
use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Builds components on this machine with rpmbuild, each in a sandbox.
///
/// Instances over the same folders share everything that has finished; an attempt belongs to the process that submitted
/// it and ends with it.
pub struct RpmbuildBuilder {
    pub(super) layout: Layout,
    source: Arc<dyn Source>,
    clock: Arc<dyn Clock>,
    tasks: Arc<Tasks>,
    pub(super) machine: Arc<Mutex<Option<Arc<Machine>>>>,
    pub(super) packages: Option<Arc<dyn PackageSource>>,
    pub(super) runtime: Option<tokio::runtime::Runtime>,
}

impl RpmbuildBuilder {
    /// Checks that this machine has everything that a build needs, before anything starts. Blocks for a moment.
    ///
    /// # Errors
    /// [`OpenError`] naming what is missing and what to do about it.
    pub fn open(config: RpmbuildConfig, source: Arc<dyn Source>, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let release = fs::read_to_string("/etc/os-release").unwrap_or_default();
        check_tools(&OsRelease::parse(&release))?;
        let folder = |action, path: &Path| {
            let path = path.to_owned();
            move |source| OpenError::Folder { action, path, source }
        };
        let mut config = config;
        for path in [&mut config.state, &mut config.results, &mut config.cache, &mut config.work] {
            fs::create_dir_all(&*path).map_err(folder("make the folder", path))?;
            *path = fs::canonicalize(&*path).map_err(folder("resolve", path))?;
        }
        Sandbox::probe(&config.work)?;
        // Fetching sources needs a runtime that goes on whatever the caller's does.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("mbs-sources")
            .enable_all()
            .build()
            .map_err(folder("start a thread for", &config.work))?;
        Ok(Self {
            layout: Layout { config },
            source,
            clock,
            tasks: Arc::new(Tasks::default()),
            machine: Arc::new(Mutex::new(None)),
            packages: None,
            runtime: Some(runtime),
        })
    }

    /// Lets builds be built against modules whose repositories are on servers.
    pub fn with_packages(mut self, source: Arc<dyn PackageSource>) -> Self {
        self.packages = Some(source);
        self
    }

    /// Begins to look at the machine, which takes a moment, while the caller does something else. Whoever needs the answer
    /// waits for it; an error is reported there.
    pub fn look_ahead(&self) {
        let (layout, slot) = (self.layout.clone(), Arc::clone(&self.machine));
        let looked = std::thread::Builder::new().name("mbs-machine".to_owned()).spawn(move || {
            if let Err(error) = Self::machine(&layout, &slot) {
                tracing::debug!("the machine could not be looked at ahead of time: {error}");
            }
        });
        if let Err(error) = looked {
            tracing::debug!("no thread could be started: {error}");
        }
    }

    /// The log of an attempt, whether it exists yet or not.
    pub fn log_path(&self, key: &RequestKey) -> PathBuf {
        self.layout.log(key)
    }

    /// As [`RpmbuildConfig::host_repository`].
    pub fn host_repository(&self, build: BuildId) -> Option<PathBuf> {
        self.layout.config.host_repository(build)
    }

    /// Removes everything that is kept of a build, but not its result folder.
    ///
    /// # Errors
    /// If something cannot be removed.
    pub fn forget(&self, build: BuildId) -> io::Result<()> {
        self.layout.forget(build)
    }

    /// The machine, looked at once.
    pub(super) fn machine(
        layout: &Layout,
        slot: &Mutex<Option<Arc<Machine>>>,
    ) -> Result<Arc<Machine>, super::machine::MachineError> {
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(machine) = &*slot {
            return Ok(Arc::clone(machine));
        }
        let machine = Arc::new(Machine::prepare(&layout.config)?);
        *slot = Some(Arc::clone(&machine));
        Ok(machine)
    }

    fn state(&self, key: &RequestKey) -> TaskState {
        if let Some(state) = self.tasks.state(key) {
            return state;
        }
        match Manifest::read(&self.layout.attempt(key)) {
            Ok(Some(manifest)) => manifest.state(),
            Ok(None) if is_locked(&self.layout.lock(key)) => TaskState::Running,
            // The lock may have been given back just now, after the result came into its place.
            Ok(None) => match Manifest::read(&self.layout.attempt(key)) {
                Ok(Some(manifest)) => manifest.state(),
                _ => TaskState::Lost(Failure::infra("the process that ran the attempt has ended")),
            },
            Err(error) => TaskState::Lost(Failure::infra(error.to_string())),
        }
    }
}

impl Drop for RpmbuildBuilder {
    fn drop(&mut self) {
        self.tasks.abandon();
        if let Some(runtime) = self.runtime.take() {
            // A runtime must not wait for its threads where futures run.
            runtime.shutdown_background();
        }
    }
}

/// Whether somebody holds the lock file.
fn is_locked(path: &Path) -> bool {
    match File::open(path) {
        Ok(file) => file.try_lock().is_err(),
        Err(_) => false,
    }
}

fn key_of(task: &TaskId) -> Option<RequestKey> {
    task.0.parse().ok()
}

fn broken(error: impl std::fmt::Display) -> BuilderError {
    BuilderError::unavailable(error.to_string())
}

/// Runs something that blocks on a thread of its own. If the caller loses interest, it runs to its end all the same.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BuilderError> + Send + 'static,
) -> Result<T, BuilderError> {
    let (sender, receiver) = oneshot::channel();
    std::thread::Builder::new()
        .name("mbs-rpmbuild".to_owned())
        .spawn(move || {
            // Nobody may wait for the answer any more.
            let _ = sender.send(work());
        })
        .map_err(broken)?;
    receiver.await.map_err(|_| BuilderError::unavailable("a thread of the backend ended without an answer"))?
}

/// Removes what killed attempts left in the work folder.
fn sweep(layout: &Layout, build: BuildId) -> Result<(), FileError> {
    let works = layout.works(build);
    let Ok(entries) = fs::read_dir(&works) else { return Ok(()) };
    for entry in entries {
        let entry = entry.map_err(failed("list", &works))?;
        if !is_locked(&layout.locks(build).join(entry.file_name())) {
            remove_folder(&entry.path())?;
        }
    }
    Ok(())
}

#[async_trait]
impl GenericBuilder for RpmbuildBuilder {
    fn name(&self) -> &str {
        super::BACKEND
    }

    fn capabilities(&self) -> BuilderCapabilities {
        BuilderCapabilities {
            cancel: true,
            survives_process: false,
            exact_scope: true,
            average_build_time: false,
            reuse: true,
            wakeups: true,
        }
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        let layout = self.layout.clone();
        let slot = Arc::clone(&self.machine);
        let (module, remote) = (module.clone(), self.remote());
        blocking(move || {
            let results = layout.results(&module.folder);
            for folder in
                [layout.locks(module.build), layout.attempts(module.build), layout.logs(module.build), results]
            {
                make_folder(&folder).map_err(broken)?;
            }
            sweep(&layout, module.build).map_err(broken)?;
            // What the host is and has does not change by trying again.
            let machine = Self::machine(&layout, &slot)
                .map_err(|error| BuilderError::Refused(Failure::infra(error.to_string())))?;
            if let Some(repository) = machine.needed_repository() {
                put_link(repository, &layout.host(module.build)).map_err(broken)?;
            }
            let platform = machine.platform_digest().map_err(broken)?;
            Against::connect(&layout, &module, &platform, remote.as_ref())
                .map_err(|error| BuilderError::Refused(error.failure()))?;
            Ok(())
        })
        .await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        let key = request.key.clone();
        let task = task_id(&key);
        let path = self.layout.lock(&key);
        // From here on nothing is awaited: the attempt is submitted as a whole or not at all.
        let lock = match File::options().write(true).create_new(true).open(&path) {
            Ok(lock) => lock,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Ok(task),
            Err(error) => return Err(broken(failed("make", &path)(error))),
        };
        lock.try_lock().map_err(|error| broken(format!("cannot lock `{}`: {error}", path.display())))?;
        let Some(runtime) = self.runtime.as_ref().map(|runtime| runtime.handle().clone()) else {
            return Err(BuilderError::unavailable("the backend has been shut down"));
        };
        let stop = self.tasks.begin(key.clone());
        let tasks = Arc::clone(&self.tasks);
        let (layout, slot) = (self.layout.clone(), Arc::clone(&self.machine));
        let (source, clock, request) = (Arc::clone(&self.source), Arc::clone(&self.clock), request.clone());
        let spawned = std::thread::Builder::new().name(format!("mbs-{}", key.component)).spawn({
            let (key, tasks) = (key.clone(), Arc::clone(&tasks));
            move || {
                let lock = Arc::new(OwnedFd::from(lock));
                let work = layout.work(&key);
                let state = match Self::machine(&layout, &slot) {
                    Ok(machine) => {
                        let (lock, tasks) = (Arc::clone(&lock), Arc::clone(&tasks));
                        let attempt = Attempt { request, layout, machine, source, runtime, clock, stop, lock, tasks };
                        Manifest::new(attempt.run()).state()
                    }
                    Err(error) => TaskState::Lost(Failure::infra(error.to_string())),
                };
                // Whoever waits for the end need not wait for the tidying up.
                tasks.over(&key, state);
                if let Err(error) = remove_folder(&work) {
                    tracing::warn!(%key, "{error}");
                }
                drop(lock);
                tasks.tidied();
            }
        });
        if let Err(error) = spawned {
            tasks.over(&key, TaskState::Lost(Failure::infra(format!("no thread could be started: {error}"))));
            tasks.tidied();
        }
        Ok(task)
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        let path = self.layout.lock(key);
        let exists = path.try_exists().map_err(failed("look at", &path)).map_err(broken)?;
        Ok(exists.then(|| task_id(key)))
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        Ok(tasks
            .iter()
            .map(|task| {
                let state = match key_of(task) {
                    Some(key) => self.state(&key),
                    None => TaskState::Lost(Failure::infra(format!("`{task}` is no task of this backend"))),
                };
                TaskStatus { task: task.clone(), state }
            })
            .collect())
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        if let Some(key) = key_of(task) {
            self.tasks.cancel(&key);
        }
        Ok(())
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let (layout, request) = (self.layout.clone(), request.clone());
        blocking(move || {
            let build = request.module.build;
            let mut tagged = Registry::read(&layout, build, Kind::Tagged).map_err(broken)?;
            if tagged.add(&request.components) {
                tagged.write(&layout, build, Kind::Tagged).map_err(broken)?;
            }
            Ok(())
        })
        .await
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let (layout, request) = (self.layout.clone(), request.clone());
        blocking(move || regenerate(&layout, &request).map_err(broken)).await
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        let published = Registry::read(&self.layout, request.module.build, Kind::Published).map_err(broken)?;
        Ok(published.holds(&request.components))
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        let (layout, request, tasks) = (self.layout.clone(), request.clone(), Arc::clone(&self.tasks));
        blocking(move || {
            tasks.wait_until_tidy();
            sweep(&layout, request.module.build).map_err(broken)?;
            if request.success {
                finalize(&layout, &request).map_err(broken)?;
            }
            Ok(())
        })
        .await
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        let folder = self.layout.results(&module.folder);
        let made = folder.join("repodata/repomd.xml").is_file();
        Ok(if made { folder.to_str().map(str::to_owned) } else { None })
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        Ok(vec![None; names.len()])
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        self.tasks.listen()
    }
}
