//! Where a document came from.

use crate::source::GitRef;
use chrono::{DateTime, Utc};

/// Where a document came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// Name of the module if the document has none.
    pub name_hint: Option<String>,
    /// Stream of the module if the document has none: the branch, for example.
    pub stream_hint: Option<String>,
    /// Address with commit, without credentials; none for a plain file.
    pub scmurl: Option<String>,
    /// The commit; none for a plain file.
    pub commit: Option<String>,
    /// Branch it was on.
    pub branch: Option<String>,
    /// Time of the commit, or now for a plain file: becomes the version.
    pub time: DateTime<Utc>,
}

impl Origin {
    /// A document without name, stream or history, as of this time.
    pub fn file(time: DateTime<Utc>) -> Self {
        Self { name_hint: None, stream_hint: None, scmurl: None, commit: None, branch: None, time }
    }

    /// The branch as a ref for what names none; none if its name is no ref.
    pub fn branch_ref(&self) -> Option<GitRef> {
        self.branch.as_deref().and_then(|branch| GitRef::new(branch).ok())
    }
}
