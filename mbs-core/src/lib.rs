//! The core of mbs: types, planning, the build engine and the traits that connect it to the world.
//!
//! This crate opens no file, socket or process (but for [`modulemd::read_file`], a convenience that nothing else in it
//! calls). Decisions are pure functions over plain data ([`build::step()`],
//! [`build::admit()`]); everything that waits or talks goes through a trait: a builder, a store, a bus, a clock, a source.

pub mod build;
pub mod builder;
pub mod bus;
pub mod clock;
pub mod drive;
mod failure;
pub mod identity;
mod ids;
pub mod lock;
pub mod macros;
pub mod modulemd;
mod pattern;
pub mod plan;
pub mod repodata;
pub mod resolve;
pub mod reuse;
pub mod source;
pub mod srpm;
pub mod store;
pub mod submit;

pub use failure::{Blame, Failure};
pub use ids::{
    Arch, BuildId, ComponentName, Context, ModuleName, NameError, Nsvc, Nsvca, Owner, StreamName, TagName, Version,
};
pub use pattern::{Pattern, PatternError};
