//! The dependency blocks of the document with their lists expanded.

use super::error::{ExpandError, Unsettled};
use super::options::ExpandOptions;
use super::streams::{expand_streams, needs_builds};
use super::universe::Universe;
use crate::modulemd::ModuleStream;
use crate::{ModuleName, NameError};
use std::collections::{BTreeMap, BTreeSet};

/// One dependency block.
#[derive(Debug)]
pub(crate) struct Block {
    /// What is needed to build: module to streams.
    pub(crate) buildrequires: BTreeMap<ModuleName, BTreeSet<String>>,
}

/// Names of modules whose builds have to be known before [`read_blocks`] works.
pub(super) fn names_of_lists(document: &ModuleStream, options: &ExpandOptions) -> BTreeSet<ModuleName> {
    let lists = document.dependencies.iter().flat_map(|block| &block.buildrequires);
    lists
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
    for block in &document.dependencies {
        // The lists of `requires` stay as written; here they only have to be unambiguous where that is asked for.
        for (name, set) in block.requires.iter().filter(|_| options.refuse_ambiguous) {
            if let Err(found) = expand_streams(universe, name, set, options) {
                unsettled.entry(name.clone()).or_default().extend(found.streams);
            }
        }
        let mut buildrequires = BTreeMap::new();
        for (name, set) in &block.buildrequires {
            match expand_streams(universe, name, set, options) {
                Ok(streams) => {
                    buildrequires.insert(ModuleName::new(name)?, streams);
                }
                Err(found) => unsettled.entry(name.clone()).or_default().extend(found.streams),
            }
        }
        blocks.push(Block { buildrequires });
    }
    if unsettled.is_empty() {
        return Ok(blocks);
    }
    let named = unsettled
        .into_iter()
        .map(|(name, streams)| Ok(Unsettled { name: ModuleName::new(name)?, streams, chain: Vec::new() }));
    Err(ExpandError::Ambiguous(named.collect::<Result<_, NameError>>()?))
}
