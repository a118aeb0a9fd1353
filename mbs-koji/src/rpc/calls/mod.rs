//! The calls a module build needs, with the types of their arguments and results.
//!
//! Each function makes a [`Call`](super::Call), which is sent alone or in a [`Multicall`](super::Multicall). Records hold the
//! members that a hub of any release sends; those it may leave out have a default, and those it adds are passed over.

mod builds;
mod content;
mod groups;
mod hosts;
mod inheritance;
mod packages;
mod reference;
mod repos;
mod rpms;
mod states;
mod system;
mod tagging;
mod tags;
mod targets;
mod tasks;
mod users;

pub use builds::*;
pub use content::*;
pub use groups::*;
pub use hosts::*;
pub use inheritance::*;
pub use packages::*;
pub use reference::{Nothing, Ref};
pub use repos::*;
pub use rpms::*;
pub use states::*;
pub use system::*;
pub use tagging::*;
pub use tags::*;
pub use targets::*;
pub use tasks::*;
pub use users::*;
