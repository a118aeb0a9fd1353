//! How providers read.

use crate::cache::CacheDir;
use crate::clock::SystemClock;
use crate::http::{Http, KeptAnswers};
use crate::options::FetchOptions;
use crate::place::Means;
use mbs_core::ModuleName;
use mbs_core::build::ModuleState;
use mbs_core::clock::Clock;
use mbs_core::modulemd::Limits;
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// How providers read.
#[derive(Clone)]
#[non_exhaustive]
pub struct ProviderOptions {
    /// Timeouts, proxy, how often is tried again.
    pub fetch: FetchOptions,
    /// Folder that keeps answers of servers; without one nothing is kept.
    pub cache: Option<CacheDir>,
    /// Whether only files of this machine and what is kept in the cache may be used.
    pub offline: bool,
    /// Bounds on each index, in a file, a repository or one document of another service.
    pub limits: Limits,
    /// Names of the modules that all others are built on.
    pub base_modules: BTreeSet<ModuleName>,
    /// Sidecars for all indexes, beside those that lie beside them: paths or addresses.
    pub sidecars: Vec<String>,
    /// States of builds that are asked for at other services.
    pub states: Vec<ModuleState>,
    /// Most pages of an answer of another service, for one module.
    pub max_pages: u32,
    /// What waits between attempts.
    pub clock: Arc<dyn Clock>,
}

impl Default for ProviderOptions {
    fn default() -> Self {
        Self {
            fetch: FetchOptions::default(),
            cache: None,
            offline: false,
            limits: Limits::default(),
            base_modules: mbs_core::resolve::ExpandOptions::default().base_modules.into_iter().collect(),
            sidecars: Vec::new(),
            states: ModuleState::ALL.to_vec(),
            max_pages: 1000,
            clock: Arc::new(SystemClock),
        }
    }
}

impl fmt::Debug for ProviderOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The clock has nothing to show.
        f.debug_struct("ProviderOptions")
            .field("fetch", &self.fetch)
            .field("cache", &self.cache)
            .field("offline", &self.offline)
            .field("limits", &self.limits)
            .field("base_modules", &self.base_modules)
            .field("states", &self.states)
            .field("max_pages", &self.max_pages)
            .finish_non_exhaustive()
    }
}

/// What reading files of a place takes.
pub(super) struct Reader<'o> {
    options: &'o ProviderOptions,
    http: Http,
    kept: Option<KeptAnswers>,
}

impl<'o> Reader<'o> {
    pub(super) fn new(options: &'o ProviderOptions) -> Self {
        Self { http: Http::new(&options.fetch), kept: options.cache.clone().map(KeptAnswers::new), options }
    }

    pub(super) fn means(&self) -> Means<'_> {
        Means {
            http: &self.http,
            clock: &*self.options.clock,
            options: &self.options.fetch,
            kept: self.kept.as_ref(),
            offline: self.options.offline,
        }
    }
}
