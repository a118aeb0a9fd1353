//! From what a packager wrote to builds that can be stored.
//!
//! ```text
//!   documents --expand--> builds to make --+--> assemble --> Submissions (builds that can be stored, warnings)
//!      |        (Provider)                 |
//!      +--collect_included--> Included ----+
//!      |                                   |
//!      +--Commits::look_up (Source) -------+
//!                                          |
//!   Origin (where from, when), Settings ---+
//! ```
//!
//! Everything that can be refused is refused here, before anything is stored. [`Planner`] does it in order; the rules
//! are pure and beside it.

mod arches;
mod assemble;
mod assumed;
mod commits;
mod components;
mod error;
mod included;
mod notes;
mod origin;
mod pipeline;
mod refusal;
mod settings;
mod submission;
#[cfg(test)]
mod tests;
mod version;

pub use arches::ArchRules;
pub use assemble::assemble;
pub use assumed::AssumedPlatform;
pub use commits::Commits;
pub use error::{ExpandFailure, SubmitError};
pub use included::{Included, IncludedSource, collect_included};
pub use origin::Origin;
pub use pipeline::Planner;
pub use refusal::RefusalKind;
pub use settings::Settings;
pub use submission::{PlannedBuild, Submissions, Warning};
