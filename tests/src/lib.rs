//! Tests across the crates of mbs.

pub mod fixture;
