//! A source of commits without repositories.

use async_trait::async_trait;
use mbs_core::ComponentName;
use mbs_core::source::{
    Checkout, CheckoutRequest, CommitHash, GitRef, RefKind, RefRequest, ResolvedRef, Source, SourceError,
};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

/// A [`Source`] in which every ref exists, and names a commit that depends on repository and ref only. It has no files:
/// [`Source::checkout`] fails.
#[derive(Debug, Default)]
pub struct FixedSource {
    absent: BTreeSet<ComponentName>,
    outages: AtomicU32,
    asked: AtomicU32,
}

impl FixedSource {
    /// Every ref exists.
    pub fn new() -> Self {
        Self::default()
    }

    /// The ref of this component does not exist.
    pub fn without(mut self, component: ComponentName) -> Self {
        self.absent.insert(component);
        self
    }

    /// The network does not work for the first `calls` questions.
    pub fn unavailable(self, calls: u32) -> Self {
        Self { outages: AtomicU32::new(calls), ..self }
    }

    /// How many refs were asked for.
    pub fn asked(&self) -> u32 {
        self.asked.load(Ordering::Acquire)
    }

    fn commit(&self, request: &RefRequest) -> Result<ResolvedRef, SourceError> {
        let repository = request.repository.to_string();
        let reference = request.reference.as_ref().map_or("HEAD", |reference| reference.as_str());
        if self.absent.contains(&request.component) {
            return Err(SourceError::RefAbsent { repository, reference: reference.to_owned() });
        }
        let (commit, kind) = match request.reference.as_ref().and_then(GitRef::as_commit) {
            Some(commit) => (commit, RefKind::Commit),
            None => (made_up(&repository, reference)?, RefKind::Branch),
        };
        Ok(ResolvedRef { component: request.component.clone(), commit, kind })
    }
}

fn made_up(repository: &str, reference: &str) -> Result<CommitHash, SourceError> {
    let digest = Sha256::digest(format!("{repository}#{reference}"));
    let mut hex = String::new();
    for byte in digest.iter().take(20) {
        let digit = |value: u8| char::from_digit(u32::from(value), 16).expect("half a byte is one digit");
        hex.extend([digit(byte >> 4), digit(byte & 15)]);
    }
    Ok(CommitHash::new(hex)?)
}

#[async_trait]
impl Source for FixedSource {
    async fn resolve(&self, requests: &[RefRequest]) -> Vec<Result<ResolvedRef, SourceError>> {
        self.asked.fetch_add(u32::try_from(requests.len()).unwrap_or(u32::MAX), Ordering::AcqRel);
        let take = |left: u32| left.checked_sub(1);
        if self.outages.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).is_ok() {
            let network = |request: &RefRequest| SourceError::Network {
                address: request.repository.to_string(),
                detail: "the network is out of order".to_owned(),
            };
            return requests.iter().map(|request| Err(network(request))).collect();
        }
        requests.iter().map(|request| self.commit(request)).collect()
    }

    async fn checkout(&self, request: &CheckoutRequest, _dest: &Path) -> Result<Checkout, SourceError> {
        let repository = request.repository.to_string();
        Err(SourceError::RepositoryAbsent { repository, detail: "there are no files here".to_owned() })
    }
}
