//! The methods, by what they are about.

mod builds;
mod content;
mod context;
mod groups;
mod import;
mod inheritance;
mod packages;
mod repos;
mod rpms;
mod session;
mod system;
mod table;
mod tagging;
mod tags;
mod targets;
mod tasks;
mod users;

pub use context::Origin;
pub(super) use context::{Caller, Context};
pub(super) use groups::installed;
pub(super) use table::find;
pub(super) use tagging::check_listed;
