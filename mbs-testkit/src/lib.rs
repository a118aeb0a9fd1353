//! Conformance suites, fault injection and the simulator of mbs.

pub mod builder;
mod clock;
pub mod sim;

pub use clock::{Deadlock, SimClock};
