//! Conformance suites, fault injection and the simulator of mbs.

pub mod builder;
mod clock;
pub mod fixture;
pub mod fuzz;
#[cfg(feature = "fake-hub")]
pub mod koji;
pub mod modulemd;
pub mod provider;
pub mod resolve;
pub mod sim;
mod source;
pub mod store;

pub use clock::{Deadlock, SimClock};
pub use source::FixedSource;
