//! The plan itself.

use super::input::Weight;
use crate::{Arch, ComponentName, ModuleName};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// Position of a component in its plan; 0 is `module-build-macros`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ComponentIx(pub u32);

impl ComponentIx {
    /// `module-build-macros`.
    pub const MACROS: Self = Self(0);

    /// The position as an index into [`Plan::components`].
    pub fn index(self) -> usize {
        self.0 as usize
    }

    pub(super) fn of(position: usize) -> Self {
        Self(u32::try_from(position).expect("fewer than 2^32 components fit into memory"))
    }
}

/// What decides when a component may start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Order {
    /// Batches: everything of the earlier batches has to be in the repository.
    Batches,
    /// A graph: what the component names, directly or not, has to be in the repository; there is no barrier.
    Graph,
}

/// What the buildroot of a component holds of its own module.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Every component of a batch below its own.
    EarlierBatches,
    /// Its direct and indirect predecessors, and `module-build-macros`.
    Closure,
}

/// Why a component is not built: its `arches` leave this machine out, or it is the macros of a build that builds nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// The machine's architectures.
    pub machine: BTreeSet<Arch>,
    /// Whether every other component is taken from an earlier build, so that nobody needs this one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub all_reused: bool,
}

impl Exclusion {
    /// The component is not meant for a machine of these architectures.
    pub fn machine(machine: BTreeSet<Arch>) -> Self {
        Self { machine, all_reused: false }
    }

    /// Nobody needs the component, because all others are taken from an earlier build.
    pub fn all_reused() -> Self {
        Self { machine: BTreeSet::new(), all_reused: true }
    }
}

impl std::fmt::Display for Exclusion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.all_reused {
            return f.write_str("not needed: everything is taken from an earlier build");
        }
        f.write_str("not built for ")?;
        for (number, arch) in self.machine.iter().enumerate() {
            write!(f, "{}{arch}", if number > 0 { ", " } else { "" })?;
        }
        Ok(())
    }
}

/// One component in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedComponent {
    /// Its name, unique in the plan.
    pub name: ComponentName,
    /// The included modules that lead to its document, outermost first; empty for the module's own components.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub origin: Vec<ModuleName>,
    /// Its batch: 1 for `module-build-macros`, from 2 on for others. With [`Order::Graph`] it is a label only.
    pub batch: u32,
    /// Its direct predecessors in ascending order; always empty with [`Order::Batches`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<ComponentIx>,
    /// Architectures it is limited to; empty means all.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub arches: BTreeSet<Arch>,
    /// How much work it is.
    pub weight: Weight,
    /// How long an earlier build of it took, in milliseconds; planning knows none, whoever submits may fill it in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub measured_ms: Option<u64>,
    /// Whether its packages are filtered out of the result.
    pub buildonly: bool,
    /// Whether its packages are installed into every later buildroot.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub buildroot: bool,
    /// Set when this machine does not build it; it still has a batch, and others may name it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub excluded: Option<Exclusion>,
}

impl PlannedComponent {
    /// How long it is expected to take, in milliseconds: what orders the components that may start.
    pub fn expected_ms(&self) -> u64 {
        let measured = self.measured_ms.map(std::time::Duration::from_millis);
        let expected = super::priority::expected_time(self.weight, measured);
        u64::try_from(expected.as_millis()).unwrap_or(u64::MAX)
    }
}

/// All components of a module build in the order of batch and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// What decides when a component may start.
    pub order: Order,
    /// The components, `module-build-macros` first; empty for a module without components, which builds nothing.
    pub components: Vec<PlannedComponent>,
}
