//! All builds that could take part, found by following what each needs at run time.

use super::bases::{Bases, by_major};
use super::error::{Missing, Unsettled};
use super::facts::ModuleFacts;
use super::input::Block;
use super::options::ExpandOptions;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::modulemd::StreamSet;
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
    /// Modules of which others require one of several streams, where somebody has to choose.
    pub(super) unsettled: Vec<Unsettled>,
    /// The streams that were looked for.
    pub(super) wanted: BTreeSet<(ModuleName, String)>,
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
                for stream in settled(name, set, options) {
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
    found.wanted = visited;
    if options.refuse_ambiguous {
        found.unsettled = unsettled(&found.builds, blocks, options, |build| chain_through(build, &reached, &direct));
    }
    without.sort();
    for key in without {
        let chain = if direct.contains(&key) { Vec::new() } else { chain_to(&key, &reached, &direct) };
        found.missing.push(missing(universe, key, chain, &groups));
    }
    found
}

/// What there is instead of a stream without usable builds.
fn missing(universe: &Universe, key: (ModuleName, String), chain: Vec<Nsvc>, groups: &[Vec<Nsvc>]) -> Missing {
    let (name, stream) = key;
    let builds = universe.stream(name.as_str(), &stream);
    let is_ready = |build: &&Arc<ModuleFacts>| build.state == ModuleState::Ready;
    let built_on: BTreeSet<&Nsvc> = builds.iter().filter(is_ready).flat_map(|build| &build.built_on).collect();
    let all = universe.builds(name.as_str());
    let mut streams: Vec<String> = all.iter().filter(is_ready).map(|build| build.nsvc.stream.to_string()).collect();
    streams.dedup();
    streams.retain(|other| *other != stream);
    Missing {
        known: builds.iter().map(|build| (build.nsvc.clone(), build.state)).collect(),
        built_on: built_on.into_iter().cloned().collect(),
        wanted: groups.iter().flatten().cloned().collect(),
        near: if all.is_empty() { universe.near(&name) } else { Vec::new() },
        name,
        stream,
        chain,
        streams,
    }
}

/// The streams that a build requires; of several the default one, if it is among them.
fn settled<'s>(name: &ModuleName, set: &'s StreamSet, options: &ExpandOptions) -> Vec<&'s String> {
    let default = options.default_streams.get(name).and_then(|stream| set.0.get(stream.as_str()));
    default.map_or_else(|| set.0.iter().collect(), |stream| vec![stream])
}

/// Modules of which a build requires one of several streams, neither a default stream nor the document deciding.
fn unsettled(
    builds: &[Arc<ModuleFacts>],
    blocks: &[Block],
    options: &ExpandOptions,
    chain: impl Fn(&Nsvc) -> Vec<Nsvc>,
) -> Vec<Unsettled> {
    let mut found: BTreeMap<&ModuleName, Unsettled> = BTreeMap::new();
    for build in builds {
        for (name, set) in build.requires.iter().flatten() {
            let streams = settled(name, set, options);
            let decided =
                options.is_base(name.as_str()) || blocks.iter().any(|block| block.buildrequires.contains_key(name));
            if streams.len() > 1 && !decided {
                let new = || Unsettled { name: name.clone(), streams: BTreeSet::new(), chain: chain(&build.nsvc) };
                found.entry(name).or_insert_with(new).streams.extend(streams.into_iter().cloned());
            }
        }
    }
    found.into_values().collect()
}

/// From what the document names down to a build, that included.
fn chain_through(
    build: &Nsvc,
    reached: &BTreeMap<(ModuleName, String), Option<Nsvc>>,
    direct: &BTreeSet<(ModuleName, String)>,
) -> Vec<Nsvc> {
    let key = (build.name.clone(), build.stream.to_string());
    let mut chain = if direct.contains(&key) { Vec::new() } else { chain_to(&key, reached, direct) };
    chain.push(build.clone());
    chain
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
