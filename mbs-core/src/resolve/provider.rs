//! Where module builds are known from.

use super::expand::missing_names;
use super::facts::ModuleFacts;
use super::options::ExpandOptions;
use super::universe::Universe;
use crate::ModuleName;
use crate::modulemd::ModuleStream;
use async_trait::async_trait;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// Why a provider has no answer. Having no builds is an answer.
#[derive(Debug, thiserror::Error)]
#[error("cannot tell which builds of module `{name}` exist: {problem}")]
pub struct ProviderError {
    /// The module that was asked for.
    pub name: ModuleName,
    /// What went wrong, without credentials.
    pub problem: String,
    /// The cause, if it is an error of its own.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// Tells which module builds exist.
#[async_trait]
pub trait Provider: fmt::Debug + Send + Sync {
    /// All builds of a module, in any state and any order.
    ///
    /// # Errors
    /// [`ProviderError`] if that cannot be found out; an unknown module has no builds, which is no error.
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError>;

    /// Names of modules that have builds. They are only suggested where one is missing, so a provider that has no list
    /// at hand has none.
    ///
    /// # Errors
    /// [`ProviderError`] if the list should be there and is not; [`gather`] does without then.
    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        Ok(Vec::new())
    }
}

/// A provider over builds in memory.
#[derive(Debug, Clone, Default)]
pub struct MemoryProvider {
    builds: BTreeMap<ModuleName, Vec<Arc<ModuleFacts>>>,
}

impl MemoryProvider {
    /// A provider that knows these builds.
    pub fn new(builds: impl IntoIterator<Item = ModuleFacts>) -> Self {
        let mut provider = Self::default();
        for facts in builds {
            provider.add(facts);
        }
        provider
    }

    /// Adds a build; one of the same identity is replaced.
    pub fn add(&mut self, facts: ModuleFacts) {
        let known = self.builds.entry(facts.nsvc.name.clone()).or_default();
        match known.iter_mut().find(|other| other.nsvc == facts.nsvc) {
            Some(other) => *other = Arc::new(facts),
            None => known.push(Arc::new(facts)),
        }
    }
}

#[async_trait]
impl Provider for MemoryProvider {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        Ok(self.builds.get(name).cloned().unwrap_or_default())
    }

    async fn names(&self) -> Result<Vec<ModuleName>, ProviderError> {
        Ok(self.builds.keys().cloned().collect())
    }
}

/// Fetches what the expansion of these documents looks at, and nothing else.
///
/// The expansion says which modules it has to know; they are fetched, until nothing is missing. Each module is asked
/// for once.
///
/// # Errors
/// The first [`ProviderError`]: an expansion over half of the builds would be wrong.
pub async fn gather(
    provider: &dyn Provider,
    documents: &[ModuleStream],
    options: &ExpandOptions,
) -> Result<Universe, ProviderError> {
    let mut universe = Universe::default();
    let mut absent = false;
    loop {
        let mut wanted = std::collections::BTreeSet::new();
        for document in documents {
            wanted.append(&mut missing_names(&universe, document, options));
        }
        if wanted.is_empty() {
            if absent {
                // Without suggestions the answer is the same.
                universe.note_names(provider.names().await.unwrap_or_default());
            }
            return Ok(universe);
        }
        for name in wanted {
            let builds = provider.builds(&name).await?;
            absent |= builds.is_empty();
            universe.learn(name, builds, options);
        }
    }
}
