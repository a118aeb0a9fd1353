//! What reuse depends on beside the builds.

use super::candidate::ReuseCandidate;
use crate::Arch;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What reuse depends on beside the builds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReuseOptions {
    /// The build that was named to take components from (`reuse_components_from`). It is taken whatever its name, its
    /// state and what it was built against; whoever accepts the name has checked that it is ready.
    pub named: Option<Arc<ReuseCandidate>>,
    /// Whether the packages are made on this machine. Then an SCM URL is not asked for, but what the machine offered,
    /// the macros and the packages of the modules that were built against have to be equal, with every strategy.
    ///
    /// Builds that are known from elsewhere are judged as in a build system all the same: what is said about them is
    /// what would be taken there.
    pub local: bool,
    /// What the system builds a component for that names no architectures; empty: all that the document of
    /// a build from elsewhere names, for builds of this machine that of the build. Documents of the
    /// original name them with every component, those of packagers rarely.
    pub arches: BTreeSet<Arch>,
}

impl ReuseOptions {
    /// Whether a build is compared as one that was made on this machine.
    pub(super) fn is_local(&self, one: &ReuseCandidate) -> bool {
        self.local && one.build.is_some()
    }
}
