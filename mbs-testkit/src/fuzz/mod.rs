//! What is tried with any input at all.
//!
//! Each [`Target`] is a plain function that panics if something does not hold that must hold for every input. A test runs
//! all of them over the fixtures and over saved inputs; libFuzzer, which looks for new ones, calls the same functions
//! from the package `fuzz` (`cargo xtask fuzz`).

mod build;
mod check;
mod decompress;
mod edit;
mod index;
mod reading;
mod scanners;
mod target;

pub use target::{TARGETS, Target, target};
