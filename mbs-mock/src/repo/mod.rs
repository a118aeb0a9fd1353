//! Repository metadata of a results folder.
//!
//! [`write_repository`] calls `createrepo_c` in a private folder and then exchanges it for `repodata/`, so that a reader
//! sees the old repository or the new one. The same RPMs and revision give the same bytes. [`attach_modules`] puts module
//! documents into a repository that somebody else made; [`find_documents`] looks for them in a folder.

mod attach;
mod find;
mod metadata;
mod swap;

pub use attach::{Attached, attach_modules};
pub use find::find_documents;
pub use metadata::{RepoError, RepoRequest, unfiltered, write_repository};
