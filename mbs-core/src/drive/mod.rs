//! The driver: the only part of the engine that waits.
//!
//! ```text
//!            +--------------------------- absorb: decide, admit, one transaction ---------------------------+
//!            |                                                                                              |
//!   events --+                                          effects, in their order                             v
//!      ^     builder / source / bus / status <------------------------------------ outbox (held in memory, stored)
//!      |                 |
//!      +-----------------+--- answers, hints, timers, what others wrote
//! ```
//!
//! A driver holds the lease of every build it drives. It is one future: nothing runs beside it, so that the same inputs
//! in the same order give the same run. Dropping it at any point is a crash; another driver that takes the builds over
//! finds everything in the store.

mod absorb;
mod again;
mod attach;
mod config;
mod deliver;
mod driver;
mod held;
mod interrupt;
mod patience;
mod request;
mod watch;

pub use again::Again;
pub use config::{DriveError, DriverConfig, Ports};
pub use driver::{Driver, Ended};
pub use request::{RequestError, request};
