//! The trait that brings files of repositories at a distance.

use crate::source::{Checksum, SourceError};
use async_trait::async_trait;
use std::path::PathBuf;

/// Fetches metadata and packages of repositories on servers, for whoever builds with them and knows no network.
///
/// `mbs-mock` asks, `mbs-fetch` answers; neither knows the other.
#[async_trait]
pub trait PackageSource: Send + Sync {
    /// A small file of a repository, into memory; none if there is no such file. `path` is in steps from the
    /// repository's address, `limit` in bytes.
    ///
    /// # Errors
    /// [`SourceError`] for an address that is refused, a file above the limit, and trouble with the network.
    async fn metadata(&self, repository: &str, path: &[&str], limit: u64) -> Result<Option<Vec<u8>>, SourceError>;

    /// The place of a package on this machine, fetched unless it is there already. The file has the checksum.
    ///
    /// # Errors
    /// [`SourceError`]: as above, and for a file that is gone or has another checksum.
    async fn package(&self, repository: &str, path: &[&str], checksum: &Checksum) -> Result<PathBuf, SourceError>;
}
