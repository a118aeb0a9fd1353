//! Types, planning, the build engine and the traits of mbs; opens no file, socket or process.

pub mod clock;
mod failure;
mod ids;
pub mod source;

pub use failure::Blame;
pub use ids::{
    Arch, BuildId, ComponentName, Context, ModuleName, NameError, Nsvc, Nsvca, Owner, StreamName, TagName, Version,
};
