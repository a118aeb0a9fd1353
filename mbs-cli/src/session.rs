//! What a command works with: places, store, fetcher, clock.

use crate::cli::GlobalArgs;
use crate::config::{self, Config};
use crate::environment::Environment;
use crate::error::CliError;
use crate::output::Output;
use mbs_core::clock::Clock;
use mbs_fetch::{CacheDir, FetchOptions, Fetcher, SystemClock};
use mbs_store::{SqliteStore, StateDir, StateEnvironment};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

/// The surroundings of one command. What it does not use is not opened.
pub(crate) struct Session {
    pub(crate) environment: Environment,
    pub(crate) config: Config,
    pub(crate) output: Output,
    pub(crate) clock: Arc<dyn Clock>,
    state_dir: Option<PathBuf>,
    cache_dir: Option<PathBuf>,
    store: OnceLock<Arc<SqliteStore>>,
    fetcher: OnceLock<Arc<Fetcher>>,
}

impl Session {
    /// Reads the configuration.
    pub(crate) fn new(args: &GlobalArgs, output: Output) -> Result<Self, CliError> {
        let environment = Environment::here();
        let config = config::load(args.config.as_deref(), &environment)?;
        Ok(Self {
            state_dir: args.state_dir.clone().or_else(|| config.state_dir.clone()),
            cache_dir: args.cache_dir.clone().or_else(|| config.cache_dir.clone()),
            environment,
            config,
            output,
            clock: Arc::new(SystemClock),
            store: OnceLock::new(),
            fetcher: OnceLock::new(),
        })
    }

    /// Where the state is, whether it exists or not.
    pub(crate) fn state_path(&self) -> Result<PathBuf, CliError> {
        let path = match &self.state_dir {
            Some(path) => path.clone(),
            None => StateDir::default_path(&StateEnvironment {
                xdg_state_home: self.environment.xdg_state_home.clone(),
                home: self.environment.home.clone(),
            })?,
        };
        absolute(&path)
    }

    /// The state folder's store; made if there is none.
    pub(crate) fn store(&self) -> Result<Arc<SqliteStore>, CliError> {
        if let Some(store) = self.store.get() {
            return Ok(Arc::clone(store));
        }
        let state = StateDir::create(self.state_path()?).map_err(CliError::place("--state-dir"))?;
        let store = Arc::new(SqliteStore::open(state)?);
        Ok(Arc::clone(self.store.get_or_init(|| store)))
    }

    /// Whether there is a state. Asking does not make one.
    pub(crate) fn has_state(&self) -> Result<bool, CliError> {
        Ok(self.state_path()?.join("mbs.sqlite").exists())
    }

    /// The folder of what can be fetched again.
    pub(crate) fn cache_path(&self) -> Result<PathBuf, CliError> {
        let path = self.cache_dir.clone().or_else(|| self.environment.default_cache()).ok_or_else(|| {
            CliError::usage_hint(
                "neither `XDG_CACHE_HOME` nor `HOME` is an absolute path",
                "name a folder with `--cache-dir`",
            )
        })?;
        absolute(&path)
    }

    /// Fetches sources.
    pub(crate) fn fetcher(&self) -> Result<Arc<Fetcher>, CliError> {
        if let Some(fetcher) = self.fetcher.get() {
            return Ok(Arc::clone(fetcher));
        }
        let cache = CacheDir::open(self.cache_path()?).map_err(CliError::place("--cache-dir"))?;
        let fetcher = Arc::new(Fetcher::new(cache, FetchOptions::default(), Arc::clone(&self.clock))?);
        Ok(Arc::clone(self.fetcher.get_or_init(|| fetcher)))
    }

    /// Where results go unless a build says otherwise.
    pub(crate) fn results_path(&self) -> Result<PathBuf, CliError> {
        let path = self.config.results.clone().or_else(|| self.environment.default_results()).ok_or_else(|| {
            CliError::usage_hint("`HOME` is not an absolute path", "name a folder for results with `--results`")
        })?;
        absolute(&path)
    }

    /// Prints what a command found out.
    pub(crate) fn result(&self, text: &str) -> Result<(), CliError> {
        self.output.result(text)
    }
}

/// The path as seen from the current folder.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, CliError> {
    std::path::absolute(path).map_err(CliError::file("find", path))
}

/// A path as text that can be stored.
pub(crate) fn path_text(path: &Path) -> Result<String, CliError> {
    let path = absolute(path)?;
    path.to_str()
        .map(str::to_owned)
        .ok_or_else(|| CliError::usage(format!("the path `{}` is not UTF-8 text", path.display())))
}
