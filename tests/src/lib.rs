//! Tests across the crates of mbs.
