//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.

pub mod deps;
pub mod host;
pub mod rpms;
