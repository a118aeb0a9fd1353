//! All builds that could take part, found by following what each needs at run time.

use super::bases::{Bases, by_major};
use super::error::Missing;
use super::facts::ModuleFacts;
use super::input::Block;
use super::options::ExpandOptions;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Candidates {
    /// The builds, base modules included, each once.
    pub(super) builds: Vec<Arc<ModuleFacts>>,
    /// Streams that are needed and have no build.
    pub(super) missing: Vec<Missing>,
    /// Modules that the universe does not know yet; here they have no builds.
    pub(super) unknown: BTreeSet<ModuleName>,
}

/// Collects the builds of all streams that are build-required, and of what these require, each stream once.
pub(super) fn collect(universe: &Universe, blocks: &[Block], bases: &Bases, options: &ExpandOptions) -> Candidates {
    let mut found = Candidates::default();
    let groups = by_major(bases, options);
    // Each stream with the build that needed it first; none for the document itself.
    let mut reached: BTreeMap<(ModuleName, String), Option<Nsvc>> = BTreeMap::new();
    let mut queue: VecDeque<(ModuleName, String)> = VecDeque::new();
    let mut reach = |name: &ModuleName, stream: &str, by: Option<&Nsvc>, queue: &mut VecDeque<_>| {
        let key = (name.clone(), stream.to_owned());
        if !options.is_base(name.as_str()) && !reached.contains_key(&key) {
            reached.insert(key.clone(), by.cloned());
            queue.push_back(key);
        }
    };
    let mut follow = |builds: &[Arc<ModuleFacts>], queue: &mut VecDeque<_>| {
        for build in builds {
            for (name, set) in build.requires.iter().flatten() {
                for stream in &set.0 {
                    reach(name, stream, Some(&build.nsvc), queue);
                }
            }
        }
    };
    for (name, streams) in blocks.iter().flat_map(|block| &block.buildrequires) {
        let key = |stream: &String| (name.clone(), stream.clone());
        queue.extend(streams.iter().map(key).filter(|_| !options.is_base(name.as_str())));
    }
    let direct: BTreeSet<(ModuleName, String)> = queue.drain(..).collect();
    queue.extend(direct.iter().cloned());
    found.builds.extend(bases.usable.iter().cloned());
    follow(&bases.usable, &mut queue);
    let mut visited = BTreeSet::new();
    let mut without = Vec::new();
    while let Some(key) = queue.pop_front() {
        if !visited.insert(key.clone()) {
            continue;
        }
        let (name, stream) = &key;
        if !universe.knows(name.as_str()) {
            found.unknown.insert(name.clone());
        }
        let builds = newest_on(universe, name, stream, &groups);
        if builds.is_empty() {
            without.push(key);
            continue;
        }
        follow(&builds, &mut queue);
        found.builds.extend(builds);
    }
    without.sort();
    for key in without {
        let chain = if direct.contains(&key) { Vec::new() } else { chain_to(&key, &reached, &direct) };
        let (name, stream) = key;
        let known = universe.stream(name.as_str(), &stream).iter().map(|build| (build.nsvc.clone(), build.state));
        found.missing.push(Missing { known: known.collect(), name, stream, chain });
    }
    found
}

/// Who needs a stream, from what the document names down.
fn chain_to(
    key: &(ModuleName, String),
    reached: &BTreeMap<(ModuleName, String), Option<Nsvc>>,
    direct: &BTreeSet<(ModuleName, String)>,
) -> Vec<Nsvc> {
    let mut chain = Vec::new();
    let mut at = key.clone();
    while let Some(Some(by)) = reached.get(&at) {
        at = (by.name.clone(), by.stream.to_string());
        chain.push(by.clone());
        if direct.contains(&at) || chain.len() > reached.len() {
            break;
        }
    }
    chain.reverse();
    chain
}

/// For each major number the newest version, in all contexts, that was built on its newest base module with any.
fn newest_on(universe: &Universe, name: &ModuleName, stream: &str, groups: &[Vec<Nsvc>]) -> Vec<Arc<ModuleFacts>> {
    let builds: Vec<_> =
        universe.stream(name.as_str(), stream).iter().filter(|build| build.state == ModuleState::Ready).collect();
    let mut found: Vec<Arc<ModuleFacts>> = Vec::new();
    for group in groups {
        for base in group {
            let on = |build: &&&Arc<ModuleFacts>| build.built_on.contains(base);
            let Some(newest) = builds.iter().find(on) else { continue };
            let same = builds.iter().filter(|build| build.nsvc.version == newest.nsvc.version).filter(on);
            for build in same {
                if !found.iter().any(|known| known.nsvc == build.nsvc) {
                    found.push(Arc::clone(build));
                }
            }
            break;
        }
    }
    found
}
