//! What planning needs to know, free of any document format.

use crate::{Arch, ComponentName, ModuleName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// How much work a component is, in thousandths of the original's weight unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Weight(pub u64);

impl Weight {
    /// Weight of a component about which nothing is known: 1.5 in the original's unit.
    pub const UNKNOWN: Self = Self(1500);
}

impl Default for Weight {
    fn default() -> Self {
        Self::UNKNOWN
    }
}

/// One RPM component of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanComponent {
    /// Its name.
    pub name: ComponentName,
    /// Number that makes batches; components with smaller numbers are built first.
    pub buildorder: i64,
    /// Components of the same document that have to be in the repository first.
    pub buildafter: BTreeSet<ComponentName>,
    /// How much work it is.
    pub weight: Weight,
    /// Architectures it is limited to; empty means all.
    pub arches: BTreeSet<Arch>,
    /// Whether its packages are needed for building only and filtered out of the result.
    pub buildonly: bool,
    /// Whether its packages are installed into every later buildroot.
    pub buildroot: bool,
}

impl PlanComponent {
    /// A component that sets nothing but its name.
    pub fn new(name: ComponentName) -> Self {
        Self {
            name,
            buildorder: 0,
            buildafter: BTreeSet::new(),
            weight: Weight::default(),
            arches: BTreeSet::new(),
            buildonly: false,
            buildroot: false,
        }
    }
}

/// A module listed as component: its own components are built as part of this module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IncludedModule {
    /// Its name.
    pub name: ModuleName,
    /// Its place among the components of the including document.
    pub buildorder: i64,
    /// What its document lists.
    pub input: PlanInput,
}

/// The components of one document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanInput {
    /// RPM components, in any order.
    pub components: Vec<PlanComponent>,
    /// Included modules, in any order.
    pub modules: Vec<IncludedModule>,
}
