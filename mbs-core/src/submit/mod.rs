//! From what a packager wrote to a build that can be stored.
//!
//! ```text
//!   modulemd text --read_for_build--> ModuleStream --collect_included--> Included (documents of included modules)
//!        |                                                                   |
//!        +--- Origin (where it came from, when) ---> submit ---> NewBuild <--+--- Settings (platform, arch, defaults)
//! ```
//!
//! Everything that can be refused is refused here, before anything is stored.

mod components;
mod dependencies;
mod error;
mod included;
mod local;
mod submission;
#[cfg(test)]
mod tests;

pub use error::SubmitError;
pub use included::{Included, IncludedSource, collect_included};
pub use local::{Origin, Settings, Submission, submit};
pub use submission::{PlannedBuild, Submissions, Warning};
