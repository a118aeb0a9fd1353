//! A slow and obvious resolver to compare the real one with, and random universes to do that over.

mod random;
mod reference;
#[cfg(test)]
mod tests;

pub use random::{Case, random_case};
pub use reference::{Choice, is_closed, reference};
