//! The dependency blocks of the document with their lists expanded.

use super::error::{ExpandError, Unsettled};
use super::options::ExpandOptions;
use super::streams::{expand_streams, needs_builds};
use super::universe::Universe;
use crate::modulemd::{Dependency, ModuleStream, StreamSet};
use crate::{ModuleName, NameError};
use std::collections::{BTreeMap, BTreeSet};

/// One dependency block.
#[derive(Debug)]
pub(crate) struct Block {
    /// What is needed to build: module to streams.
    pub(crate) buildrequires: BTreeMap<ModuleName, BTreeSet<String>>,
    /// Whether an earlier block, its lists expanded, is what this one says as written: that one makes the builds of both.
    pub(crate) repeats: bool,
}

/// A block with the lists of both sides expanded.
#[derive(Debug, Default, PartialEq, Eq)]
struct Expanded {
    buildrequires: BTreeMap<String, BTreeSet<String>>,
    requires: BTreeMap<String, BTreeSet<String>>,
}

impl Expanded {
    /// Whether a block says the same without being expanded.
    fn is(&self, block: &Dependency) -> bool {
        let same = |own: &BTreeMap<String, BTreeSet<String>>, other: &BTreeMap<String, StreamSet>| {
            own.len() == other.len()
                && own.iter().zip(other).all(|(own, other)| own.0 == other.0 && *own.1 == other.1.0)
        };
        same(&self.buildrequires, &block.buildrequires) && same(&self.requires, &block.requires)
    }
}

/// Names of modules whose builds have to be known before [`read_blocks`] works.
pub(super) fn names_of_lists(document: &ModuleStream, options: &ExpandOptions) -> BTreeSet<ModuleName> {
    let blocks = &document.dependencies;
    let lists = blocks.iter().flat_map(|block| &block.buildrequires);
    // Only whether blocks are equal depends on what is required at run time.
    let compared = blocks.iter().filter(|_| blocks.len() > 1).flat_map(|block| &block.requires);
    lists
        .chain(compared)
        .filter(|(name, set)| options.is_base(name) || needs_builds(name, set, options))
        .filter_map(|(name, _)| ModuleName::new(name).ok())
        .collect()
}

/// Expands the lists of all blocks.
pub(super) fn read_blocks(
    universe: &Universe,
    document: &ModuleStream,
    options: &ExpandOptions,
) -> Result<Vec<Block>, ExpandError> {
    let mut unsettled: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut blocks = Vec::new();
    let mut seen: Vec<Expanded> = Vec::new();
    for block in &document.dependencies {
        let mut expanded = Expanded::default();
        // The lists of `requires` stay as written; here they only have to be unambiguous where that is asked for.
        let requires = block.requires.iter().map(|one| (one, false));
        for ((name, set), build) in requires.chain(block.buildrequires.iter().map(|one| (one, true))) {
            let side = if build { &mut expanded.buildrequires } else { &mut expanded.requires };
            match expand_streams(universe, name, set, options) {
                Ok(streams) => {
                    side.insert(name.clone(), streams);
                }
                Err(found) => unsettled.entry(name.clone()).or_default().extend(found.streams),
            }
        }
        let names = expanded.buildrequires.iter();
        let buildrequires = names.map(|(name, streams)| Ok((ModuleName::new(name)?, streams.clone())));
        let buildrequires = buildrequires.collect::<Result<_, NameError>>()?;
        blocks.push(Block { buildrequires, repeats: seen.iter().any(|earlier| earlier.is(block)) });
        seen.push(expanded);
    }
    if unsettled.is_empty() {
        return Ok(blocks);
    }
    let named = unsettled
        .into_iter()
        .map(|(name, streams)| Ok(Unsettled { name: ModuleName::new(name)?, streams, chain: Vec::new() }));
    Err(ExpandError::Ambiguous(named.collect::<Result<_, NameError>>()?))
}
