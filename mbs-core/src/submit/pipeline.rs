//! The order in which a submission is made. Every rule is elsewhere.

use super::assemble::Parts;
use super::commits::Commits;
use super::error::{ExpandFailure, SubmitError};
use super::included::{Included, IncludedSource, collect_included};
use super::origin::Origin;
use super::settings::Settings;
use super::submission::Submissions;
use crate::modulemd::{ModuleStream, ReadOptions};
use crate::resolve::{Expansion, Provider, expand, gather};
use crate::source::Source;

/// Makes builds of documents, with what it has to ask for on the way.
#[derive(Clone, Copy)]
pub struct Planner<'a> {
    /// Tells which builds of other modules exist.
    pub provider: &'a dyn Provider,
    /// Fetches the documents of included modules.
    pub included: &'a dyn IncludedSource,
    /// Looks up the refs of components; none: that is done when a build starts.
    pub source: Option<&'a dyn Source>,
    /// How documents of included modules are read.
    pub read: &'a ReadOptions,
    /// What the system and the submitter decide.
    pub settings: &'a Settings,
}

impl Planner<'_> {
    /// Makes everything that the documents of one submission come to: each is expanded, and the refs of all components
    /// are looked up once.
    ///
    /// # Errors
    /// [`SubmitError::Expand`] with every document that cannot be expanded, [`SubmitError::Nothing`] if they come to
    /// no build at all, and what [`super::assemble()`] refuses.
    pub async fn plan(&self, documents: &[ModuleStream], origin: &Origin) -> Result<Submissions, SubmitError> {
        let expansions = self.expand(documents).await?;
        let mut parts = Vec::with_capacity(documents.len());
        let mut seen: Option<(&ModuleStream, Vec<Included>)> = None;
        for document in documents {
            // Documents of one file differ in what they depend on, and include the same.
            let included = match seen {
                Some((other, included)) if other.components.modules == document.components.modules => included,
                _ => self.collect(document, origin).await?,
            };
            parts.push(Parts::of(document, &included, origin, self.settings)?);
            seen = Some((document, included));
        }
        if let Some(source) = self.source {
            let commits = Commits::look_up(parts.iter().flat_map(Parts::sources), source).await?;
            for parts in &mut parts {
                parts.set_commits(&commits);
            }
        }
        let mut all = Submissions::default();
        for (parts, expansion) in parts.iter().zip(expansions) {
            all.append(parts.builds(expansion, origin, self.settings)?);
        }
        Ok(all)
    }

    async fn expand(&self, documents: &[ModuleStream]) -> Result<Vec<Expansion>, SubmitError> {
        let options = &self.settings.expand;
        let universe = gather(self.provider, documents, options).await?;
        let (mut expansions, mut failures) = (Vec::with_capacity(documents.len()), Vec::new());
        for document in documents {
            match expand(&universe, document, options) {
                Ok(expansion) => expansions.push(expansion),
                Err(error) => failures.push(ExpandFailure { context: document.context.clone(), error }),
            }
        }
        if !failures.is_empty() {
            return Err(SubmitError::Expand(failures));
        }
        if expansions.iter().all(|expansion| expansion.results.is_empty()) {
            return Err(SubmitError::nothing(&expansions));
        }
        Ok(expansions)
    }

    async fn collect(&self, document: &ModuleStream, origin: &Origin) -> Result<Vec<Included>, SubmitError> {
        let (defaults, branch) = (&self.settings.defaults, origin.branch_ref());
        collect_included(document, self.included, self.read, defaults, branch.as_ref()).await
    }
}

impl std::fmt::Debug for Planner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Planner").field("provider", &self.provider).field("settings", &self.settings).finish()
    }
}
