//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.

pub mod deps;
pub mod host;
mod programs;
pub mod rpms;

pub use programs::ProgramError;
