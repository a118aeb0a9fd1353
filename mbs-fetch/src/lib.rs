//! Sources for mbs: git, look-aside files, package repositories, HTTP.
//!
//! This crate is the only one that talks to git repositories and look-aside caches. It implements
//! [`mbs_core::source::Source`] on the `git` program and an HTTP client; the rules for the texts involved are in
//! `mbs-core`.
//!
//! ```text
//!             Fetcher (the Source trait, modulemd files)
//!            /        |                     \
//!      git/ mirror  checkout             lookaside/ layout -> store -> http
//!            \        |                     /
//!             program (hardened git)   cache folder, locks
//! ```
//!
//! [`RepositoryClient`] reads the module documents of package repositories. [`provider`] tells which module builds exist,
//! from index files, repositories and other build services.

mod cache;
mod checksum;
mod clock;
mod documents;
mod external;
mod fetcher;
mod git;
mod http;
mod lock;
mod lookaside;
mod modulemd;
mod options;
mod place;
pub mod provider;
mod repository;
mod retry;
mod tree;

pub use cache::CacheDir;
pub use clock::SystemClock;
pub use documents::Documents;
pub use fetcher::Fetcher;
pub use git::WorkingTree;
pub use http::Proxy;
pub use modulemd::{FetchedModulemd, ScmOrigin};
pub use options::FetchOptions;
pub use repository::{RepositoryClient, RepositoryError, RepositoryModules};
