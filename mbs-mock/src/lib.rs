//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.
//!
//! - [`sandbox`] runs one program in its own namespaces, over the host's files read-only;
//! - [`runner`] makes source RPMs, buildroots and RPMs with programs run in a sandbox.

pub mod runner;
pub mod sandbox;
