//! The embedded backend: components are built with rpmbuild in sandboxes on this machine.
//!
//! ```text
//!   submit --> lock file --> thread: checkout -> buildroot <-> source RPM -> rpmbuild ----------+
//!                                                                                                 |
//!   status <-- manifest in its place ("finished") <---- sync, rename <---- result + manifest <----+
//! ```
//!
//! Everything that must survive the process lies in two folders. Of the state folder:
//!
//! - `builds/ID/locks/COMPONENT.ATTEMPT`: made when an attempt is submitted, locked as long as anything of it runs;
//! - `builds/ID/attempts/COMPONENT.ATTEMPT/`: result and manifest of a finished attempt, renamed into place last;
//! - `builds/ID/modules.json`: what the modules offer that the build is built against;
//! - `builds/ID/tagged.json`, `published.json`: what is in the repository;
//! - `logs/ID/COMPONENT.ATTEMPT.log`.
//!
//! And of the result folder: `FOLDER/results`, the repository.

mod against;
mod attempt;
mod buildroot;
mod config;
mod digests;
mod files;
mod finish;
mod generic_builder;
mod layout;
mod machine;
mod manifest;
mod registry;
mod reuse;
mod tasks;

pub use config::{OpenError, RpmbuildConfig};
pub use digests::BuiltWith;
pub use generic_builder::RpmbuildBuilder;

/// Name of the backend.
pub const BACKEND: &str = "rpmbuild";
