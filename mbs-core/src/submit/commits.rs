//! The commits that refs of components name at the time of submission.

use super::error::SubmitError;
use crate::ComponentName;
use crate::build::SourceRef;
use crate::source::{CommitHash, RefRequest, Source};
use std::collections::BTreeMap;

/// Component, repository and ref: what a commit is looked up by.
type Key = (ComponentName, String, Option<String>);

/// The commits that refs of components name at the time of submission: one for all builds of it, so that they do not
/// differ when somebody pushes meanwhile.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Commits(BTreeMap<Key, CommitHash>);

impl std::fmt::Debug for Commits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Repositories may have credentials.
        f.debug_map().entries(self.0.iter().map(|((component, _, _), commit)| (component, commit))).finish()
    }
}

impl Commits {
    /// Looks up the refs of these sources, each once, in one call.
    ///
    /// # Errors
    /// [`SubmitError::Sources`] with every problem.
    pub async fn look_up<'a>(
        sources: impl IntoIterator<Item = (&'a ComponentName, &'a SourceRef)>,
        source: &dyn Source,
    ) -> Result<Self, SubmitError> {
        let mut wanted: BTreeMap<Key, RefRequest> = BTreeMap::new();
        let mut problems = Vec::new();
        for (component, from) in sources {
            if from.commit.is_some() || from.srpm.is_some() {
                continue;
            }
            match from.ref_request(component) {
                Ok(request) => drop(wanted.insert(key(component, from), request)),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(SubmitError::Sources(problems));
        }
        let (keys, requests): (Vec<Key>, Vec<RefRequest>) = wanted.into_iter().unzip();
        if requests.is_empty() {
            return Ok(Self::default());
        }
        let mut found = BTreeMap::new();
        for (key, answer) in keys.into_iter().zip(source.resolve(&requests).await) {
            match answer {
                Ok(resolved) => drop(found.insert(key, resolved.commit)),
                Err(problem) => problems.push(problem),
            }
        }
        if problems.is_empty() { Ok(Self(found)) } else { Err(SubmitError::Sources(problems)) }
    }

    /// The commit of a component.
    pub fn of(&self, component: &ComponentName, source: &SourceRef) -> Option<&CommitHash> {
        self.0.get(&key(component, source))
    }
}

fn key(component: &ComponentName, source: &SourceRef) -> Key {
    (component.clone(), source.repository.clone(), source.git_ref.clone())
}
