//! Tests of the rules above, and of the search against one that tries every set.

mod closures;
mod random;
mod requirements;
mod versions;
