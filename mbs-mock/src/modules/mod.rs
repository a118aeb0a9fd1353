//! The packages of the modules that a build is built against.
//!
//! ```text
//!   BuiltAgainst --place--> folder or server --metadata--> packages, documents --select--> the module's own
//!                                                                                              |
//!   buildroots <-- OfferedModule (facts, files, buildroot profiles, digest) <--- headers ------+
//! ```
//!
//! - A repository is a folder, as path or `file://` address, or stands on a server; whatever stands there comes through
//!   [`PackageSource`](mbs_core::repodata::PackageSource) and is compared with its checksums.
//! - With `repodata` the packages are those that `primary` lists. A folder without it counts by the RPM files and the
//!   `modules.yaml` in it.
//! - Only what belongs to the picked build is taken: what its document lists as artifacts if it lists any, else all; of
//!   that, what fits this machine.
//! - [`repository_digest`] is the identity of what is taken.

mod digest;
mod error;
mod offered;
mod place;
mod repository;
mod select;

pub use digest::repository_digest;
pub use error::{ModulesError, ModulesProblem};
pub use offered::{OfferedModule, OfferedPackage, offered_module, places_known};
pub use place::Remote;
