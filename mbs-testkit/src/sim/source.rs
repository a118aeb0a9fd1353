//! The sources of a run.

use super::world::{Shared, Verdict};
use async_trait::async_trait;
use mbs_core::BuildId;
use mbs_core::source::{Checkout, CheckoutRequest, CommitHash, RefKind, RefRequest, ResolvedRef, Source, SourceError};
use std::path::Path;
use std::sync::Arc;

/// What every ref names.
pub(super) const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

pub(super) struct SimSource {
    pub(super) shared: Arc<Shared>,
    pub(super) driver: usize,
}

/// Repositories that have no such ref until somebody pushes it.
pub(super) const BROKEN: &str = "https://git.example/broken/";

#[async_trait]
impl Source for SimSource {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        let verdict = self.shared.verdict(self.driver, "resolve", BuildId(0), 0);
        self.shared.latency(verdict).await;
        if verdict == Verdict::Hang {
            return futures::future::pending().await;
        }
        let failing = matches!(verdict, Verdict::Refuse | Verdict::LoseAnswer);
        let healed = self.shared.lock().healed;
        let answer = |request: &RefRequest| {
            if failing {
                return Err(SourceError::Network { address: "git.example".into(), detail: "connection reset".into() });
            }
            if !healed && request.repository.git_url().starts_with(BROKEN) {
                return Err(SourceError::RefAbsent { repository: BROKEN.into(), reference: "main".into() });
            }
            let commit = CommitHash::new(COMMIT).map_err(SourceError::Ref)?;
            Ok(ResolvedRef { component: request.component.clone(), commit, kind: RefKind::Branch })
        };
        requests.iter().map(answer).collect()
    }

    async fn checkout(&self, request: &CheckoutRequest, _: &Path) -> Result<Checkout, SourceError> {
        // The engine never lays out files; builders do.
        Err(SourceError::RepositoryAbsent {
            repository: request.component.to_string(),
            detail: "nothing is laid out in a simulation".into(),
        })
    }
}
