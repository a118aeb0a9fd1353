//! What a new build takes from an earlier one instead of building it again.

mod plan;
mod strategy;

pub use plan::{ReuseDecision, ReusePlan, ReuseReason, ReusedComponent, ReusedModule};
pub use strategy::RebuildStrategy;
