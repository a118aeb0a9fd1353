//! Documents for submissions.

use crate::fetcher::Fetcher;
use crate::modulemd::FetchedModulemd;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use mbs_core::clock::Clock;
use mbs_core::source::{GitRef, RepositoryUrl, SourceError};
use mbs_core::submit::{DocumentSource, FetchedDocument, IncludedSource, Origin, SubmitInput, SubmitRequest};
use std::fmt;
use std::sync::Arc;

/// Fetches the documents that requests name, and those of included modules.
#[derive(Clone)]
pub struct Documents {
    fetcher: Arc<Fetcher>,
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for Documents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Documents").finish_non_exhaustive()
    }
}

impl Documents {
    /// Documents from repositories that the fetcher can reach. The clock tells the time of those without history.
    pub fn new(fetcher: Arc<Fetcher>, clock: Arc<dyn Clock>) -> Self {
        Self { fetcher, clock }
    }
}

impl FetchedModulemd {
    /// The document as submissions take it. `now` is its time if it has no history.
    pub fn into_document(self, now: DateTime<Utc>) -> FetchedDocument {
        let branch = self.scm.as_ref().and_then(|scm| scm.branch.clone());
        let origin = Origin {
            name_hint: self.name_hint,
            stream_hint: branch.clone(),
            scmurl: self.scm.as_ref().map(|scm| format!("{}?#{}", scm.url, scm.commit)),
            commit: self.scm.as_ref().map(|scm| scm.commit.to_string()),
            branch,
            time: self.time.unwrap_or(now),
        };
        FetchedDocument { text: self.text, file_name: self.file_name, origin }
    }
}

#[async_trait]
impl DocumentSource for Documents {
    async fn fetch(&self, request: &SubmitRequest) -> Result<FetchedDocument, SourceError> {
        let now = self.clock.now();
        match &request.input {
            SubmitInput::Scm { scmurl } => {
                let fetched = self.fetcher.fetch_modulemd(scmurl.as_deref().unwrap_or_default()).await?;
                if let (Some(branch), Some(scm)) = (request.branch(), &fetched.scm) {
                    self.fetcher.require_in_branch(scm, branch).await?;
                }
                Ok(fetched.into_document(now))
            }
            SubmitInput::Yaml { text, file_name } => {
                let file_name = file_name.clone().unwrap_or_else(|| "the document".to_owned());
                Ok(FetchedDocument { text: text.clone(), file_name, origin: Origin::file(now) })
            }
        }
    }
}

#[async_trait]
impl IncludedSource for Documents {
    async fn document(
        &self,
        repository: &RepositoryUrl,
        git_ref: Option<&GitRef>,
    ) -> Result<(String, String), SourceError> {
        let address = format!("{}?#{}", repository.secret_text(), git_ref.map_or("", GitRef::as_str));
        let fetched = self.fetcher.fetch_modulemd(&address).await?;
        Ok((fetched.text, fetched.file_name))
    }
}
