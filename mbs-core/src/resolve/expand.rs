//! From a document and a universe to the builds to make.

use super::bases::{Bases, collect_bases};
use super::candidates::{Candidates, collect};
use super::combine::{Direct, combinations};
use super::conflict::{conflicts, smallest_unsolvable};
use super::document::generate;
use super::error::{ExpandError, UnsolvableBlock, Unusable};
use super::expansion::{ExpandWarning, Expanded, Expansion, Pick};
use super::facts::{FactsSource, ModuleFacts};
use super::input::{Block, names_of_lists, read_blocks};
use super::options::ExpandOptions;
use super::pool::{Item, Pool};
use super::search::Budget;
use super::universe::Universe;
use crate::build::ModuleState;
use crate::modulemd::ModuleStream;
use crate::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The modules whose builds have to be added to the universe before this document can be expanded over it.
///
/// Empty when nothing is missing; else ask again after adding them. A document that cannot be expanded anyway needs
/// nothing more: [`expand`] tells why.
pub fn missing_names(universe: &Universe, document: &ModuleStream, options: &ExpandOptions) -> BTreeSet<ModuleName> {
    let unknown = |names: BTreeSet<ModuleName>| -> BTreeSet<ModuleName> {
        names.into_iter().filter(|name| !universe.knows(name.as_str())).collect()
    };
    // What other builds are assumed to be built on depends on these.
    let bases = unknown(options.base_modules.iter().cloned().collect());
    if !bases.is_empty() {
        return bases;
    }
    let lists = unknown(names_of_lists(document, options));
    if !lists.is_empty() {
        return lists;
    }
    let Ok(blocks) = read_blocks(universe, document, options) else { return BTreeSet::new() };
    match collect_bases(universe, &blocks, options) {
        Ok(bases) if !bases.usable.is_empty() => collect(universe, &blocks, &bases, options).unknown,
        _ => BTreeSet::new(),
    }
}

/// Expands a document: every combination of streams that its dependency blocks allow becomes a build.
///
/// The result depends on nothing but the arguments, and not on the order of builds in the universe. Of builds with
/// the same streams the newest versions are taken, by the sum of how many newer ones of its stream each leaves
/// behind; see the module's text for contexts of one version. What is needed only at run time by others
/// is chosen by the smallest text of its identity among those that fit.
///
/// A document with a static context (`static_context`, or `xmd.mbs.static_context`) keeps its context; see
/// [`super::static_documents`].
///
/// # Errors
/// [`ExpandError`] with all that has to be changed. One block without a solution refuses the whole document.
pub fn expand(universe: &Universe, document: &ModuleStream, options: &ExpandOptions) -> Result<Expansion, ExpandError> {
    let blocks = read_blocks(universe, document, options)?;
    let bases = collect_bases(universe, &blocks, options)?;
    if bases.usable.is_empty() {
        return Err(ExpandError::NoBaseModule { names: options.base_modules.clone(), missing: bases.missing });
    }
    let Candidates { builds, missing, unsettled, .. } = collect(universe, &blocks, &bases, options);
    if !unsettled.is_empty() {
        return Err(ExpandError::Ambiguous(unsettled));
    }
    if !missing.is_empty() {
        return Err(ExpandError::Missing(missing));
    }
    let pool = Pool::new(builds, options)?;
    let mut warnings = BTreeSet::new();
    note_bases(&bases, &mut warnings);
    let (found, steps) = solve(&pool, &blocks, options, &mut warnings)?;
    check_usable(universe, &pool, &found)?;
    let mut results = Vec::with_capacity(found.len());
    for solved in &found {
        results.push(result(document, &pool, &blocks, solved, options, &mut warnings)?);
    }
    Ok(Expansion { results, warnings: warnings.into_iter().collect(), steps })
}

/// What is picked for a block.
struct Solved {
    block: usize,
    items: Vec<Item>,
}

fn note_bases(bases: &Bases, warnings: &mut BTreeSet<ExpandWarning>) {
    warnings.extend(bases.missing.iter().map(|base| ExpandWarning::NoSuchBase { base: base.clone() }));
}

