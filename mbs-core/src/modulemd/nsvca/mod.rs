//! Identities of stream documents, and patterns for them.

mod glob;
mod id;
mod set;

pub use glob::Glob;
pub use id::{StreamId, StreamIdError};

pub(crate) use id::write_id;
