//! The commands, one file each.

pub(crate) mod build;
pub(crate) mod builds;
pub(crate) mod cancel;
pub(crate) mod completions;
pub(crate) mod convert;
pub(crate) mod edit;
pub(crate) mod fmt;
pub(crate) mod gc;
pub(crate) mod history;
pub(crate) mod import;
pub(crate) mod index;
mod input;
pub(crate) mod log;
pub(crate) mod man;
pub(crate) mod plan;
pub(crate) mod resume;
pub(crate) mod rm;
pub(crate) mod schema;
pub(crate) mod show;
pub(crate) mod validate;
pub(crate) mod watch;

pub(crate) use edit::Source;
pub(crate) use input::contents;
