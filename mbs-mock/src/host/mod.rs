//! What this machine offers to a build.
//!
//! The embedded backend builds over the host's own files, so the host counts as installed. [`probe`] lists what it
//! offers:
//!
//! - On a machine that is managed with RPM, what its RPM database provides, and the files that repository metadata
//!   would list.
//! - Elsewhere, what can be read from its files: sonames of the libraries the loader knows, programs, `.pc` and CMake
//!   files, Perl modules, Python distributions, and package names under which Fedora knows these things. The names come
//!   from two tables, one for installed Debian packages and one for programs: see [`NAMES_OF_DEBIAN_PACKAGES`] and
//!   [`NAMES_OF_PROGRAMS`].
//!
//! [`platform_digest`] is the identity of the machine as a platform.
//!
//! [`render_spec`] writes the list as a package without files, so that rpm itself checks every dependency against it.
//! A capability that is wrongly left out makes a build ask for it by name; one wrongly listed makes a build fail later,
//! so a name is listed only when something stands behind it.

mod cmake;
mod commands;
mod dpkg;
mod elf;
mod files;
mod identity;
mod libraries;
mod perl;
mod pkgconfig;
mod probe;
mod provides;
mod python;
mod rpmdb;
mod spec;

#[cfg(test)]
mod tests;

pub use commands::NAMES_OF_PROGRAMS;
pub(crate) use commands::first_version;
pub use dpkg::NAMES_OF_DEBIAN_PACKAGES;
pub use identity::platform_digest;
pub use probe::{Host, HostError, HostKind, HostOptions, probe};
pub use provides::HostProvides;
pub use spec::{HOST_PACKAGE, HOST_PACKAGE_VERSION, render_spec};
