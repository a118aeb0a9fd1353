//! Small random universes of module builds, with a document to expand over each.

use fastrand::Rng;
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Dependency, ModuleStream, StreamSet};
use mbs_core::resolve::{ExpandOptions, ModuleFacts};
use mbs_core::{ModuleName, Nsvc};
use std::collections::BTreeMap;

/// A universe and a document.
#[derive(Debug, Clone)]
pub struct Case {
    /// All builds.
    pub builds: Vec<ModuleFacts>,
    /// The document.
    pub document: ModuleStream,
    /// How it is expanded.
    pub options: ExpandOptions,
}

/// The case of a seed.
pub fn random_case(seed: u64) -> Case {
    let mut random = Rng::with_seed(seed);
    let numbered = random.bool();
    let all: &[&str] = if numbered { &["el8.0.0", "el8.1.0", "el8.2.0"] } else { &["f28", "f29", "eln"] };
    let mut builds = Vec::new();
    let count = random.usize(1..=all.len());
    for stream in random.choose_multiple(all.iter(), count) {
        let mut base = facts(&format!("platform:{stream}:1:00000000"));
        if numbered || random.u8(..4) == 0 {
            base.virtual_streams.insert(if numbered { "el8" } else { "fedora" }.to_owned());
        }
        base.state = state(&mut random);
        builds.push(base);
    }
    let bases = builds.clone();
    let names = ["a", "b", "c", "d"];
    let names = &names[..random.usize(2..=4)];
    for (index, name) in names.iter().enumerate() {
        for stream in 1..=random.u8(1..=2) {
            for _ in 0..random.u8(1..=2) {
                let base = &bases[random.usize(..bases.len())];
                let (version, context) = (random.u8(1..=12), random.u32(..));
                let mut build = facts(&format!("{name}:{stream}:{version}:{context:08x}"));
                build.state = state(&mut random);
                build.built_on.push(base.nsvc.clone());
                build.buildrequires.insert(base.nsvc.name.clone(), base.nsvc.stream.clone());
                for _ in 0..if random.u8(..8) == 0 { 2 } else { 1 } {
                    build.requires.push(requires(&mut random, &names[index + 1..], base));
                }
                builds.push(build);
            }
        }
    }
    let streams: Vec<&str> = bases.iter().map(|base| base.nsvc.stream.as_str()).collect();
    let blocks = (0..random.usize(1..=2)).map(|_| block(&mut random, names, &streams)).collect();
    let document = ModuleStream { dependencies: blocks, ..ModuleStream::default() };
    let only_compatible_bases = numbered && random.bool();
    Case { builds, document, options: ExpandOptions { only_compatible_bases, ..ExpandOptions::default() } }
}

fn state(random: &mut Rng) -> ModuleState {
    match random.u8(..20) {
        0 => ModuleState::Garbage,
        1 => ModuleState::Failed,
        _ => ModuleState::Ready,
    }
}

fn facts(nsvc: &str) -> ModuleFacts {
    let nsvc: Nsvc = nsvc.parse().expect("the identity is valid");
    ModuleFacts { commit: Some("c0ffee".to_owned()), ..ModuleFacts::new(nsvc, ModuleState::Ready) }
}

/// No stream, one, or both of two.
fn some_streams(random: &mut Rng) -> StreamSet {
    let text: &[&str] = match random.u8(..6) {
        0 => &[],
        1 | 2 => &["1"],
        3 | 4 => &["2"],
        _ => &["1", "2"],
    };
    StreamSet(text.iter().map(|stream| (*stream).to_owned()).collect())
}

fn requires(random: &mut Rng, names: &[&str], base: &ModuleFacts) -> BTreeMap<ModuleName, StreamSet> {
    let mut found = BTreeMap::new();
    let own = base.virtual_streams.first().map_or(base.nsvc.stream.as_str(), String::as_str);
    match random.u8(..10) {
        0 => {}
        1 => {
            found.insert(base.nsvc.name.clone(), StreamSet::default());
        }
        2 => {
            found.insert(base.nsvc.name.clone(), StreamSet::one(base.nsvc.stream.as_str()));
        }
        _ => {
            found.insert(base.nsvc.name.clone(), StreamSet::one(own));
        }
    }
    for name in names {
        if random.u8(..5) < 2 {
            found.insert(ModuleName::new(name).expect("the name is valid"), some_streams(random));
        }
    }
    found
}

fn block(random: &mut Rng, names: &[&str], bases: &[&str]) -> Dependency {
    let mut block = Dependency::default();
    let platform =
        if random.bool() { StreamSet::default() } else { StreamSet::one(bases[random.usize(..bases.len())]) };
    if random.u8(..12) > 0 {
        block.buildrequires.insert("platform".to_owned(), platform);
    }
    for name in names {
        if random.bool() {
            block.buildrequires.insert((*name).to_owned(), some_streams(random));
        }
    }
    block
}
