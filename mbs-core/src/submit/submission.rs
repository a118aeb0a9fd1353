//! What a submission comes to.

use crate::build::NewBuild;
use crate::identity::Contexts;
use crate::resolve::Pick;

/// Something that was accepted, but that the submitter should know of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Warning {
    /// Stable code.
    pub code: &'static str,
    /// What it is.
    pub message: String,
}

/// Everything that one document is built as. Stored as a whole or not at all.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Submissions {
    /// The builds, in the order of the expansion.
    pub builds: Vec<PlannedBuild>,
    /// What the submitter should know of.
    pub warnings: Vec<Warning>,
}

/// One build of a submission.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedBuild {
    /// The build, as it can be stored.
    pub new: NewBuild,
    /// The context hashes.
    pub contexts: Contexts,
    /// The dependency block that was solved, from 0.
    pub block: usize,
    /// What it is built against, by name.
    pub picks: Vec<Pick>,
}
