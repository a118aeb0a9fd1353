//! Files of package repositories on servers, for whoever builds with them.

use crate::fetcher::Fetcher;
use crate::lookaside::Store;
use crate::place::{Means, Place};
use async_trait::async_trait;
use mbs_core::ComponentName;
use mbs_core::repodata::PackageSource;
use mbs_core::source::{CacheUrl, Checksum, LookasideEntry, SourceError};
use std::path::PathBuf;

/// Packages are kept in the cache beside look-aside files, under their checksums; metadata is asked for each time.
#[async_trait]
impl PackageSource for Fetcher {
    async fn metadata(&self, repository: &str, path: &[&str], limit: u64) -> Result<Option<Vec<u8>>, SourceError> {
        let means = Means { http: &self.http, clock: &*self.clock, options: &self.options, kept: None, offline: false };
        Place::parse(repository, "repository")?.file(path).read(&means, limit).await
    }

    async fn package(&self, repository: &str, path: &[&str], checksum: &Checksum) -> Result<PathBuf, SourceError> {
        let url = CacheUrl::parse(repository)?.file(path);
        let entry = LookasideEntry { path: path.join("/"), checksum: checksum.clone() };
        let store = Store { cache: &self.cache, http: &self.http, clock: &*self.clock, options: &self.options };
        let absent = || SourceError::Network {
            address: url.to_string(),
            detail: "the server has no such file, though the repository lists it".to_owned(),
        };
        // Only for messages, none of which names it.
        let component = ComponentName::new("package").map_err(|_| absent())?;
        match store.obtain(&component, &entry, Some(std::slice::from_ref(&url))).await {
            Err(SourceError::LookasideAbsent { .. }) => Err(absent()),
            found => found,
        }
    }
}
