//! Checks of the source and of the dependency tree.

pub(crate) mod bans;
pub(crate) mod core;
pub(crate) mod size;
mod source;
