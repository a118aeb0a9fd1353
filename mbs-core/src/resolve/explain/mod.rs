//! Why builds were taken or left, as data, text and graph.
//!
//! ```text
//! Universe, document, options, outcome of expand --explain--> Explanation --> to_string (text), serde (JSON), to_dot
//!                                                                  \--why(module, stream)--> Why (text, JSON)
//! ```
//!
//! Nothing of this is computed by [`super::expand`]: an explanation is made afterwards, of a success and of a failure.

mod decide;
mod dot;
mod failure;
mod make;
mod outside;
mod reason;
mod text;
mod types;
mod why;

pub use make::explain;
pub use reason::LeftReason;
pub use types::{
    BuildNote, Explanation, FailureNote, LeftNote, ModuleNote, PickNote, ProblemNote, ResultNote, WarningNote,
};
pub use why::{Other, Why, WhyResults};
