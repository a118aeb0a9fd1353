//! Builds RPMs on one machine: the embedded rpmbuild backend of mbs.
//!
//! - [`sandbox`] runs one program in its own namespaces, over the host's files read-only;
//! - [`runner`] makes source RPMs, buildroots and RPMs with programs run in a sandbox;
//! - [`rpms`], [`deps`] and [`host`] know what packages are, what they need and what the machine offers;
//! - [`modules`] reads the packages of other modules that a build is built against;
//! - [`repo`] makes repositories; [`platform`] and [`prerequisites`] look at the machine.

pub mod backend;
pub mod deps;
mod external;
pub mod host;
pub mod modules;
pub mod platform;
pub mod prerequisites;
mod programs;
pub mod repo;
pub mod rpms;
pub mod runner;
pub mod sandbox;

pub use backend::{BACKEND, BuiltWith, OpenError, RpmbuildBuilder, RpmbuildConfig};
pub use programs::ProgramError;
