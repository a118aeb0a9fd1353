//! Which base modules a document can be built on, and which older ones its dependencies may have been built on.

use super::error::ExpandError;
use super::facts::ModuleFacts;
use super::input::Block;
use super::options::ExpandOptions;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::identity::Padding;
use crate::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The base modules that an expansion looks at.
#[derive(Debug, Default)]
pub(crate) struct Bases {
    /// What the document can be built on.
    pub(crate) usable: Vec<Arc<ModuleFacts>>,
    /// Retired ones, on which dependencies may have been built.
    pub(super) retired: Vec<Arc<ModuleFacts>>,
    /// Streams that were asked for and have no ready build, as `name:stream`.
    pub(super) missing: Vec<String>,
}

/// Collects the base modules of all blocks, with those that share a virtual stream.
pub(crate) fn collect_bases(
    universe: &Universe,
    blocks: &[Block],
    options: &ExpandOptions,
) -> Result<Bases, ExpandError> {
    let mut bases = Bases::default();
    let mut seen: BTreeSet<(ModuleName, String)> = BTreeSet::new();
    for block in blocks {
        let Some((name, streams)) =
            options.base_modules.iter().find_map(|name| block.buildrequires.get_key_value(name))
        else {
            continue;
        };
        let mut ordered: Vec<&String> = streams.iter().collect();
        ordered.sort_by_key(|stream| std::cmp::Reverse(options.number(stream, Padding::Right)));
        for stream in ordered {
            if seen.contains(&(name.clone(), stream.clone())) {
                continue;
            }
            let Some(base) = newest_ready(universe, name, stream, options) else {
                bases.missing.push(format!("{name}:{stream}"));
                continue;
            };
            seen.insert((name.clone(), stream.clone()));
            bases.usable.push(Arc::clone(base));
            join_compatible(universe, base, options, &mut seen, &mut bases)?;
        }
    }
    bases.missing.sort();
    bases.missing.dedup();
    Ok(bases)
}

/// The first context of the newest version that has a ready build. The context itself need not be the ready one.
fn newest_ready<'u>(
    universe: &'u Universe,
    name: &ModuleName,
    stream: &str,
    options: &ExpandOptions,
) -> Option<&'u Arc<ModuleFacts>> {
    let builds = universe.stream(name.as_str(), stream);
    let ready = builds.iter().find(|build| build.state == ModuleState::Ready)?;
    if options.ready_only {
        return Some(ready);
    }
    builds.iter().find(|build| build.nsvc.version == ready.nsvc.version)
}

/// Adds the base modules that share a virtual stream with this one.
fn join_compatible(
    universe: &Universe,
    base: &ModuleFacts,
    options: &ExpandOptions,
    seen: &mut BTreeSet<(ModuleName, String)>,
    bases: &mut Bases,
) -> Result<(), ExpandError> {
    if base.virtual_streams.is_empty() {
        return Ok(());
    }
    let Nsvc { name, stream, .. } = &base.nsvc;
    let own = options.number(stream.as_str(), Padding::Right).value();
    if options.only_compatible_bases && !options.number(stream.as_str(), Padding::None).is_xyz_like() {
        return Err(ExpandError::StreamNotXyz { base: base.nsvc.clone() });
    }
    let oldest = (own / 10_000.0).floor() * 10_000.0;
    let fits = |build: &ModuleFacts| {
        let number = options.number(build.nsvc.stream.as_str(), Padding::Right).value();
        let in_range = !options.only_compatible_bases || (oldest..=own).contains(&number);
        in_range && !build.virtual_streams.is_disjoint(&base.virtual_streams)
    };
    let with_retired = !options.only_compatible_bases && !options.ready_only;
    let states = if with_retired { &[ModuleState::Ready, ModuleState::Garbage][..] } else { &[ModuleState::Ready] };
    for state in states {
        for build in universe.builds(name.as_str()) {
            // The list has the newest build of each stream first, so the first one that fits is the one.
            let key = || (name.clone(), build.nsvc.stream.to_string());
            if build.state == *state && !seen.contains(&key()) && fits(build) {
                seen.insert(key());
                let list = if *state == ModuleState::Ready { &mut bases.usable } else { &mut bases.retired };
                list.push(Arc::clone(build));
            }
        }
    }
    Ok(())
}

/// All base modules, in groups of one major number, each with the newest stream first.
///
/// Of each group only the first base module counts on which there is a build of a wanted stream.
pub(super) fn by_major(bases: &Bases, options: &ExpandOptions) -> Vec<Vec<Nsvc>> {
    let mut groups: BTreeMap<i64, Vec<(i64, &Nsvc)>> = BTreeMap::new();
    for base in bases.usable.iter().chain(&bases.retired) {
        #[expect(clippy::cast_possible_truncation, reason = "the fraction of a suffix does not count here")]
        let number = options.number(base.nsvc.stream.as_str(), Padding::Right).value() as i64;
        groups.entry(number.div_euclid(10_000)).or_default().push((number, &base.nsvc));
    }
    let mut sorted = Vec::new();
    for (_, mut group) in groups.into_iter().rev() {
        group.sort_by(|one, other| other.cmp(one));
        sorted.push(group.into_iter().map(|(_, nsvc)| nsvc.clone()).collect());
    }
    sorted
}
