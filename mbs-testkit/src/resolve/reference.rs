//! Every set of builds is tried, and the valid ones are kept.

use mbs_core::build::ModuleState;
use mbs_core::identity::{Padding, StreamVersion};
use mbs_core::modulemd::StreamSet;
use mbs_core::resolve::{ExpandOptions, ModuleFacts};
use mbs_core::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};

/// Which streams of what is build-required go together: the number of the block, and `name:stream` of each.
pub type Choice = (usize, BTreeSet<String>);

/// What one block build-requires: module and streams, all of them named.
type Needs = BTreeMap<ModuleName, BTreeSet<String>>;

/// Whether every build in a set has what it requires in it, and no module is there twice.
pub fn is_closed(set: &[&ModuleFacts], options: &ExpandOptions) -> bool {
    let names: BTreeSet<&ModuleName> = set.iter().map(|build| &build.nsvc.name).collect();
    names.len() == set.len() && set.iter().all(|build| has_requires(build, set, options))
}

fn has_requires(build: &ModuleFacts, set: &[&ModuleFacts], options: &ExpandOptions) -> bool {
    let blocks: Vec<_> = build.requires.iter().filter(|block| !block.is_empty()).collect();
    let met = |(name, streams): (&ModuleName, &StreamSet)| {
        set.iter().any(|other| other.nsvc.name == *name && answers(other, streams, Some(build), options))
    };
    blocks.is_empty() || blocks.iter().any(|block| block.iter().all(met))
}

/// Whether a build answers to one of the streams; `for_build` is who asks, none for the document.
fn answers(build: &ModuleFacts, streams: &StreamSet, for_build: Option<&ModuleFacts>, options: &ExpandOptions) -> bool {
    let number = |stream: &str| StreamVersion::of(stream, Padding::None);
    let answers = |wanted: &String| {
        let own = build.nsvc.stream.as_str();
        if !options.base_modules.contains(&build.nsvc.name) {
            return own == wanted;
        }
        let noted = for_build.and_then(|asker| asker.buildrequires.get(&build.nsvc.name));
        let asked = number(noted.map_or(wanted.as_str(), |stream| stream.as_str()));
        let new_enough = match for_build {
            Some(_) => number(own) >= asked,
            None => number(own) == asked,
        };
        (own == wanted || build.virtual_streams.contains(wanted)) && (new_enough || !asked.is_xyz_like())
    };
    streams.0.is_empty() || streams.0.iter().any(answers)
}

/// All choices that the blocks of a document allow over these builds; none if the document is refused.
///
/// `needs` are the blocks with their lists expanded. Modules that nobody requires are in no set.
pub fn reference(builds: &[ModuleFacts], needs: &[Needs], options: &ExpandOptions) -> Option<BTreeSet<Choice>> {
    let (usable, retired) = bases(builds, needs, options);
    if usable.is_empty() {
        return None;
    }
    let candidates = candidates(builds, needs, &usable, &retired)?;
    let mut by_name: BTreeMap<&ModuleName, Vec<&ModuleFacts>> = BTreeMap::new();
    for build in candidates {
        by_name.entry(&build.nsvc.name).or_default().push(build);
    }
    let lists: Vec<&Vec<&ModuleFacts>> = by_name.values().collect();
    let mut closed: Vec<Vec<&ModuleFacts>> = Vec::new();
    let sets = lists.iter().map(|list| list.len() + 1).product();
    for mut number in 0..sets {
        let mut set = Vec::new();
        for list in &lists {
            let at: usize = number % (list.len() + 1);
            number /= list.len() + 1;
            set.extend(at.checked_sub(1).map(|at| list[at]));
        }
        if is_closed(&set, options) {
            closed.push(set);
        }
    }
    let mut found = BTreeSet::new();
    for (index, block) in needs.iter().enumerate() {
        if block.is_empty() {
            return Some(BTreeSet::from([(index, BTreeSet::new())]));
        }
        let allowed = |name: &ModuleName, streams: &BTreeSet<String>, build: &&ModuleFacts| {
            build.nsvc.name == *name && answers(build, &StreamSet(streams.clone()), None, options)
        };
        let nothing = |(name, streams): (&ModuleName, &BTreeSet<String>)| {
            !by_name.get(name).is_some_and(|list| list.iter().any(|build| allowed(name, streams, build)))
        };
        if block.iter().any(nothing) {
            continue;
        }
        let before = found.len();
        for set in &closed {
            let picks: Option<BTreeSet<String>> = block
                .iter()
                .map(|(name, streams)| {
                    let pick = set.iter().find(|build| allowed(name, streams, build))?;
                    Some(format!("{}:{}", pick.nsvc.name, pick.nsvc.stream))
                })
                .collect();
            found.extend(picks.map(|picks| (index, picks)));
        }
        if found.len() == before {
            return None;
        }
    }
    Some(found)
}

