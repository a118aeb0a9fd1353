//! Tests across the crates of mbs.

pub mod fixture;
pub mod mbs;
pub mod modulemd;
pub mod workshop;
