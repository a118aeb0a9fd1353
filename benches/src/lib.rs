//! What the benchmarks of mbs share: measuring a process, and rows of output.

mod measure;
mod row;

pub use measure::{Usage, usage};
pub use row::{Format, Row};
