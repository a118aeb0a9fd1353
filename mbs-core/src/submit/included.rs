//! Documents of included modules.

use super::error::SubmitError;
use crate::ModuleName;
use crate::modulemd::{BuildInputError, ModuleStream, ReadOptions, read_for_inclusion};
use crate::source::{Defaults, GitRef, RepositoryUrl, SourceError};
use async_trait::async_trait;

/// A module that another one includes: its components are built as part of that one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Included {
    /// Its name.
    pub name: ModuleName,
    /// Its place among the components of the including document.
    pub buildorder: i64,
    /// Its document.
    pub stream: ModuleStream,
    /// What it includes itself.
    pub included: Vec<Included>,
}

/// Fetches the documents of included modules.
#[async_trait]
pub trait IncludedSource: Send + Sync {
    /// The text of the modulemd file in a repository at a ref (none: the default branch), and a name for messages.
    ///
    /// # Errors
    /// [`SourceError`] if it cannot be had.
    async fn document(
        &self,
        repository: &RepositoryUrl,
        git_ref: Option<&GitRef>,
    ) -> Result<(String, String), SourceError>;
}

/// Fetches the documents of everything that `stream` includes, directly or not. What they leave open comes from
/// `defaults`; `branch` is the branch that `stream` came from, as for components.
///
/// # Errors
/// [`SubmitError::Sources`] for documents that cannot be had, [`SubmitError::Included`] for documents with errors,
/// [`SubmitError::IncludedExpansion`], [`SubmitError::IncludedCircle`].
pub async fn collect_included(
    stream: &ModuleStream,
    source: &dyn IncludedSource,
    options: &ReadOptions,
    defaults: &Defaults,
    branch: Option<&GitRef>,
) -> Result<Vec<Included>, SubmitError> {
    Collector { source, options, defaults, branch }.collect(stream, &mut Vec::new()).await
}

/// What stays the same for all documents.
struct Collector<'a> {
    source: &'a dyn IncludedSource,
    options: &'a ReadOptions,
    defaults: &'a Defaults,
    branch: Option<&'a GitRef>,
}

impl Collector<'_> {
    async fn collect(&self, stream: &ModuleStream, path: &mut Vec<ModuleName>) -> Result<Vec<Included>, SubmitError> {
        let mut all = Vec::new();
        for (key, component) in &stream.components.modules {
            let name = ModuleName::new(key)?;
            if path.contains(&name) {
                path.push(name);
                return Err(SubmitError::IncludedCircle(std::mem::take(path)));
            }
            let refuse = |error| SubmitError::Sources(vec![error]);
            let (repository, git_ref) = self
                .defaults
                .complete_module(&name, component.repository.as_deref(), component.git_ref.as_deref(), self.branch)
                .map_err(refuse)?;
            let (text, file) = self.source.document(&repository, git_ref.as_ref()).await.map_err(refuse)?;
            let inner = match read_for_inclusion(text.as_bytes(), &file, self.options) {
                Ok(input) => input.stream,
                Err(BuildInputError::Malformed(diagnostics)) => {
                    return Err(SubmitError::Included { name, diagnostics });
                }
                // What the components are depends on the configuration.
                Err(BuildInputError::NeedsExpansion(needs)) => {
                    return Err(SubmitError::IncludedExpansion { name, needs });
                }
            };
            path.push(name.clone());
            let included = Box::pin(self.collect(&inner, path)).await?;
            path.pop();
            all.push(Included { name, buildorder: component.buildorder, stream: inner, included });
        }
        Ok(all)
    }
}
