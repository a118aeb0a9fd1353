//! Short ways to write builds and documents in tests.

use super::facts::ModuleFacts;
use super::options::ExpandOptions;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::modulemd::{Dependency, ModuleStream, StreamSet};
use crate::{ModuleName, Nsvc};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Streams of one dependency.
pub(super) fn set(streams: &[&str]) -> StreamSet {
    StreamSet(streams.iter().map(|stream| (*stream).to_owned()).collect())
}

/// `gtk[1,2] platform[]` as a map.
pub(super) fn dependencies(text: &str) -> BTreeMap<String, StreamSet> {
    let one = |part: &str| {
        let (name, streams) = part.strip_suffix(']').and_then(|part| part.split_once('[')).expect("NAME[STREAMS]");
        let streams: Vec<&str> = streams.split(',').filter(|stream| !stream.is_empty()).collect();
        (name.to_owned(), set(&streams))
    };
    text.split_whitespace().map(one).collect()
}

/// Facts of a build in the making.
#[derive(Clone)]
pub(super) struct Facts(pub(super) ModuleFacts);

impl Facts {
    /// A base module.
    pub(super) fn base(nsvc: &str) -> Self {
        let nsvc: Nsvc = nsvc.parse().expect("identity");
        Self(ModuleFacts {
            commit: Some(format!("ref_{}", nsvc.context)),
            virtual_streams: [].into(),
            ..ModuleFacts::new(nsvc, ModuleState::Ready)
        })
    }

    /// A build on a base module that requires these.
    pub(super) fn on(nsvc: &str, base: &str, requires: &str) -> Self {
        let mut facts = Self::base(nsvc);
        let base: Nsvc = base.parse().expect("identity");
        facts.0.buildrequires.insert(base.name.clone(), base.stream.clone());
        facts.0.built_on.push(base);
        facts.or(requires)
    }

    /// Adds an alternative of requires.
    pub(super) fn or(mut self, requires: &str) -> Self {
        let typed = |(name, set)| (ModuleName::new(name).expect("name"), set);
        self.0.requires.push(dependencies(requires).into_iter().map(typed).collect());
        self
    }

    pub(super) fn state(mut self, state: ModuleState) -> Self {
        self.0.state = state;
        self
    }

    pub(super) fn answers_to(mut self, stream: &str) -> Self {
        self.0.virtual_streams.insert(stream.to_owned());
        self
    }
}

/// A universe of these builds.
pub(super) fn universe(builds: impl IntoIterator<Item = Facts>, options: &ExpandOptions) -> Universe {
    Universe::new(builds.into_iter().map(|facts| Arc::new(facts.0)), options)
}

/// A document with these blocks of buildrequires and requires.
pub(super) fn document(blocks: &[(&str, &str)]) -> ModuleStream {
    ModuleStream {
        name: Some("app".to_owned()),
        stream: Some("1".to_owned()),
        dependencies: blocks
            .iter()
            .map(|(buildrequires, requires)| Dependency {
                buildrequires: dependencies(buildrequires),
                requires: dependencies(requires),
            })
            .collect(),
        ..ModuleStream::default()
    }
}
