//! Documents of included modules.

use super::error::SubmitError;
use crate::ModuleName;
use crate::modulemd::{BuildInputError, ModuleStream, ReadOptions, read_for_inclusion};
use crate::source::SourceError;
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
    async fn document(&self, repository: &str, git_ref: Option<&str>) -> Result<(String, String), SourceError>;
}

/// Fetches the documents of everything that `stream` includes, directly or not.
///
/// # Errors
/// [`SubmitError::Sources`] for documents that cannot be had, [`SubmitError::Included`] for documents with errors,
/// [`SubmitError::IncludedExpansion`], [`SubmitError::IncludedCircle`].
pub async fn collect_included(
    stream: &ModuleStream,
    source: &dyn IncludedSource,
    options: &ReadOptions,
) -> Result<Vec<Included>, SubmitError> {
    collect(stream, source, options, &mut Vec::new()).await
}

async fn collect(
    stream: &ModuleStream,
    source: &dyn IncludedSource,
    options: &ReadOptions,
    path: &mut Vec<ModuleName>,
) -> Result<Vec<Included>, SubmitError> {
    let mut all = Vec::new();
    for (key, component) in &stream.components.modules {
        let name = ModuleName::new(key)?;
        if path.contains(&name) {
            path.push(name);
            return Err(SubmitError::IncludedCircle(std::mem::take(path)));
        }
        let Some(repository) = &component.repository else {
            let component = crate::ComponentName::new(key)?;
            return Err(SubmitError::Sources(vec![SourceError::NoRepository { component }]));
        };
        let (text, file) = source
            .document(repository, component.git_ref.as_deref())
            .await
            .map_err(|error| SubmitError::Sources(vec![error]))?;
        let inner = match read_for_inclusion(text.as_bytes(), &file, options) {
            Ok(input) => input.stream,
            Err(BuildInputError::Malformed(diagnostics)) => return Err(SubmitError::Included { name, diagnostics }),
            // What the components are depends on the configuration.
            Err(BuildInputError::NeedsExpansion(needs)) => return Err(SubmitError::IncludedExpansion { name, needs }),
        };
        path.push(name.clone());
        let included = Box::pin(collect(&inner, source, options, path)).await?;
        path.pop();
        all.push(Included { name, buildorder: component.buildorder, stream: inner, included });
    }
    Ok(all)
}
