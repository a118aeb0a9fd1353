//! What a build on one machine depends on beside its sources.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a build on one machine depends on beside its sources. Two builds with equal fingerprints, macros and sources
/// come to the same packages, as far as a machine can tell.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct LocalFingerprint {
    /// Digest of what the machine offers to builds.
    pub platform: String,
    /// Digest of the list of RPMs of each module that is built against, base modules not included; the keys are
    /// `NAME:STREAM:VERSION:CONTEXT`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub dependencies: BTreeMap<String, String>,
}

impl LocalFingerprint {
    /// The digests by module name, each with the identity that it is of: a rebuild that came to the same packages is no
    /// difference.
    pub(super) fn by_name(&self) -> BTreeMap<&str, (&str, &str)> {
        let name = |nsvc: &'_ str| nsvc.find(':').unwrap_or(nsvc.len());
        self.dependencies.iter().map(|(nsvc, digest)| (&nsvc[..name(nsvc)], (nsvc.as_str(), digest.as_str()))).collect()
    }
}
