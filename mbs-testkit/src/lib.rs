//! Conformance suites, fault injection and the simulator of mbs.

pub mod builder;
mod clock;

pub use clock::{Deadlock, SimClock};
