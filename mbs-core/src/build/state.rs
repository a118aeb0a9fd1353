//! States of module builds and component builds, with the numbers every client of the original knows.

use serde::{Deserialize, Serialize};
use std::fmt;

/// State of a module build. The numbers are the original service's and never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[repr(u8)]
pub enum ModuleState {
    /// Stored; the sources of its components are being resolved.
    Init = 0,
    /// All sources known; the buildroot is being prepared.
    Wait = 1,
    /// Components are being built.
    Build = 2,
    /// Everything built; waits for the gate. The last state of a scratch build.
    Done = 3,
    /// Failed or cancelled.
    Failed = 4,
    /// Usable as a dependency and by composes.
    Ready = 5,
    /// Retired, or a failed build that was cleaned up.
    Garbage = 6,
}

impl ModuleState {
    /// All states in the order of their numbers.
    pub const ALL: [Self; 7] =
        [Self::Init, Self::Wait, Self::Build, Self::Done, Self::Failed, Self::Ready, Self::Garbage];

    /// The number that REST, messages and databases carry.
    pub fn number(self) -> u8 {
        self as u8
    }

    /// The state of that number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.get(usize::from(number)).copied()
    }

    /// The lower-case name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Init => "init",
            Self::Wait => "wait",
            Self::Build => "build",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Ready => "ready",
            Self::Garbage => "garbage",
        }
    }

    /// The state of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether work goes on in this state: init, wait and build.
    pub fn is_active(self) -> bool {
        match self {
            Self::Init | Self::Wait | Self::Build => true,
            Self::Done | Self::Failed | Self::Ready | Self::Garbage => false,
        }
    }
}

impl fmt::Display for ModuleState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// State of a component build. All but `Waiting` have the number of the Koji build state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ComponentState {
    /// Not handed to the builder; null in REST answers.
    Waiting,
    /// Handed to the builder.
    Building,
    /// Built, or left out because of its architectures.
    Complete,
    /// Removed from the build system after it was built.
    Deleted,
    /// The build failed.
    Failed,
    /// The build was cancelled.
    Canceled,
}

impl ComponentState {
    /// All states.
    pub const ALL: [Self; 6] =
        [Self::Waiting, Self::Building, Self::Complete, Self::Deleted, Self::Failed, Self::Canceled];

    /// The Koji number; none for a component that waits.
    pub fn number(self) -> Option<u8> {
        match self {
            Self::Waiting => None,
            Self::Building => Some(0),
            Self::Complete => Some(1),
            Self::Deleted => Some(2),
            Self::Failed => Some(3),
            Self::Canceled => Some(4),
        }
    }

    /// The state of that Koji number.
    pub fn from_number(number: Option<u8>) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.number() == number)
    }

    /// The upper-case Koji name; `WAITING` for a component that waits.
    pub fn name(self) -> &'static str {
        match self {
            Self::Waiting => "WAITING",
            Self::Building => "BUILDING",
            Self::Complete => "COMPLETE",
            Self::Deleted => "DELETED",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }
}

impl fmt::Display for ComponentState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_names_are_the_originals() {
        let names: Vec<_> = ModuleState::ALL.iter().map(|s| (s.number(), s.name())).collect();
        assert_eq!(
            names,
            [(0, "init"), (1, "wait"), (2, "build"), (3, "done"), (4, "failed"), (5, "ready"), (6, "garbage")]
        );
        for state in ModuleState::ALL {
            assert_eq!(ModuleState::from_number(state.number()), Some(state));
            assert_eq!(ModuleState::from_name(state.name()), Some(state));
        }
        for state in ComponentState::ALL {
            assert_eq!(ComponentState::from_number(state.number()), Some(state));
        }
    }
}
