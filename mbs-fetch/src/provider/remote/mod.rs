//! Builds that another build service tells of, over its REST interface.

mod address;
mod ask;
mod error;
mod item;
mod provider;

pub use error::RemoteError;
pub use provider::RemoteProvider;

pub(super) use address::{PREFIX, is_service};
