//! Where the files of a build come from: git repositories and look-aside caches.
//!
//! This part holds the rules for texts (URLs, refs, checksum lists, defaults) and the trait [`Source`]. Reaching
//! out to git or the network is the work of its implementations.

mod defaults;
mod error;
mod git_ref;
mod hasher;
mod location;
mod lookaside;
mod request;
mod scm_url;
mod trusting;

pub use defaults::{CompletedSource, Defaults};
pub use error::{SourceError, SourceProblem};
pub use git_ref::{CommitHash, GitRef, RefError};
pub use hasher::Hasher;
pub use location::{CacheUrl, Credentials, RepositoryUrl, UrlError, redact};
pub use lookaside::{Checksum, ChecksumKind, LookasideEntry, LookasideProblem, parse_metadata, parse_sources};
pub use request::{Checkout, CheckoutFile, CheckoutRequest, FileOrigin, RefKind, RefRequest, ResolvedRef, Source};
pub use scm_url::ScmUrl;
pub use trusting::TrustingSource;
pub(crate) use trusting::resolve_unknown;
