//! The modules that builds can be made against: built or imported here, and those that `--modules` names.

use super::args::{AgainstArgs, Base};
use crate::error::CliError;
use crate::session::{Session, path_text};
use async_trait::async_trait;
use mbs_core::resolve::{ExpandOptions, LayeredProvider, Provider, ProviderError};
use mbs_core::reuse::{DocumentReuse, ReuseCandidate, ReuseSource, StoreReuse};
use mbs_core::store::{Store, StoreProvider};
use mbs_core::submit::{AssumedPlatform, SubmitError};
use mbs_core::{ModuleName, StreamName};
use mbs_fetch::CacheDir;
use mbs_fetch::provider::{OpenedProvider, ProviderOptions, open_provider};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is known of other builds.
pub(crate) struct Known {
    /// Tells which builds can be built against.
    pub(crate) provider: Arc<dyn Provider>,
    bases: BTreeSet<ModuleName>,
    store: Option<Arc<dyn Store>>,
    named: Arc<OpenedProvider>,
    preview: bool,
}

impl Known {
    /// Opens everything that the options name. A state folder is not made for it.
    pub(super) async fn open(
        args: &AgainstArgs,
        base: &Base,
        expand: &ExpandOptions,
        preview: bool,
        session: &Session,
    ) -> Result<Self, CliError> {
        let bases: BTreeSet<ModuleName> = expand.base_modules.iter().cloned().collect();
        let store: Option<Arc<dyn Store>> = if session.has_state()? { Some(session.store()?) } else { None };
        let mut layers = LayeredProvider::<dyn Provider>::new();
        if let Some(store) = &store {
            let here = StoreProvider::new(Arc::clone(store), bases.iter().cloned());
            layers.push("the state of this machine", Arc::new(here.local(path_text(&session.results_path()?)?)));
        }
        let named = Arc::new(Self::named(args, bases.clone(), session).await?);
        layers.push("--modules", Arc::clone(&named) as Arc<dyn Provider>);
        let layers: Arc<dyn Provider> = Arc::new(layers);
        let provider: Arc<dyn Provider> = match base {
            Base::Named(name, stream) => Arc::new(AssumedPlatform::named(layers, name.clone(), stream.clone())),
            Base::Machine(name, stream) => {
                let bases = bases.iter().cloned();
                Arc::new(AssumedPlatform::of_machine(layers, bases, name.clone(), stream.clone()))
            }
            Base::None(_) => layers,
        };
        Ok(Self { provider, bases, store, named, preview })
    }

    async fn named(
        args: &AgainstArgs,
        base_modules: BTreeSet<ModuleName>,
        session: &Session,
    ) -> Result<OpenedProvider, CliError> {
        let mut places = args.modules.clone();
        places.extend(session.config.modules.iter().filter(|_| args.modules.is_empty()).cloned());
        if places.is_empty() {
            return Ok(OpenedProvider::default());
        }
        let mut options = ProviderOptions::default();
        options.base_modules = base_modules;
        options.offline = args.offline;
        options.sidecars.clone_from(&args.states);
        options.clock = Arc::clone(&session.clock);
        // Files of this machine need no cache.
        if places.iter().any(|place| place.contains("://")) {
            options.cache = Some(CacheDir::open(session.cache_path()?).map_err(CliError::place("--cache-dir"))?);
        }
        let opened = open_provider(&places, &options).await?;
        for warning in opened.warnings() {
            session.output.note(&format!("warning: {}: {}", warning.place, warning.problem));
        }
        Ok(opened)
    }

    /// Whether nobody knows a build of any base module.
    pub(super) async fn knows_no_base(&self, expand: &ExpandOptions) -> Result<bool, SubmitError> {
        for name in &expand.base_modules {
            if !self.provider.builds(name).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

#[async_trait]
impl ReuseSource for Known {
    async fn candidates(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError> {
        let mut all = match &self.store {
            Some(store) => StoreReuse::new(&**store).candidates(name, stream).await?,
            None => Vec::new(),
        };
        if self.preview {
            // Their packages are not here, but in a build system they would be.
            all.extend(DocumentReuse::new(&*self.named, self.bases.iter().cloned()).candidates(name, stream).await?);
        }
        Ok(all)
    }
}
