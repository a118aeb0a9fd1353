//! The RPMs to choose from, indexed by what they offer.

use std::collections::HashMap;
use std::sync::Arc;

use thiserror::Error;

use super::capability::{Capability, ranges_overlap};
use super::requirement::{Requirement, RequirementError};
use super::version::{Evr, VersionRange};
use crate::rpms::RpmFacts;

/// An RPM whose own dependencies cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot use the RPM `{rpm}`: {source}")]
pub struct UniverseError {
    /// Name, epoch, version, release and architecture of the RPM.
    pub rpm: String,
    /// What is wrong with its dependencies.
    #[source]
    pub source: RequirementError,
}

/// One RPM of a [`Universe`] with its dependencies parsed.
#[derive(Debug)]
pub(super) struct Candidate {
    pub(super) facts: Arc<RpmFacts>,
    /// The other module that it comes from.
    pub(super) module: Option<Arc<str>>,
    pub(super) evr: Evr,
    pub(super) requires: Vec<Requirement>,
    pub(super) conflicts: Vec<Requirement>,
    pub(super) obsoletes: Vec<Capability>,
}

impl Candidate {
    /// How messages name it: NEVRA, and the module if it is another one.
    pub(super) fn label(&self) -> String {
        match &self.module {
            Some(module) => format!("{} of {module}", self.facts.nevra()),
            None => self.facts.nevra(),
        }
    }
}

/// The binary RPMs of a module's own repository, and of the modules it is built against.
///
/// Made once per state of the repository and used for every component that is built with it: making it costs one pass
/// over all provides and files, a [`closure`](super::closure()) then touches only what it needs.
#[derive(Debug, Default)]
pub struct Universe {
    candidates: Vec<Candidate>,
    provides: HashMap<String, Vec<(usize, Option<VersionRange>)>>,
    files: HashMap<String, Vec<usize>>,
    names: HashMap<String, Vec<usize>>,
}

impl Universe {
    /// Indexes `rpms`. Source RPMs are left out, they cannot be installed into a buildroot.
    pub fn new(rpms: impl IntoIterator<Item = Arc<RpmFacts>>) -> Result<Self, UniverseError> {
        Self::with_modules(rpms.into_iter().map(|facts| (facts, None)))
    }

    /// The same for RPMs of which some come from other modules, whose names stand beside them.
    pub fn with_modules(
        rpms: impl IntoIterator<Item = (Arc<RpmFacts>, Option<Arc<str>>)>,
    ) -> Result<Self, UniverseError> {
        let mut universe = Self::default();
        for (facts, module) in rpms.into_iter().filter(|(facts, _)| !facts.source) {
            let index = universe.candidates.len();
            let fail = |source| UniverseError { rpm: facts.nevra(), source };
            let candidate = Candidate {
                evr: Evr::new(facts.epoch, &facts.version, &facts.release),
                requires: Requirement::from_relations(&facts.requires).map_err(fail)?,
                conflicts: Requirement::from_relations(&facts.conflicts).map_err(fail)?,
                obsoletes: facts.obsoletes.iter().map(Capability::from_relation).collect(),
                facts: Arc::clone(&facts),
                module,
            };
            for relation in &facts.provides {
                let capability = Capability::from_relation(relation);
                universe.provides.entry(capability.name).or_default().push((index, capability.range));
            }
            for file in &facts.files {
                universe.files.entry(file.clone()).or_default().push(index);
            }
            universe.names.entry(facts.name.clone()).or_default().push(index);
            universe.candidates.push(candidate);
        }
        Ok(universe)
    }

    /// The RPMs to choose from, in the order they were given (source RPMs left out).
    pub fn rpms(&self) -> impl ExactSizeIterator<Item = &Arc<RpmFacts>> {
        self.candidates.iter().map(|candidate| &candidate.facts)
    }

    pub(super) fn candidate(&self, index: usize) -> &Candidate {
        &self.candidates[index]
    }

    /// Packages of this name, any version.
    pub(super) fn named(&self, name: &str) -> &[usize] {
        self.names.get(name).map_or(&[], Vec::as_slice)
    }

    /// Who meets `wanted`, best first: the module's own packages before those of others, the newest version of the
    /// capability (none counts as oldest), then the newest package, then name and architecture.
    pub(super) fn providers(&self, wanted: &Capability) -> Vec<usize> {
        let mut found: Vec<(Option<&Evr>, usize)> = Vec::new();
        for (index, range) in self.provides.get(&wanted.name).map_or(&[][..], Vec::as_slice) {
            if ranges_overlap(wanted.range.as_ref(), range.as_ref()) {
                found.push((range.as_ref().map(|range| &range.evr), *index));
            }
        }
        // A path has no version, so a versioned requirement can only be met by a `Provides`.
        if wanted.range.is_none() {
            found
                .extend(self.files.get(&wanted.name).map_or(&[][..], Vec::as_slice).iter().map(|index| (None, *index)));
        }
        found.sort_by(|(left_version, left), (right_version, right)| {
            let (one, two) = (self.candidate(*left), self.candidate(*right));
            (one.module.is_some().cmp(&two.module.is_some()))
                .then_with(|| right_version.cmp(left_version))
                .then_with(|| two.evr.cmp(&one.evr))
                .then_with(|| one.facts.name.cmp(&two.facts.name))
                .then_with(|| one.facts.arch.cmp(&two.facts.arch))
                .then_with(|| left.cmp(right))
        });
        let mut order: Vec<usize> = Vec::with_capacity(found.len());
        for (_, index) in found {
            if !order.contains(&index) {
                order.push(index);
            }
        }
        order
    }

    /// Everything the RPMs offer under this name, for messages.
    pub(super) fn offers(&self, name: &str) -> Vec<(usize, Option<&VersionRange>)> {
        let provided = self.provides.get(name).map_or(&[][..], Vec::as_slice);
        provided.iter().map(|(index, range)| (*index, range.as_ref())).collect()
    }
}
