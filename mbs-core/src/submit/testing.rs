//! Short ways to write documents and builds in tests.

use crate::build::ModuleState;
use crate::modulemd::{Dependency, ModuleStream, StreamSet};
use crate::resolve::{FactsSource, ModuleFacts, Universe};
use std::collections::BTreeMap;
use std::sync::Arc;

/// `gtk[1,2] platform[]` as a map.
fn dependencies(text: &str) -> BTreeMap<String, StreamSet> {
    let one = |part: &str| {
        let (name, streams) = part.strip_suffix(']').and_then(|part| part.split_once('[')).expect("NAME[STREAMS]");
        let streams = streams.split(',').filter(|stream| !stream.is_empty());
        (name.to_owned(), StreamSet(streams.map(str::to_owned).collect()))
    };
    text.split_whitespace().map(one).collect()
}

/// A document with these blocks of buildrequires and requires.
pub(super) fn document(blocks: &[(&str, &str)]) -> ModuleStream {
    let block =
        |(build, run): &(&str, &str)| Dependency { buildrequires: dependencies(build), requires: dependencies(run) };
    ModuleStream {
        name: Some("app".to_owned()),
        stream: Some("1".to_owned()),
        dependencies: blocks.iter().map(block).collect(),
        ..ModuleStream::default()
    }
}

/// The blocks of a document in the same form, with `/` between the sides.
pub(super) fn shown(document: &ModuleStream) -> String {
    let side = |map: &BTreeMap<String, StreamSet>| {
        let one = |(name, set): (&String, &StreamSet)| {
            format!("{name}[{}]", set.0.iter().map(String::as_str).collect::<Vec<_>>().join(","))
        };
        map.iter().map(one).collect::<Vec<_>>().join(" ")
    };
    let block = |one: &Dependency| format!("{}/{}", side(&one.buildrequires), side(&one.requires));
    document.dependencies.iter().map(block).collect::<Vec<_>>().join(" ")
}

/// A universe of base modules: identity, state, virtual streams.
pub(super) fn bases(builds: &[(&str, ModuleState, &[&str])]) -> Universe {
    let one = |(nsvc, state, virtual_streams): &(&str, ModuleState, &[&str])| {
        let nsvc = nsvc.parse().expect("identity");
        let document = ModuleStream::default();
        let mut facts = ModuleFacts::from_document(
            &ModuleStream { name: Some("platform".to_owned()), stream: Some("x".to_owned()), ..document },
            *state,
            &[].into(),
        )
        .expect("facts");
        facts.nsvc = nsvc;
        facts.commit = Some("virtual".to_owned());
        facts.mse = true;
        facts.source = FactsSource::Stored;
        facts.virtual_streams = virtual_streams.iter().map(|stream| (*stream).to_owned()).collect();
        Arc::new(facts)
    };
    Universe::new(builds.iter().map(one), &crate::resolve::ExpandOptions::default())
}
