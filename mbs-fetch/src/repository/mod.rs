//! Package repositories: a folder or a server with `repodata/repomd.xml`.

mod client;
mod error;
mod packages;

pub use client::{RepositoryClient, RepositoryModules};
pub use error::RepositoryError;
