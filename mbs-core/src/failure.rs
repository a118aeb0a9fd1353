//! Who has to act on a failure.

use serde::{Deserialize, Serialize};

/// Who has to act before a failed thing can succeed.
///
/// The three words are those of the original service, where they are stored with every failed build.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Blame {
    /// The packager: what was submitted cannot work as it is.
    User,
    /// The operator: network, disk, backend or machine.
    Infra,
    /// Not known.
    Unspecified,
}
