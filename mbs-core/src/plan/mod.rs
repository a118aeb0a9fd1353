//! From components to ordered work: which component builds when, and what its buildroot holds.
//!
//! ```text
//!   PlanInput --flatten--> documents in order --+-- buildorder --> batches 2, 3, ... (gaps kept)
//!   (document with          names checked       |
//!    included documents)                        +-- buildafter --> graph, label 2 + longest path
//!                                                      |
//!   Plan = module-build-macros in batch 1, then every component with batch, predecessors, exclusion
//! ```
//!
//! The same input gives the same plan in whatever order its lists come, and the same plan gives the same
//! buildroots: what a component sees depends on the plan only, never on what happens to be finished.

mod cycle;
mod duration;
mod error;
mod flatten;
mod graph;
mod input;
mod make;
mod priority;
#[cfg(test)]
mod tests;
mod types;
mod visible;

pub use error::{PlanError, PlanProblem};
pub use input::{IncludedModule, PlanComponent, PlanInput, Weight};
pub use make::plan;
pub use priority::{Candidate, expected_time, longest_first};
pub use types::{ComponentIx, Exclusion, Order, Plan, PlannedComponent, Scope};

/// Name of the first component of every plan, which sets the module's macros.
pub const MACROS_COMPONENT: &str = "module-build-macros";

/// Batch of [`MACROS_COMPONENT`].
pub const MACROS_BATCH: u32 = 1;