fn newest<'b>(builds: impl Iterator<Item = &'b ModuleFacts>) -> Option<&'b ModuleFacts> {
    builds.max_by_key(|build| (build.nsvc.version, std::cmp::Reverse(build.nsvc.context.clone())))
}

/// Base modules to build on, and retired ones that others were built on.
fn bases(builds: &[ModuleFacts], needs: &[Needs], options: &ExpandOptions) -> (Vec<Nsvc>, Vec<Nsvc>) {
    let mut found: [Vec<&ModuleFacts>; 2] = [Vec::new(), Vec::new()];
    let padded = |build: &ModuleFacts| StreamVersion::of(build.nsvc.stream.as_str(), Padding::Right).value();
    for base in &options.base_modules {
        for stream in needs.iter().filter_map(|block| block.get(base)).flatten() {
            let of = |state| {
                newest(builds.iter().filter(move |build| {
                    build.nsvc.name == *base && build.nsvc.stream.as_str() == stream && build.state == state
                }))
            };
            let Some(asked) = of(ModuleState::Ready) else { continue };
            found[0].push(asked);
            for build in builds.iter().filter(|build| build.nsvc.name == *base) {
                let shared = !build.virtual_streams.is_disjoint(&asked.virtual_streams);
                let (own, other) = (padded(asked), padded(build));
                let compatible = other <= own && (other / 10_000.0).floor() >= (own / 10_000.0).floor();
                match build.state {
                    ModuleState::Ready if shared && (compatible || !options.only_compatible_bases) => {
                        found[0].push(build);
                    }
                    ModuleState::Garbage if shared && !options.only_compatible_bases => found[1].push(build),
                    _ => {}
                }
            }
        }
    }
    found
        .map(|list| list.into_iter().map(|build| build.nsvc.clone()).collect::<BTreeSet<_>>().into_iter().collect())
        .into()
}

/// All builds that count; none if a needed stream has none.
fn candidates<'b>(
    builds: &'b [ModuleFacts],
    needs: &[Needs],
    usable: &[Nsvc],
    retired: &[Nsvc],
) -> Option<Vec<&'b ModuleFacts>> {
    let mut found: Vec<&ModuleFacts> = builds.iter().filter(|build| usable.contains(&build.nsvc)).collect();
    let mut wanted: Vec<(ModuleName, String)> = Vec::new();
    for (name, streams) in needs.iter().flatten() {
        wanted.extend(streams.iter().map(|stream| (name.clone(), stream.clone())));
    }
    let major = |nsvc: &Nsvc| (StreamVersion::of(nsvc.stream.as_str(), Padding::Right).value() / 10_000.0).floor();
    let mut next = 0;
    while let Some((name, stream)) = wanted.get(next).cloned() {
        next += 1;
        if name.as_str() == "platform" {
            continue;
        }
        let of_stream = |build: &&ModuleFacts| {
            build.nsvc.name == name && build.nsvc.stream.as_str() == stream && build.state == ModuleState::Ready
        };
        let mut bases: Vec<&Nsvc> = usable.iter().chain(retired).collect();
        bases.sort_by_key(|base| std::cmp::Reverse(StreamVersion::of(base.stream.as_str(), Padding::Right)));
        let mut majors: Vec<f64> = Vec::new();
        let mut builds_of_stream = Vec::new();
        for base in bases {
            let on = || builds.iter().filter(of_stream).filter(|build| build.built_on.contains(base));
            let Some(newest) = newest(on()).filter(|_| !majors.contains(&major(base))) else { continue };
            majors.push(major(base));
            builds_of_stream.extend(on().filter(|build| build.nsvc.version == newest.nsvc.version));
        }
        if builds_of_stream.is_empty() {
            return None;
        }
        for build in builds_of_stream {
            for (name, streams) in build.requires.iter().flatten() {
                for stream in &streams.0 {
                    let key = (name.clone(), stream.clone());
                    if !wanted.contains(&key) {
                        wanted.push(key);
                    }
                }
            }
            if !found.contains(&build) {
                found.push(build);
            }
        }
    }
    Some(found)
}
