//! The store over SQLite.
//!
//! ```text
//!   caller ── text of entries and effects ──▶ queue ──▶ thread: BEGIN IMMEDIATE, rows, COMMIT ──▶ answer
//! ```
//!
//! A write costs as much as it changes: rows for its log entries and effects, and one update of the projections. Nothing
//! that grows with the build is read or written. The text is made in the caller's thread.

mod append;
mod create;
mod find;
mod lease;
pub(crate) mod notes;
mod open;
mod read;
mod rebuild;
mod remove;
mod store;
mod submit;
#[cfg(test)]
mod tests;

pub use open::SqliteOptions;
pub use store::SqliteStore;
