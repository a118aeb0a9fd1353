//! The metadata of a package repository, as far as modules are concerned.
//!
//! A repository is a folder with `repodata/repomd.xml`, a list of parts: what each is (`primary`, `modules`), which file
//! holds it, and the file's size and checksum, compressed and not. The module documents are the part `modules`.
//!
//! * [`Repomd::parse`] reads the list; [`Part::check`] and [`Part::check_open`] compare a file with its entry.
//! * [`attach_modules`] makes the file of the part `modules` and the list with it; all else in the list stays as it is,
//!   byte for byte.
//!
//! * [`packages`] reads the part `primary`: which packages there are.
//! * [`PackageSource`] brings the files of repositories at a distance.
//!
//! Nothing here opens a file: `mbs-fetch` reads repositories, `mbs-mock` writes them.

mod attach;
mod package_source;
mod part;
mod primary;
mod repomd;

#[cfg(test)]
mod tests;

pub use attach::{Attachment, attach_modules};
pub use package_source::PackageSource;
pub use part::{Part, PartError};
pub use primary::{ListedPackage, PRIMARY, PrimaryError, packages};
pub use repomd::{Repomd, RepomdError};

/// The kind of the part that holds module documents.
pub const MODULES: &str = "modules";

/// Path of the list of parts, from the repository's folder.
pub const REPOMD: &str = "repodata/repomd.xml";
