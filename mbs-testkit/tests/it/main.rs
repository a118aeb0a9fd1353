//! Tests of the test kit, and of the core on the test kit.

mod builder;
mod driver;
mod fuzz;
#[cfg(feature = "fake-hub")]
mod koji;
mod prefixes;
mod seeds;
mod transitions;
