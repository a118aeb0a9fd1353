//! Package repositories: a folder or a server with `repodata/repomd.xml`.

mod client;
mod error;

pub use client::{RepositoryClient, RepositoryModules};
pub use error::RepositoryError;
