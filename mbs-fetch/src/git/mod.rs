//! Everything done with the `git` program.

mod checkout;
mod classify;
mod mirror;
mod program;
mod working_tree;

pub(crate) use checkout::{commit_time, export};
pub(crate) use mirror::Mirror;
pub(crate) use program::{Call, Git};
pub use working_tree::WorkingTree;
pub(crate) use working_tree::inspect;
