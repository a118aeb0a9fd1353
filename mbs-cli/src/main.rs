//! The mbs command line.
fn main() {}
