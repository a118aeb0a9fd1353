//! The tables, and how an older state becomes a present one.
//!
//! The number of the schema stands in the file (`user_version`). Each migration is a script that leads from one number to
//! the next; a script that has been released never changes. Forms of stored text belong to the schema as well.

mod migrate;

pub use migrate::SCHEMA;
pub(crate) use migrate::{check, migrate};
