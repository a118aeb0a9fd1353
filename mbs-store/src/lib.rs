//! The state folder of mbs: builds in SQLite, locks and leases.
//!
//! ```text
//!   STATE-DIR/mbs.sqlite    builds: log (the truth), waiting effects, projections, slots
//!             logs/         what builders write
//!             locks/ID.lock held by the process that drives build ID, free as soon as that process is dead
//! ```
//!
//! [`SqliteStore`] is the durable [`Store`](mbs_core::store::Store). One connection on one thread of its own does the
//! work, so that calls never block the caller's executor and need no particular one. Several processes may use the same
//! folder at the same time: readers never wait, writers wait for each other for a limited time.
//!
//! The log stores every decision as text in the form that serde gives it. A form that has once been released stays
//! readable: a test keeps one example of each.

mod error;
mod fs_type;
mod lock;
mod rows;
mod schema;
mod sqlite;
mod state_dir;
mod thread;

pub use schema::SCHEMA;
pub use sqlite::{SqliteOptions, SqliteStore};
pub use state_dir::{StateDir, StateEnvironment};
