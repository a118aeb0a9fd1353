//! Builds that a provider is made to know, in every form that providers read.

use crate::resolve::random_case;
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Dependency, ModuleStream, Value, ValueMap, write};
use mbs_core::resolve::{FactsSource, ModuleFacts};
use mbs_core::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};

/// A build that a provider is made to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// Its document.
    pub document: ModuleStream,
    /// Its state.
    pub state: ModuleState,
}

impl Sample {
    /// A build with these facts. They must be such as a document can say.
    ///
    /// # Panics
    /// If they are not.
    pub fn of(facts: &ModuleFacts) -> Self {
        let mut document = ModuleStream {
            name: Some(facts.nsvc.name.to_string()),
            stream: Some(facts.nsvc.stream.to_string()),
            version: facts.nsvc.version.0,
            context: Some(facts.nsvc.context.to_string()),
            summary: Some("A sample".to_owned()),
            description: Some("A build to try providers with".to_owned()),
            ..ModuleStream::default()
        };
        document.license.module.insert("MIT".to_owned());
        for block in &facts.requires {
            let requires = block.iter().map(|(name, set)| (name.to_string(), set.clone())).collect();
            document.dependencies.push(Dependency { requires, ..Dependency::default() });
        }
        if facts.source != FactsSource::Assumed {
            let mbs = notes(facts);
            document.xmd_mut().insert("mbs".to_owned(), mbs);
        }
        let sample = Self { document, state: facts.state };
        assert_eq!(sample.facts(), *facts, "a document cannot say these facts");
        sample
    }

    /// What resolution must learn of it.
    ///
    /// # Panics
    /// If the document cannot be one of a build.
    pub fn facts(&self) -> ModuleFacts {
        ModuleFacts::from_document(&self.document, self.state, &bases()).expect("the sample is a build")
    }

    /// Its identity.
    ///
    /// # Panics
    /// If the document cannot be one of a build.
    pub fn nsvc(&self) -> Nsvc {
        self.facts().nsvc
    }
}

fn bases() -> BTreeSet<ModuleName> {
    [ModuleName::new("platform").expect("the name is valid")].into()
}

fn map(entries: impl IntoIterator<Item = (&'static str, Value)>) -> Value {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// What a build system notes under `xmd.mbs`.
fn notes(facts: &ModuleFacts) -> Value {
    let mut entries: BTreeMap<String, Value> = BTreeMap::new();
    entries.insert("mse".to_owned(), Value::from(facts.mse));
    for (key, text) in [("commit", &facts.commit), ("koji_tag", &facts.koji_tag)] {
        entries.extend(text.as_deref().map(|text| (key.to_owned(), Value::from(text))));
    }
    if !facts.virtual_streams.is_empty() {
        let list = facts.virtual_streams.iter().map(|name| Value::from(name.as_str())).collect();
        entries.insert("virtual_streams".to_owned(), Value::List(list));
    }
    let mut buildrequires = ValueMap::new();
    for (name, stream) in &facts.buildrequires {
        let built_on = facts.built_on.iter().find(|base| base.name == *name);
        let exact = built_on.into_iter().flat_map(|base| {
            [("version", Value::from(base.version.to_string())), ("context", Value::from(base.context.as_str()))]
        });
        let entry = map([("stream", Value::from(stream.as_str()))].into_iter().chain(exact));
        buildrequires.insert(name.to_string(), entry);
    }
    entries.insert("buildrequires".to_owned(), Value::Map(buildrequires));
    Value::from(entries)
}

/// Builds with all that may matter: all states, builds with notes and without, several contexts and versions, virtual
/// streams, alternatives of requires, names that begin like others; and a random universe of the seed.
///
/// # Panics
/// Never: the identities in it are valid.
pub fn sample(seed: u64) -> Vec<Sample> {
    let facts = |nsvc: &str, state| ModuleFacts {
        commit: Some("c0ffee".to_owned()),
        ..ModuleFacts::new(nsvc.parse().expect("the identity is valid"), state)
    };
    let mut builds: BTreeMap<Nsvc, Sample> =
        random_case(seed).builds.iter().map(|facts| (facts.nsvc.clone(), Sample::of(facts))).collect();
    let mut add = |facts: ModuleFacts| {
        builds.insert(facts.nsvc.clone(), Sample::of(&facts));
    };
    let mut base = facts("platform:el8.9.0:3:00000000", ModuleState::Ready);
    base.virtual_streams = ["el8".to_owned(), "el8.9".to_owned()].into();
    for (index, state) in ModuleState::ALL.into_iter().enumerate() {
        let mut build = facts(&format!("states:1:{}:0000000{index}", u64::MAX), state);
        build.koji_tag = Some(format!("module-states-{index}"));
        build.buildrequires.insert(base.nsvc.name.clone(), base.nsvc.stream.clone());
        build.built_on.push(base.nsvc.clone());
        add(build);
    }
    let mut plain = facts("stated:2.10:7:static_context", ModuleState::Ready);
    plain.mse = false;
    plain.commit = None;
    add(plain);
    for (name, state) in [("assumed", ModuleState::Ready), ("assumed-not", ModuleState::Garbage)] {
        let mut build = facts(&format!("{name}:rolling:20180101:abcdef01"), state);
        build.source = FactsSource::Assumed;
        build.commit = None;
        for stream in ["el8", "-f28"] {
            let set = mbs_core::modulemd::StreamSet::one(stream);
            build.requires.push([(base.nsvc.name.clone(), set)].into());
        }
        add(build);
    }
    add(base);
    builds.into_values().collect()
}

/// A module index of these builds.
pub fn index_text(samples: &[Sample]) -> String {
    samples.iter().map(|sample| write(&sample.document)).collect()
}

/// A sidecar with the states of these builds, as far as they are not ready, each once.
pub fn sidecar_text(samples: &[Sample]) -> String {
    let states = samples.iter().filter(|sample| sample.state != ModuleState::Ready);
    let lines: BTreeSet<String> = states.map(|sample| format!("{}: {}", sample.nsvc(), sample.state)).collect();
    lines.into_iter().collect::<Vec<_>>().join("\n")
}

/// A build as the REST interface of a build service shows it in the verbose form, as far as providers look at it.
pub fn rest_item(sample: &Sample, id: u64) -> serde_json::Value {
    let facts = sample.facts();
    let nsvc = &facts.nsvc;
    serde_json::json!({
        "id": id, "name": nsvc.name.as_str(), "stream": nsvc.stream.as_str(), "version": nsvc.version.to_string(),
        "context": nsvc.context.as_str(), "state": sample.state.number(), "state_name": sample.state.name(),
        "scratch": false, "koji_tag": facts.koji_tag, "owner": "packager", "rebuild_strategy": "changed-and-after",
        "scmurl": null, "time_completed": "2024-05-01T12:00:00Z", "virtual_streams": facts.virtual_streams,
        "modulemd": write(&sample.document),
    })
}
