//! What the host offers, as one package.

use std::collections::HashMap;

use crate::deps::{Capability, Requirement};

/// The capabilities of the host: everything that is there before any RPM of the module is installed.
///
/// They count as *one* package, for that is what the buildroot's RPM database sees: `(a with b)` is met by a host that
/// offers both. Order and repetition of the given capabilities make no difference.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostProvides {
    list: Vec<Capability>,
    by_name: HashMap<String, Vec<usize>>,
}

impl HostProvides {
    /// Takes capabilities in any order.
    pub fn new(capabilities: impl IntoIterator<Item = Capability>) -> Self {
        let mut keyed: Vec<(String, Capability)> =
            capabilities.into_iter().map(|capability| (capability.to_string(), capability)).collect();
        keyed.sort_by(|left, right| left.0.cmp(&right.0));
        keyed.dedup_by(|left, right| left.0 == right.0);
        let list: Vec<Capability> = keyed.into_iter().map(|(_, capability)| capability).collect();
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, capability) in list.iter().enumerate() {
            by_name.entry(capability.name.clone()).or_default().push(index);
        }
        Self { list, by_name }
    }

    /// All capabilities, sorted by their text.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Capability> {
        self.list.iter()
    }

    /// What the host offers under a name.
    pub fn offers(&self, name: &str) -> impl Iterator<Item = &Capability> {
        self.by_name.get(name).into_iter().flatten().map(|index| &self.list[*index])
    }

    /// Whether the host meets a plain requirement.
    pub fn satisfies(&self, wanted: &Capability) -> bool {
        self.offers(&wanted.name).any(|offered| wanted.is_met_by(offered))
    }

    /// Whether the host without any other package meets a requirement.
    pub fn satisfies_alone(&self, requirement: &Requirement) -> bool {
        match requirement {
            Requirement::One(capability) => self.satisfies(capability),
            Requirement::And(list) | Requirement::With(list) => list.iter().all(|one| self.satisfies_alone(one)),
            Requirement::Or(list) => list.iter().any(|one| self.satisfies_alone(one)),
            Requirement::Without(left, right) => self.satisfies_alone(left) && !self.satisfies_alone(right),
            Requirement::If { then, condition, otherwise } => {
                if self.satisfies_alone(condition) {
                    self.satisfies_alone(then)
                } else {
                    otherwise.as_ref().is_none_or(|otherwise| self.satisfies_alone(otherwise))
                }
            }
            Requirement::Unless { then, condition, otherwise } => {
                if self.satisfies_alone(condition) {
                    otherwise.as_ref().is_some_and(|otherwise| self.satisfies_alone(otherwise))
                } else {
                    self.satisfies_alone(then)
                }
            }
        }
    }
}
