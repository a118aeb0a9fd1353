//! Tests of the test kit, and of the core on the test kit.

mod builder;
mod driver;
mod fuzz;
mod prefixes;
mod seeds;
mod transitions;
