//! Builders for tests, and the proof that a builder keeps its contract.
//!
//! - [`MemoryBuilder`] builds nothing and answers as it is told to: the reference for what the contract of
//!   [`GenericBuilder`](mbs_core::builder::GenericBuilder) means.
//! - [`conformance`] is the contract as functions that any builder can run.
//! - [`FaultyBuilder`], [`ThrottledBuilder`] and [`RecordingBuilder`] stand between a caller and another builder.

mod call;
pub mod conformance;
mod memory;
mod wrap;

pub use call::{Answer, Call, Method};
pub use memory::{Ends, MemoryBuilder, MemoryRepo, MemoryTask, Outcome, Script};
pub use wrap::{Fault, FaultKind, FaultPlan, FaultyBuilder, Rates, Recorded, RecordingBuilder, ThrottledBuilder};
