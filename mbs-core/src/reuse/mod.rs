//! What a new build takes from an earlier one instead of building it again.
//!
//! ```text
//!   ReuseSource (store, documents) --> ReuseCandidate: an earlier build as plain data
//!                                            |
//!   NewBuild --+-- choose_module ------------+--> the build to take from, why others were passed over
//!              +-- decide -----------------------> ReusePlan: per component taken, or why not
//!              +-- apply_reuse ------------------> stored with the build; the engine submits what is taken like
//!                                                  everything else, and the builder answers at once
//! ```
//!
//! The rules equal the original service's. On one machine, where it reuses nothing, what the machine and the modules that
//! are built against offer has to be equal too ([`LocalFingerprint`]).

mod bases;
mod candidate;
mod choose;
mod decide;
mod document;
mod fingerprint;
mod local;
mod options;
mod plan;
mod reason;
mod source;
mod strategy;
#[cfg(test)]
mod tests;
mod whole;

pub use bases::{ReuseBase, ReuseBaseError, own_bases, reuse_bases};
pub use candidate::{CandidateComponent, ComponentFacts, ReuseCandidate};
pub use choose::{Choice, choose_module};
pub use decide::decide;
pub use document::{DocumentNotes, DocumentReuse};
pub use fingerprint::LocalFingerprint;
pub use options::ReuseOptions;
pub use plan::{ReuseDecision, ReusePlan, ReuseReason, ReusedComponent, ReusedModule};
pub use reason::ReuseCode;
pub use source::{MemoryReuse, ReuseSource, StoreReuse, reused_by};
pub use strategy::RebuildStrategy;
pub use whole::{apply_reuse, plan_reuse};
