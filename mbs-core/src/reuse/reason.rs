//! The codes of reasons. A code never changes its meaning.

use super::plan::ReuseReason;

/// Why nothing, or no component, is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReuseCode {
    /// Everything is to be built.
    StrategyAll,
    /// No earlier build is known.
    NoCandidate,
    /// The earlier build is not ready.
    NotReady,
    /// The earlier build has no SCM URL.
    NoScmUrl,
    /// The earlier build was made against other streams.
    OtherBuildContext,
    /// The earlier build is not in the tag of the base module.
    NotTagged,
    /// The earlier build was made against other modules, base modules aside.
    OtherModules,
    /// The earlier build took components more freely than this one may.
    TooFree,
    /// The stream of the base module is not of the form x.y.z.
    StreamNotXyz,
    /// Another build is taken: it was completed later, or matches a base module that comes first.
    Superseded,
    /// What the machine offers differs.
    OtherPlatform,
    /// What the machine or the modules offer is not known.
    FingerprintUnknown,
    /// The packages of a module that is built against differ.
    OtherDependency,
    /// The earlier build was made for another architecture.
    OtherArch,
    /// More reasons are left out.
    More,
    /// The macros package is made for each build.
    Macros,
    /// The component has no commit: a custom source package, or not known.
    NoCommit,
    /// The earlier build does not have the component.
    Absent,
    /// The earlier build does not tell batch or commit of the component.
    Unrecorded,
    /// The commits differ.
    OtherCommit,
    /// The batches differ.
    OtherBatch,
    /// The RPM macros of the modules differ.
    OtherMacros,
    /// What is built before differs.
    OtherBefore,
    /// The architectures differ.
    OtherArches,
    /// What is built before is not all taken.
    BeforeIsBuilt,
    /// This machine does not build the component.
    Excluded,
    /// The packages of the earlier build are not known.
    PackagesUnknown,
}

impl ReuseCode {
    /// The code as text: `MU00xx` is about an earlier build as a whole, `MU01xx` about a component.
    pub fn text(self) -> &'static str {
        match self {
            Self::StrategyAll => "MU0001",
            Self::NoCandidate => "MU0002",
            Self::NotReady => "MU0003",
            Self::NoScmUrl => "MU0004",
            Self::OtherBuildContext => "MU0005",
            Self::NotTagged => "MU0006",
            Self::OtherModules => "MU0007",
            Self::TooFree => "MU0008",
            Self::StreamNotXyz => "MU0009",
            Self::Superseded => "MU0010",
            Self::OtherPlatform => "MU0011",
            Self::FingerprintUnknown => "MU0012",
            Self::OtherDependency => "MU0013",
            Self::OtherArch => "MU0014",
            Self::More => "MU0015",
            Self::Macros => "MU0101",
            Self::NoCommit => "MU0102",
            Self::Absent => "MU0103",
            Self::Unrecorded => "MU0104",
            Self::OtherCommit => "MU0105",
            Self::OtherBatch => "MU0106",
            Self::OtherMacros => "MU0107",
            Self::OtherBefore => "MU0108",
            Self::OtherArches => "MU0109",
            Self::BeforeIsBuilt => "MU0110",
            Self::Excluded => "MU0111",
            Self::PackagesUnknown => "MU0112",
        }
    }

    /// A reason with this code.
    pub(super) fn because(self, message: impl Into<String>) -> ReuseReason {
        ReuseReason { code: self.text().to_owned(), message: message.into() }
    }
}
