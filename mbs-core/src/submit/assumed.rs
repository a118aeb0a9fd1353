//! The platform that nobody has a build of: that of this machine, or one that the user names.

use crate::build::ModuleState;
use crate::identity::DEFAULT_CONTEXT;
use crate::resolve::{FactsSource, ModuleFacts, Provider, ProviderError};
use crate::{Context, ModuleName, Nsvc, StreamName, Version};
use async_trait::async_trait;
use std::sync::Arc;

/// Adds a platform to what another provider knows.
///
/// A named platform is always there, beside others. That of the machine counts only if no build of any base module is
/// known. Either is one virtual build `name:stream:1:00000000`, which has no packages of its own. Builds of other modules
/// that note another version of its stream, as in the indexes of some repositories, count as built on it.
#[derive(Debug, Clone)]
pub struct AssumedPlatform {
    inner: Arc<dyn Provider>,
    bases: Vec<ModuleName>,
    name: ModuleName,
    stream: StreamName,
    named: bool,
}

impl AssumedPlatform {
    /// The platform of this machine. `bases` are the names of base modules.
    pub fn of_machine(
        inner: Arc<dyn Provider>,
        bases: impl IntoIterator<Item = ModuleName>,
        name: ModuleName,
        stream: StreamName,
    ) -> Self {
        Self { inner, bases: bases.into_iter().collect(), name, stream, named: false }
    }

    /// A platform that the user names; see also [`super::Settings::on_platform`].
    pub fn named(inner: Arc<dyn Provider>, name: ModuleName, stream: StreamName) -> Self {
        Self { inner, bases: Vec::new(), name, stream, named: true }
    }

    /// The facts of a virtual platform.
    pub fn facts(name: &ModuleName, stream: &StreamName) -> ModuleFacts {
        let (name, stream) = (name.clone(), stream.clone());
        let nsvc = Nsvc { name, stream, version: Version(1), context: default_context() };
        ModuleFacts { source: FactsSource::Local, ..ModuleFacts::new(nsvc, ModuleState::Ready) }
    }

    /// Whether a build was noted as built on some build of the platform's stream.
    fn is_on_stream(&self, facts: &ModuleFacts) -> bool {
        facts.built_on.iter().any(|base| base.name == self.name && base.stream == self.stream)
    }

    /// Counts builds as built on the platform if they were built on one of its stream that is not among `bases`: which
    /// version of it they saw says nothing here.
    fn adopt(&self, builds: &mut [Arc<ModuleFacts>], bases: &[Arc<ModuleFacts>]) {
        let platform = Self::facts(&self.name, &self.stream).nsvc;
        let is_known = |base: &Nsvc| bases.iter().any(|known| known.nsvc == *base);
        let on_stream = |base: &&Nsvc| base.name == self.name && base.stream == self.stream;
        for facts in builds {
            let adopted = !facts.built_on.contains(&platform)
                && facts.built_on.iter().filter(on_stream).any(|base| !is_known(base));
            if adopted {
                Arc::make_mut(facts).built_on.push(platform.clone());
            }
        }
    }

    async fn counts(&self, known: &[Arc<ModuleFacts>]) -> Result<bool, ProviderError> {
        if self.named {
            let is_it =
                |facts: &Arc<ModuleFacts>| facts.nsvc.stream == self.stream && facts.state == ModuleState::Ready;
            return Ok(!known.iter().any(is_it));
        }
        if !known.is_empty() {
            return Ok(false);
        }
        for other in self.bases.iter().filter(|other| **other != self.name) {
            if !self.inner.builds(other).await?.is_empty() {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn default_context() -> Context {
    Context::new(DEFAULT_CONTEXT).expect("the context is valid")
}

#[async_trait]
impl Provider for AssumedPlatform {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        let mut builds = self.inner.builds(name).await?;
        if *name == self.name {
            if self.counts(&builds).await? {
                builds.push(Arc::new(Self::facts(&self.name, &self.stream)));
            }
        } else if builds.iter().any(|facts| self.is_on_stream(facts)) {
            let bases = self.inner.builds(&self.name).await?;
            if self.counts(&bases).await? {
                self.adopt(&mut builds, &bases);
            }
        }
        Ok(builds)
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        self.inner.names().await
    }
}
