//! Builds that were not even candidates.

use super::reason::LeftReason;
use crate::ModuleName;
use crate::Nsvc;
use crate::build::ModuleState;
use crate::modulemd::{ModuleStream, StreamRule};
use crate::resolve::bases::{Bases, by_major};
use crate::resolve::candidates::Candidates;
use crate::resolve::facts::ModuleFacts;
use crate::resolve::options::ExpandOptions;
use crate::resolve::universe::Universe;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What the candidates were found with.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outside<'a> {
    pub(super) universe: &'a Universe,
    pub(super) document: &'a ModuleStream,
    pub(super) options: &'a ExpandOptions,
    pub(super) bases: &'a Bases,
    pub(super) candidates: &'a Candidates,
}

impl Outside<'_> {
    /// Why a build that is no candidate is none.
    pub(super) fn reason(&self, facts: &ModuleFacts) -> LeftReason {
        let Nsvc { name, stream, .. } = &facts.nsvc;
        if self.options.is_base(name.as_str()) {
            return self.base(facts);
        }
        let key = (name.clone(), stream.to_string());
        if !self.candidates.wanted.contains(&key) {
            return self.stream(facts);
        }
        if facts.state != ModuleState::Ready {
            return LeftReason::NotReady { state: facts.state };
        }
        let groups = by_major(self.bases, self.options);
        let ready: Vec<&Arc<ModuleFacts>> = self
            .universe
            .stream(name.as_str(), stream.as_str())
            .iter()
            .filter(|build| build.state == ModuleState::Ready)
            .collect();
        for group in &groups {
            let Some(own) = group.iter().find(|base| facts.built_on.contains(base)) else { continue };
            let with = |base: &&Nsvc| ready.iter().any(|build| build.built_on.contains(base));
            let Some(counts) = group.iter().find(with) else { continue };
            if counts != own {
                return LeftReason::ShadowedPlatform { built_on: own.clone(), by: counts.clone() };
            }
            if let Some(newer) = ready.iter().find(|build| build.built_on.contains(own)) {
                return beside(facts, &newer.nsvc);
            }
        }
        LeftReason::OtherPlatform { built_on: facts.built_on.clone(), wanted: groups.into_iter().flatten().collect() }
    }

    fn base(&self, facts: &ModuleFacts) -> LeftReason {
        let stream = &facts.nsvc.stream;
        let same = |base: &&Arc<ModuleFacts>| base.nsvc.name == facts.nsvc.name && base.nsvc.stream == *stream;
        if let Some(base) = self.bases.usable.iter().chain(&self.bases.retired).find(same) {
            if facts.state != ModuleState::Ready && facts.nsvc.version >= base.nsvc.version {
                return LeftReason::NotReady { state: facts.state };
            }
            return beside(facts, &base.nsvc);
        }
        if facts.state != ModuleState::Ready {
            return LeftReason::NotReady { state: facts.state };
        }
        self.stream(facts)
    }

    /// The stream of the build is not among those that are looked at.
    fn stream(&self, facts: &ModuleFacts) -> LeftReason {
        let Nsvc { name, stream, .. } = &facts.nsvc;
        let sets: Vec<_> =
            self.document.dependencies.iter().filter_map(|block| block.buildrequires.get(name.as_str())).collect();
        let excludes =
            |rule: &StreamRule<'_>| matches!(rule, StreamRule::Except(list) if list.contains(stream.as_str()));
        if sets.iter().any(|set| excludes(&set.rule())) {
            return LeftReason::StreamExcluded;
        }
        let open = |rule: StreamRule<'_>| matches!(rule, StreamRule::Any | StreamRule::Except(_));
        let is_open = sets.iter().any(|set| open(set.rule()));
        let settled = self.options.default_streams.contains_key(name);
        if is_open && !settled {
            if self.options.is_base(name.as_str()) && self.options.excluded_base_streams.contains(stream.as_str()) {
                return LeftReason::BaseExcluded;
            }
            if facts.state != ModuleState::Ready {
                return LeftReason::NotReady { state: facts.state };
            }
        }
        LeftReason::StreamNotNamed { named: self.named(name) }
    }

    /// The streams of a module that are looked at.
    fn named(&self, name: &ModuleName) -> BTreeSet<String> {
        if self.options.is_base(name.as_str()) {
            let usable = self.bases.usable.iter().filter(|base| base.nsvc.name == *name);
            return usable.map(|base| base.nsvc.stream.to_string()).collect();
        }
        let wanted = self.candidates.wanted.range((name.clone(), String::new())..);
        wanted.take_while(|(other, _)| other == name).map(|(_, stream)| stream.clone()).collect()
    }
}

/// Another build of the same stream is the one that counts.
fn beside(facts: &ModuleFacts, other: &Nsvc) -> LeftReason {
    if other.version > facts.nsvc.version {
        LeftReason::OlderVersion { newer: other.clone() }
    } else {
        LeftReason::OtherContext { taken: other.clone() }
    }
}
