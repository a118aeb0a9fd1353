//! Types, planning, the build engine and the traits of mbs; opens no file, socket or process.

pub mod identity;
mod ids;
pub mod plan;

pub use ids::{
    Arch, BuildId, ComponentName, Context, ModuleName, NameError, Nsvc, Nsvca, Owner, StreamName, TagName, Version,
};
