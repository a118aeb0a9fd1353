//! What the builds of a submission take from earlier ones.

use super::error::SubmitError;
use super::submission::{Submissions, Warning};
use crate::build::BuildRequest;
use crate::modulemd::ModuleStream;
use crate::resolve::{ExpandOptions, Provider, ProviderError, Universe};
use crate::reuse::{
    LocalFingerprint, RebuildStrategy, ReuseCandidate, ReuseOptions, ReuseSource, apply_reuse, plan_reuse, reuse_bases,
};
use crate::{BuildId, ModuleName, StreamName};
use async_trait::async_trait;
use std::fmt;
use std::sync::Arc;

/// Tells what a build on this machine depends on beside its sources.
#[async_trait]
pub trait Fingerprints: Send + Sync {
    /// The fingerprint of a build that is about to be made.
    ///
    /// # Errors
    /// [`ProviderError`] naming the module that cannot be looked at.
    async fn of(&self, request: &BuildRequest) -> Result<LocalFingerprint, ProviderError>;

    /// What a stored build came to depend on when it was made; none if nobody noted it. A build is not looked at before it
    /// is submitted if there is nothing that it could take.
    async fn recorded(&self, build: BuildId) -> Option<LocalFingerprint>;
}

/// How components of earlier builds are found.
#[derive(Clone)]
pub struct Reusing<'a> {
    /// Tells which earlier builds there are.
    pub source: &'a dyn ReuseSource,
    /// Tells what a build on this machine depends on; none for builds that are made elsewhere.
    pub fingerprints: Option<&'a dyn Fingerprints>,
    /// What else it depends on.
    pub options: ReuseOptions,
}

impl fmt::Debug for Reusing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reusing").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Reusing<'_> {
    /// The earlier builds of the module that the documents describe.
    pub(super) async fn candidates(
        &self,
        documents: &[ModuleStream],
    ) -> Result<Vec<Arc<ReuseCandidate>>, ProviderError> {
        let Some((name, stream)) = documents.first().and_then(identity) else { return Ok(Vec::new()) };
        let mut candidates = self.source.candidates(&name, &stream).await?;
        if let Some(fingerprints) = self.fingerprints {
            for candidate in candidates.iter_mut().filter(|one| one.fingerprint.is_none()) {
                if let Some(build) = candidate.build {
                    Arc::make_mut(candidate).fingerprint = fingerprints.recorded(build).await;
                }
            }
        }
        Ok(candidates)
    }

    /// Whether an earlier build was made on this machine, so that what it offered is compared.
    fn compares_machines(&self, candidates: &[Arc<ReuseCandidate>]) -> bool {
        let named = self.options.named.iter();
        self.options.local && candidates.iter().chain(named).any(|one| one.build.is_some())
    }

    /// Whether there is anything to take from.
    pub(super) fn wants(&self, candidates: &[Arc<ReuseCandidate>]) -> bool {
        !candidates.is_empty() || self.options.named.is_some()
    }

    /// Decides for every build what it takes.
    pub(super) async fn decide(
        &self,
        submissions: &mut Submissions,
        candidates: &[Arc<ReuseCandidate>],
        provider: &dyn Provider,
        expand: &ExpandOptions,
    ) -> Result<(), SubmitError> {
        let mut bases = Vec::new();
        for name in &expand.base_modules {
            bases.extend(provider.builds(name).await?);
        }
        let universe = Universe::new(bases, expand);
        for build in &mut submissions.builds {
            let request = Arc::make_mut(&mut build.new.request);
            let compares = request.strategy != RebuildStrategy::All && self.compares_machines(candidates);
            if let Some(fingerprints) = self.fingerprints.filter(|_| compares) {
                match fingerprints.of(request).await {
                    Ok(fingerprint) => request.fingerprint = Some(fingerprint),
                    // What is in the way of looking at the modules is in the way of building too, which tells it better.
                    Err(error) => {
                        let message = format!("nothing is taken from earlier builds: {}", error.problem);
                        let warning = Warning { code: "MB0501", message };
                        // All contexts meet the same problem.
                        if !submissions.warnings.contains(&warning) {
                            submissions.warnings.push(warning);
                        }
                    }
                }
            }
            let bases = reuse_bases(request, &build.document, &universe, expand);
            let plan = plan_reuse(&build.new, candidates, &bases, &self.options);
            apply_reuse(Arc::make_mut(&mut build.new.request), plan);
        }
        Ok(())
    }
}

fn identity(document: &ModuleStream) -> Option<(ModuleName, StreamName)> {
    let name = ModuleName::new(document.name.as_ref()?).ok()?;
    Some((name, StreamName::new(document.stream.as_ref()?).ok()?))
}
