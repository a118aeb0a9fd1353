//! Builds that are known with their documents.

use super::facts::ModuleFacts;
use super::provider::{Provider, ProviderError};
use crate::modulemd::ModuleStream;
use crate::reuse::RebuildStrategy;
use crate::{BuildId, ModuleName, StreamName};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// A build and all that a provider can tell of it.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownBuild {
    /// What resolution looks at.
    pub facts: Arc<ModuleFacts>,
    /// Its document; of several for different architectures, the first.
    pub document: Arc<ModuleStream>,
    /// What stands beside the document.
    pub record: BuildRecord,
}

/// What a build system remembers of a build beside its document. What nobody said is none.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildRecord {
    /// Its number there.
    pub id: Option<BuildId>,
    /// When it was completed.
    pub completed: Option<DateTime<Utc>>,
    /// The strategy it was built with.
    pub rebuild_strategy: Option<RebuildStrategy>,
    /// Where its sources are. May hold credentials: not to be shown as it is.
    pub scmurl: Option<String>,
}

/// A provider that also has the documents of the builds.
#[async_trait]
pub trait DocumentProvider: Provider {
    /// All builds of a stream with their documents: those that [`Provider::builds`] tells of and that have one, in any
    /// state and any order.
    ///
    /// # Errors
    /// [`ProviderError`] as of [`Provider::builds`].
    async fn documents_of(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<KnownBuild>, ProviderError>;
}
