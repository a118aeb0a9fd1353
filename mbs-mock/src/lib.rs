//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.

pub mod deps;
pub mod host;
pub mod platform;
pub mod prerequisites;
mod programs;
pub mod repo;
pub mod rpms;

pub use programs::ProgramError;
