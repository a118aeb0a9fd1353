//! Commits that are written in full need no look-up.

use super::error::SourceError;
use super::git_ref::CommitHash;
use super::request::{Checkout, CheckoutRequest, RefKind, RefRequest, ResolvedRef, Source};
use async_trait::async_trait;
use std::path::Path;

/// Another source that is not asked for refs that are whole hashes: for previews, where nothing is lost if such a commit
/// does not exist.
#[derive(Clone, Copy)]
pub struct TrustingSource<'s>(pub &'s dyn Source);

impl std::fmt::Debug for TrustingSource<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("TrustingSource")
    }
}

/// The commit that a ref names by itself.
fn written(request: &RefRequest) -> Option<ResolvedRef> {
    let text = request.reference.as_ref()?.as_str();
    let commit = CommitHash::new(text).ok().filter(|commit| matches!(commit.as_str().len(), 40 | 64))?;
    Some(ResolvedRef { component: request.component.clone(), commit, kind: RefKind::Commit })
}

/// The answers of a source to the refs that nobody knows without it, among the other answers: in the order of the
/// requests.
pub(crate) async fn resolve_unknown(
    source: &dyn Source,
    requests: &[RefRequest],
    known: impl Fn(&RefRequest) -> Option<ResolvedRef>,
) -> Vec<Result<ResolvedRef, SourceError>> {
    let known: Vec<Option<ResolvedRef>> = requests.iter().map(known).collect();
    let unknown = requests.iter().zip(&known).filter(|(_, known)| known.is_none());
    let unknown: Vec<RefRequest> = unknown.map(|(request, _)| request.clone()).collect();
    let mut answers = if unknown.is_empty() { Vec::new() } else { source.resolve(&unknown).await }.into_iter();
    known.into_iter().filter_map(|known| known.map_or_else(|| answers.next(), |known| Some(Ok(known)))).collect()
}

#[async_trait]
impl Source for TrustingSource<'_> {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        resolve_unknown(self.0, requests, written).await
    }

    async fn checkout(&self, request: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
        self.0.checkout(request, dest).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ComponentName;
    use crate::source::{GitRef, RepositoryUrl};
    use futures::executor::block_on;
    use std::sync::Mutex;

    /// Answers every ref with the same commit and remembers the refs.
    struct Asked(Mutex<Vec<String>>);

    #[async_trait]
    impl Source for Asked {
        async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
            let answer = |request: &RefRequest| {
                let reference = request.reference.as_ref().map(GitRef::as_str).unwrap_or_default();
                self.0.lock().expect("nobody panicked").push(reference.to_owned());
                let commit = CommitHash::new("b".repeat(40)).expect("hash");
                Ok(ResolvedRef { component: request.component.clone(), commit, kind: RefKind::Branch })
            };
            requests.iter().map(answer).collect()
        }

        async fn checkout(&self, _: &CheckoutRequest, dest: &Path) -> Result<Checkout, SourceError> {
            Err(SourceError::PathAbsent { path: dest.display().to_string() })
        }
    }

    #[test]
    fn only_what_is_no_whole_hash_is_asked_for_and_answers_keep_their_order() {
        let request = |name: &str, reference: &str| RefRequest {
            component: ComponentName::new(name).expect("name"),
            repository: RepositoryUrl::parse("https://git.example.org/rpms/x").expect("address"),
            reference: Some(GitRef::new(reference).expect("ref")),
        };
        let hash = "a".repeat(40);
        let requests = [request("one", "main"), request("two", &hash), request("three", &hash[..12])];
        let asked = Asked(Mutex::default());
        let answers = block_on(TrustingSource(&asked).resolve(&requests));
        let commits: Vec<String> = answers.into_iter().map(|one| one.expect("found").commit.to_string()).collect();
        assert_eq!(commits, ["b".repeat(40), hash.clone(), "b".repeat(40)]);
        assert_eq!(*asked.0.lock().expect("nobody panicked"), ["main".to_owned(), hash[..12].to_owned()]);
    }
}
