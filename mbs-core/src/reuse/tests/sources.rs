//! Where candidates come from.

use super::support::{new_build, parse, part};
use crate::build::ModuleState;
use crate::modulemd::{ModuleStream, ReadOptions, read_for_build};
use crate::resolve::{BuildRecord, DocumentProvider, KnownBuild, ModuleFacts, Provider, ProviderError};
use crate::reuse::{
    DocumentNotes, DocumentReuse, MemoryReuse, RebuildStrategy, ReuseCandidate, ReuseOptions, ReuseSource, StoreReuse,
    decide,
};
use crate::store::{MemoryStore, Store};
use crate::{BuildId, ModuleName, StreamName};
use async_trait::async_trait;
use chrono::DateTime;
use futures::executor::block_on;
use std::collections::BTreeSet;
use std::sync::Arc;

const DOCUMENT: &str = "document: modulemd\nversion: 2\ndata:\n  name: testmodule\n  stream: master\n  version: 7\n  \
    context: c0ffee00\n  summary: s\n  description: d\n  license: {module: [MIT]}\n  dependencies:\n    \
    - {buildrequires: {platform: [f29.2.0]}, requires: {platform: [f29.2.0]}}\n  xmd:\n    mbs:\n      \
    scmurl: https://src.example.org/x\n      buildrequires:\n        \
    platform: {stream: f29.2.0, version: '3', context: '00000000', ref: '', koji_tag: p}\n      rpms:\n        \
    a: {ref: a000000000000000000000000000000000000000}\n  buildopts: {rpms: {macros: '%one 1'}}\n  components:\n    rpms:\n      \
    a: {rationale: r, ref: f29}\n      b: {rationale: r, ref: b000000000000000000000000000000000000000, buildorder: 5}\n      \
    c: {rationale: r, ref: main, buildorder: 5, arches: [x86_64]}\n";

fn document() -> ModuleStream {
    read_for_build(DOCUMENT.as_bytes(), "test", &ReadOptions::lenient()).expect("document").stream
}

fn of_document() -> ReuseCandidate {
    let bases = BTreeSet::from([parse("platform")]);
    ReuseCandidate::from_document(&document(), &bases, DocumentNotes::default()).expect("candidate")
}

#[test]
fn a_document_tells_commits_batches_and_what_it_was_built_against() {
    let one = of_document();
    assert!(one.has_scmurl && one.state == ModuleState::Ready && one.build.is_none());
    assert_eq!(one.built_on, [parse("platform:f29.2.0:3:00000000")]);
    assert_eq!(one.macros, "%one 1");
    let facts: Vec<_> = one
        .components
        .iter()
        .map(|(name, component)| (name.as_str(), component.facts.batch, component.facts.commit.is_some()))
        .collect();
    assert_eq!(facts, [("a", Some(2), true), ("b", Some(3), true), ("c", Some(3), false)]);
    // A build system has the packages, and a build from elsewhere is judged as there also on one machine.
    let new = new_build(&[part("a", 0)], RebuildStrategy::OnlyChanged);
    let here = ReuseCandidate { build: Some(BuildId(3)), ..one.clone() };
    let decided = |one: &ReuseCandidate, local| {
        decide(&new, one, RebuildStrategy::OnlyChanged, &ReuseOptions { local, ..Default::default() })
    };
    assert!(decided(&one, false).components[1].reused.is_some());
    assert!(decided(&one, true).components[1].reused.is_some(), "it was not made on this machine");
    assert!(decided(&here, true).components[1].reasons.iter().any(|reason| reason.code == "MU0112"));
}

#[test]
fn a_source_over_documents_tells_builds_of_the_stream_only() {
    let source = MemoryReuse::new([of_document()]);
    let found = |stream: &str| block_on(source.candidates(&parse("testmodule"), &parse(stream))).expect("answer").len();
    assert_eq!((found("master"), found("other")), (1, 0));
    let found = block_on(source.find(&parse("testmodule:master:7:c0ffee00"))).expect("answer");
    assert_eq!(found.expect("known").nsvc.version.0, 7);
}

#[derive(Debug)]
struct Documents(Arc<ModuleFacts>);

#[async_trait]
impl Provider for Documents {
    async fn builds(&self, _: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        Ok(vec![Arc::clone(&self.0)])
    }
}

#[async_trait]
impl DocumentProvider for Documents {
    async fn documents_of(&self, _: &ModuleName, _: &StreamName) -> Result<Vec<KnownBuild>, ProviderError> {
        let record = BuildRecord {
            completed: Some(DateTime::UNIX_EPOCH),
            rebuild_strategy: Some(RebuildStrategy::OnlyChanged),
            ..BuildRecord::default()
        };
        Ok(vec![KnownBuild { facts: Arc::clone(&self.0), document: Arc::new(document()), record }])
    }
}

#[test]
fn what_a_provider_remembers_beside_a_document_counts() {
    let facts = ModuleFacts::from_document(&document(), ModuleState::Garbage, &BTreeSet::new()).expect("facts");
    let provider = Documents(Arc::new(facts));
    let source = DocumentReuse::new(&provider, [parse("platform")]);
    let found = block_on(source.find(&parse("testmodule:master:7:c0ffee00"))).expect("answer").expect("known");
    assert_eq!((found.state, found.strategy), (ModuleState::Garbage, RebuildStrategy::OnlyChanged));
    assert_eq!((found.completed, found.has_scmurl), (Some(DateTime::UNIX_EPOCH), true));
}

#[test]
fn a_store_offers_what_is_ready() {
    let store = MemoryStore::new();
    let new = new_build(&[part("a", 0)], RebuildStrategy::default());
    let created = block_on(store.create(std::slice::from_ref(&new), DateTime::UNIX_EPOCH)).expect("created");
    let source = StoreReuse::new(&store);
    let all = block_on(source.candidates(&new.nsvc.name, &new.nsvc.stream)).expect("answer");
    assert!(all.is_empty(), "it is not ready");
    let found = block_on(source.find(&new.nsvc)).expect("answer").expect("known");
    assert_eq!((found.build, found.state), (Some(created[0].header.id), ModuleState::Init));
    let component = &found.components["a"];
    assert_eq!(component.facts.commit, new.request.sources[1].as_ref().expect("source").commit);
    assert_eq!(component.taken.built, None, "nothing was built");
    assert!(block_on(source.find(&parse("testmodule:master:99:c"))).expect("answer").is_none());
}