/// Solves all blocks, or says of each that has no solution why.
fn solve(
    pool: &Pool,
    blocks: &[Block],
    options: &ExpandOptions,
    warnings: &mut BTreeSet<ExpandWarning>,
) -> Result<(Vec<Solved>, u64), ExpandError> {
    let mut budget = Budget { used: 0, limit: options.limit };
    let (mut found, mut unsolvable) = (Vec::new(), Vec::new());
    for (number, block) in blocks.iter().enumerate().filter(|(_, block)| !block.repeats) {
        if block.buildrequires.is_empty() {
            // The original answers with this block alone.
            warnings.extend((blocks.len() > 1).then_some(ExpandWarning::OnlyBlock { block: number + 1 }));
            found = vec![Solved { block: number, items: Vec::new() }];
            break;
        }
        let mut directs = Vec::new();
        for (name, streams) in &block.buildrequires {
            let allowed = pool.direct(name, streams, options);
            let (Some(known), false) = (pool.name(name.as_str()), allowed.is_empty()) else {
                warnings.insert(ExpandWarning::NothingToChoose { block: number + 1, module: name.clone() });
                continue;
            };
            directs.push(Direct { name: known, base: options.is_base(name.as_str()), allowed });
        }
        if directs.len() < block.buildrequires.len() {
            continue;
        }
        let solutions = combinations(pool, &directs, &mut budget).map_err(|_| ExpandError::TooMany {
            block: number + 1,
            steps: budget.used,
            limit: options.limit,
        })?;
        if solutions.is_empty() {
            unsolvable.push(explain_block(pool, number, &directs));
        }
        found.extend(solutions.into_values().map(|solution| Solved { block: number, items: solution.items }));
    }
    if unsolvable.is_empty() { Ok((found, budget.used)) } else { Err(ExpandError::Unsolvable(unsolvable)) }
}

fn explain_block(pool: &Pool, number: usize, directs: &[Direct]) -> UnsolvableBlock {
    let involved: Vec<&Direct> =
        smallest_unsolvable(pool, directs).into_iter().map(|position| &directs[position]).collect();
    let name = |direct: &&Direct| pool.items[direct.allowed[0]].facts.nsvc.name.clone();
    UnsolvableBlock {
        block: number + 1,
        modules: involved.iter().map(name).collect(),
        conflicts: conflicts(pool, &involved),
    }
}

/// Refuses builds that must not be dependencies.
fn check_usable(universe: &Universe, pool: &Pool, found: &[Solved]) -> Result<(), ExpandError> {
    let picked: BTreeSet<Item> = found.iter().flat_map(|solved| solved.items.iter().copied()).collect();
    let mut unusable = Vec::new();
    for facts in picked.into_iter().map(|item| &pool.items[item].facts) {
        if facts.source == FactsSource::Local {
            continue;
        }
        let nsvc = &facts.nsvc;
        if let Some(sibling) = universe.unfinished_sibling(nsvc) {
            let (build, sibling, state) = (nsvc.clone(), sibling.nsvc.clone(), sibling.state);
            unusable.push(Unusable::SiblingUnfinished { build, sibling, state });
        }
        if facts.commit.is_none() && facts.source == FactsSource::Stored {
            unusable.push(Unusable::NoCommit(nsvc.clone()));
        }
        if !facts.mse {
            unusable.push(Unusable::NotExpanded(nsvc.clone()));
        }
    }
    if unusable.is_empty() { Ok(()) } else { Err(ExpandError::Unusable(unusable)) }
}

/// Whether a build of a build system counts as built on a platform that only this machine knows.
fn is_adopted(facts: &ModuleFacts, picked: &BTreeMap<&ModuleName, &Arc<ModuleFacts>>) -> bool {
    let is_local = |base: &Nsvc| {
        picked.get(&base.name).is_some_and(|other| other.nsvc == *base && other.source == FactsSource::Local)
    };
    facts.source == FactsSource::Stored && facts.built_on.iter().any(is_local)
}

fn result(
    document: &ModuleStream,
    pool: &Pool,
    blocks: &[Block],
    solved: &Solved,
    options: &ExpandOptions,
    warnings: &mut BTreeSet<ExpandWarning>,
) -> Result<Expanded, ExpandError> {
    let direct = &blocks[solved.block].buildrequires;
    let picked: BTreeMap<&ModuleName, &Arc<ModuleFacts>> =
        solved.items.iter().map(|item| &pool.items[*item].facts).map(|facts| (&facts.nsvc.name, facts)).collect();
    for facts in picked.values() {
        let build = &facts.nsvc;
        if facts.state != ModuleState::Ready {
            warnings.insert(ExpandWarning::NotReady { build: build.clone(), state: facts.state });
        }
        if facts.is_assumed() || is_adopted(facts, &picked) {
            warnings.insert(ExpandWarning::Assumed { build: build.clone() });
        }
    }
    let picks = picked.into_iter().map(|(name, facts)| {
        let direct = direct.contains_key(name);
        Pick { facts: Arc::clone(facts), direct }
    });
    generate(document, solved.block, picks.collect(), options)
}
