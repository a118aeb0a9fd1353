//! Conformance suites, fault injection and the simulator of mbs.

mod clock;

pub use clock::{Deadlock, SimClock};
