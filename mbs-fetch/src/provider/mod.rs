//! Which module builds exist, read from files, repositories and other build services.
//!
//! ```text
//! FILE.yaml + FILE.states.yaml -> IndexProvider ------+
//! repodata/repomd.xml          -> RepositoryProvider -+-> LayeredProvider -> gather, expand
//! /module-build-service/1/...  -> RemoteProvider -----+
//! ```
//!
//! * [`IndexProvider`] reads module index files at once, with what a [`Sidecar`] says beside them.
//! * [`RepositoryProvider`] reads the module documents of a package repository at once.
//! * [`RemoteProvider`] asks another build service, one module at a time, when it is asked itself.
//! * [`open_provider`] decides by looking which of them a place needs, and layers several places.
//!
//! All of them also have the documents ([`DocumentProvider`](mbs_core::resolve::DocumentProvider)). What could not be read
//! of single documents is told by `warnings`, and never makes the others unusable.

mod chunks;
mod documents;
mod error;
mod index;
mod open;
mod options;
mod remote;
mod repository;
mod sidecar;

pub use documents::ProviderWarning;
pub use error::OpenError;
pub use index::IndexProvider;
pub use open::{OpenedProvider, PlaceKind, open_provider};
pub use options::ProviderOptions;
pub use remote::{RemoteError, RemoteProvider};
pub use repository::RepositoryProvider;
pub use sidecar::{Sidecar, SidecarError, Statement};
