//! Builders that stand in front of another builder.

mod fault_plan;
mod faulty;
mod recording;
mod semaphore;
mod throttled;

pub use fault_plan::{Fault, FaultKind, FaultPlan, Rates};
pub use faulty::FaultyBuilder;
pub use recording::{Recorded, RecordingBuilder};
pub use throttled::ThrottledBuilder;
