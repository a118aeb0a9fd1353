//! The backends by name. No other file names one.

use crate::error::CliError;
use crate::session::Session;
use async_trait::async_trait;
use mbs_core::build::BuildRequest;
use mbs_core::builder::GenericBuilder;
use mbs_core::plan::{Order, Plan};
use mbs_core::resolve::ProviderError;
use mbs_core::reuse::LocalFingerprint;
use mbs_core::source::Source;
use mbs_core::submit::Fingerprints;
use mbs_core::{Arch, BuildId, ModuleName};
use mbs_mock::modules::places_known;
use mbs_mock::{BACKEND, OpenError, RpmbuildBuilder, RpmbuildConfig};
use std::num::NonZeroU32;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// The backend that builds unless another one is named.
pub(crate) const DEFAULT: &str = BACKEND;

/// The architecture that builds on this machine are for.
pub(crate) fn machine_arch() -> Result<Arch, CliError> {
    Arch::new(mbs_mock::platform::machine_arch()).map_err(|error| CliError::usage(error.to_string()))
}

/// Opens the backend that a build was submitted to, where the build says that its files are.
pub(crate) fn open(request: &BuildRequest, session: &Session) -> Result<Arc<dyn GenericBuilder>, CliError> {
    Ok(open_here(request, session)?)
}

fn open_here(request: &BuildRequest, session: &Session) -> Result<Arc<RpmbuildBuilder>, CliError> {
    let config = config(request, session)?;
    let fetcher = session.fetcher()?;
    let source: Arc<dyn Source> = fetcher.clone();
    let places = [
        ("--results", config.results.clone()),
        ("--work-dir", config.work.clone()),
        ("--cache-dir", config.cache.clone()),
        ("--state-dir", config.state.clone()),
    ];
    let opened = RpmbuildBuilder::open(config, source, Arc::clone(&session.clock)).map_err(|error| {
        let option = match &error {
            OpenError::Folder { path, .. } => places.iter().find(|(_, place)| path.starts_with(place)),
            _ => None,
        };
        match option {
            Some((option, _)) => CliError::place(option)(error),
            None => error.into(),
        }
    })?;
    let opened = opened.with_packages(fetcher);
    // While the build is stored and its sources are resolved.
    opened.look_ahead();
    Ok(Arc::new(opened))
}

/// Refuses a build against modules whose packages nobody knows the place of.
pub(crate) fn check_modules(request: &BuildRequest) -> Result<(), CliError> {
    places_known(&request.built_against).map_err(|error| CliError::Packages(Box::new(error)))
}

/// Tells what builds of this machine depend on beside their sources.
pub(crate) fn fingerprints(session: &Session) -> impl Fingerprints + '_ {
    Machine { session, builder: OnceLock::new() }
}

struct Machine<'a> {
    session: &'a Session,
    builder: OnceLock<Arc<RpmbuildBuilder>>,
}

#[async_trait]
impl Fingerprints for Machine<'_> {
    async fn of(&self, request: &BuildRequest) -> Result<LocalFingerprint, ProviderError> {
        let name = request.built_against.first().map(|one| one.nsvc.name.clone());
        // A build against nothing has no module that could be at fault.
        let name = name.unwrap_or_else(|| ModuleName::new("platform").expect("the name is valid"));
        let failed = |problem: String| ProviderError { name: name.clone(), problem, source: None };
        let builder = if let Some(builder) = self.builder.get() {
            Arc::clone(builder)
        } else {
            let opened = open_here(request, self.session).map_err(|error| failed(error.to_string()))?;
            Arc::clone(self.builder.get_or_init(|| opened))
        };
        let (against, arch) = (request.built_against.clone(), request.arch.clone());
        let looked = tokio::task::spawn_blocking(move || builder.fingerprint(&against, &arch)).await;
        match looked {
            Ok(answer) => answer.map_err(|error| failed(error.to_string())),
            Err(error) => Err(failed(error.to_string())),
        }
    }

    async fn recorded(&self, build: BuildId) -> Option<LocalFingerprint> {
        // What cannot be read is as if it had not been noted: then nothing is taken from the build.
        let request =
            BuildRequest::new(BACKEND, machine_arch().ok()?, Plan { order: Order::Batches, components: Vec::new() });
        config(&request, self.session).ok()?.built_with(build).ok()??.fingerprint()
    }
}

/// Removes what a backend keeps of a build, its logs included, but not its results.
pub(crate) fn forget(request: &BuildRequest, build: BuildId, session: &Session) -> Result<(), CliError> {
    let config = config(request, session)?;
    config.forget(build).map_err(CliError::file("remove what is kept of the build in", config.state.clone()))
}

/// The repository that a build makes, whether it exists yet or not; of an import the one that was named, which may be an
/// address.
pub(crate) fn repository(request: &BuildRequest, folder: &str, session: &Session) -> Result<PathBuf, CliError> {
    if let Some(place) = &request.repository {
        return Ok(PathBuf::from(place));
    }
    Ok(config(request, session)?.repository(folder))
}

/// Whether the repository of a finished build is where the build made it. Opens nothing.
pub(crate) fn has_repository(request: &BuildRequest, folder: &str, session: &Session) -> Result<bool, CliError> {
    Ok(repository(request, folder, session)?.join("repodata/repomd.xml").is_file())
}

/// The repository that dnf needs beside that of a build, because it describes the machine; none if there is no need.
pub(crate) fn host_repository(request: &BuildRequest, build: BuildId, session: &Session) -> Option<PathBuf> {
    config(request, session).ok()?.host_repository(build)
}

/// The folder that takes the result folders of a build.
pub(crate) fn results(request: &BuildRequest, session: &Session) -> Result<PathBuf, CliError> {
    match &request.options.results {
        Some(results) => Ok(PathBuf::from(results)),
        None => session.results_path(),
    }
}

fn config(request: &BuildRequest, session: &Session) -> Result<RpmbuildConfig, CliError> {
    check(&request.backend)?;
    let state = session.state_path()?;
    let cache = session.cache_path()?;
    let work = match &request.options.work_dir {
        // Builds are numbered in each state folder: two of them must not meet in one work folder.
        Some(folder) => {
            let stat =
                rustix::fs::stat(&state).map_err(|error| CliError::file("look at", state.clone())(error.into()))?;
            PathBuf::from(folder).join(format!("mbs-{:x}-{:x}", stat.st_dev, stat.st_ino))
        }
        None => state.join("work"),
    };
    let cores = std::thread::available_parallelism().ok().and_then(|cores| u32::try_from(cores.get()).ok());
    Ok(RpmbuildConfig {
        state,
        results: results(request, session)?,
        cache,
        work,
        processes: cores.and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN),
        extra_provides: Vec::new(),
    })
}

/// Refuses a name that no backend has.
pub(crate) fn check(name: &str) -> Result<(), CliError> {
    if name == BACKEND {
        return Ok(());
    }
    Err(CliError::UnknownBackend { name: name.to_owned(), known: format!("`{BACKEND}`") })
}
