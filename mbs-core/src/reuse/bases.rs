//! The base modules that an earlier build may have been made on.

use crate::Nsvc;
use crate::build::BuildRequest;
use crate::identity::Padding;
use crate::modulemd::ModuleStream;
use crate::resolve::{Block, ExpandError, ExpandOptions, ModuleFacts, Universe, collect_bases};
use crate::{ModuleName, NameError, StreamName};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// A base module that an earlier build may have been made on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReuseBase {
    /// Its name.
    pub name: ModuleName,
    /// Its stream.
    pub stream: StreamName,
    /// If it has a tag that holds modules (`koji_tag_with_modules`): the builds in it. Then the tag decides what was
    /// built on it, and not the build context.
    pub tagged: Option<BTreeSet<Nsvc>>,
}

impl ReuseBase {
    /// A base module without a tag that holds modules.
    pub fn new(name: ModuleName, stream: StreamName) -> Self {
        Self { name, stream, tagged: None }
    }

    fn of(facts: &ModuleFacts) -> Self {
        Self::new(facts.nsvc.name.clone(), facts.nsvc.stream.clone())
    }
}

/// Why the base modules cannot be told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ReuseBaseError {
    /// With only compatible base modules, one with virtual streams has to be ordered.
    #[error("stream of base module `{0}` is not of the form x.y.z, so that older compatible ones cannot be told")]
    StreamNotXyz(Nsvc),
    /// A name of the document is not acceptable.
    #[error(transparent)]
    Name(#[from] NameError),
}

/// The base modules that an earlier build of the document may have been made on, the best first.
///
/// With [`ExpandOptions::only_compatible_bases`]: those that the document build-requires, in all its blocks (also those
/// that this build does not solve), and the ready ones of the same major number that share a virtual stream and are not
/// newer; by the number of their stream, the highest first. Without it: exactly those that the build is made on.
///
/// `document` is that of the build, `universe` knows the builds of all base modules.
///
/// # Errors
/// [`ReuseBaseError`]. Nothing can be reused then.
pub fn reuse_bases(
    request: &BuildRequest,
    document: &ModuleStream,
    universe: &Universe,
    options: &ExpandOptions,
) -> Result<Vec<ReuseBase>, ReuseBaseError> {
    let own = own_bases(request);
    if !options.only_compatible_bases {
        return Ok(own);
    }
    // As written: the lists of blocks that were not solved are not expanded.
    let mut blocks = Vec::new();
    for block in &document.dependencies {
        let mut buildrequires = BTreeMap::new();
        for (name, set) in block.buildrequires.iter().filter(|(name, _)| options.is_base(name)) {
            buildrequires.insert(ModuleName::new(name)?, set.0.clone());
        }
        blocks.push(Block { buildrequires, repeats: false });
    }
    let found = match collect_bases(universe, &blocks, options) {
        Ok(found) => found,
        Err(ExpandError::StreamNotXyz { base }) => return Err(ReuseBaseError::StreamNotXyz(base)),
        // Nothing else goes wrong where lists are taken as written.
        Err(_) => return Ok(own),
    };
    let mut bases: Vec<ReuseBase> = found.usable.iter().map(|facts| ReuseBase::of(facts)).collect();
    for base in own {
        // A base module that nobody knows as ready was assumed.
        if !bases.contains(&base) {
            bases.push(base);
        }
    }
    // Short numbers are not filled up here: `f30` comes after `f29.1.0`.
    bases.sort_by_key(|base| Reverse(options.number(base.stream.as_str(), Padding::None)));
    Ok(bases)
}

/// The base modules that the build is made on.
pub fn own_bases(request: &BuildRequest) -> Vec<ReuseBase> {
    let own = request.built_against.iter().filter(|one| one.base);
    own.map(|one| ReuseBase::new(one.nsvc.name.clone(), one.nsvc.stream.clone())).collect()
}
