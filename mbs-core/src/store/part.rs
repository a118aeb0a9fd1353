//! What one submission writes.

use super::store_trait::Append;
use crate::BuildId;
use crate::build::NewBuild;

/// What a submission does about one build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SubmitPart {
    /// Stores a new build.
    Create(NewBuild),
    /// Stores a new build in the place of one that is over, which is removed with its log: two builds of one identity
    /// cannot be stored at the same time.
    Replace {
        /// The build that goes.
        old: BuildId,
        /// The revision at which that was decided.
        expected_revision: u64,
        /// The build that comes.
        new: NewBuild,
    },
    /// Goes on with a stored build.
    Append(Box<Append>),
}

impl SubmitPart {
    /// The build that is stored.
    pub fn new_build(&self) -> Option<&NewBuild> {
        match self {
            Self::Create(new) | Self::Replace { new, .. } => Some(new),
            Self::Append(_) => None,
        }
    }
}
