//! From what the user names to builds that can be stored.

mod args;
mod lock;
mod modules;
mod read;
mod select;

pub(crate) use args::SourceArgs;
pub(crate) use read::{Asked, Wishes, ask};
