//! What the benchmarks of mbs share: measuring a process, and rows of output.

mod build;
pub mod expand;
mod measure;
pub mod modulemd;
mod row;
mod spans;

pub use build::build;
pub use measure::{Usage, median, monotonic, processor_time, usage};
pub use row::{Format, Row};
pub use spans::{Span, covered};
