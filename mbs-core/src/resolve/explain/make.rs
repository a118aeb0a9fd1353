//! From an expansion and what it looked at to the explanation.

use super::decide::Decider;
use super::failure::{failure, nothing_made};
use super::outside::Outside;
use super::reason::LeftReason;
use super::types::{BuildNote, Explanation, LeftNote, ModuleNote, PickNote, ResultNote, WarningNote};
use crate::modulemd::{ModuleStream, StreamSet};
use crate::resolve::bases::collect_bases;
use crate::resolve::candidates::{Candidates, collect};
use crate::resolve::error::{ExpandError, Unusable};
use crate::resolve::expansion::{Expanded, Expansion, Pick};
use crate::resolve::facts::ModuleFacts;
use crate::resolve::input::{Block, read_blocks};
use crate::resolve::options::ExpandOptions;
use crate::resolve::pool::Pool;
use crate::resolve::universe::Universe;
use crate::{ModuleName, Nsvc};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Explains what [`super::super::expand`] answered for the same universe, document and options.
///
/// Every build of every module that was looked at appears, with the results that take it and the reason for which the
/// others do not; where these are more than two million reasons, those for the first 64 results. This repeats the search for candidates, and costs about as much as the expansion itself.
pub fn explain(
    universe: &Universe,
    document: &ModuleStream,
    options: &ExpandOptions,
    outcome: &Result<Expansion, ExpandError>,
) -> Explanation {
    let blocks = read_blocks(universe, document, options).unwrap_or_default();
    let bases = collect_bases(universe, &blocks, options).unwrap_or_default();
    let candidates =
        if bases.usable.is_empty() { Candidates::default() } else { collect(universe, &blocks, &bases, options) };
    let names = names(document, &candidates, options);
    let pool = Pool::new(candidates.builds.clone(), options).unwrap_or_default();
    let outside = Outside { universe, document, options, bases: &bases, candidates: &candidates };
    let results = outcome.as_ref().map_or(&[][..], |found| &found.results);
    let modules = note_modules(&names, &pool, &blocks, &outside, results, outcome.as_ref().err());
    let (warnings, failure) = match outcome {
        Ok(found) => {
            let note = |one: &super::super::ExpandWarning| WarningNote {
                code: Cow::Borrowed(one.code()),
                text: one.to_string(),
            };
            let nothing = found.results.is_empty().then(|| nothing_made(found));
            (found.warnings.iter().map(note).collect(), nothing)
        }
        Err(error) => (Vec::new(), Some(failure(error))),
    };
    let part = |text: &Option<String>| text.clone().unwrap_or_else(|| "?".to_owned());
    Explanation {
        form: 1,
        document: format!("{}:{}", part(&document.name), part(&document.stream)),
        results: results.iter().map(note_result).collect(),
        modules,
        warnings,
        failure,
    }
}

/// The modules that were looked at.
fn names(document: &ModuleStream, candidates: &Candidates, options: &ExpandOptions) -> BTreeSet<ModuleName> {
    let mut names: BTreeSet<ModuleName> = options.base_modules.iter().cloned().collect();
    let named = document.dependencies.iter().flat_map(|block| block.buildrequires.keys());
    names.extend(named.filter_map(|name| ModuleName::new(name).ok()));
    names.extend(candidates.wanted.iter().map(|(name, _)| name.clone()));
    names
}

fn note_modules(
    names: &BTreeSet<ModuleName>,
    pool: &Pool,
    blocks: &[Block],
    outside: &Outside<'_>,
    results: &[Expanded],
    error: Option<&ExpandError>,
) -> Vec<ModuleNote> {
    let mut decider = Decider::new(pool, blocks, results, outside.options);
    let in_pool: BTreeMap<&Nsvc, usize> =
        pool.items.iter().enumerate().map(|(item, candidate)| (&candidate.facts.nsvc, item)).collect();
    let mut all = Vec::new();
    for name in names {
        let mut builds = Vec::new();
        for facts in outside.universe.builds(name.as_str()) {
            let everywhere = || (0..results.len()).collect::<Vec<_>>();
            let item = in_pool.get(&facts.nsvc);
            let (taken, left) = match (item, error.and_then(|error| refused(error, facts))) {
                (_, Some(reason)) => (Vec::new(), vec![(reason, everywhere())]),
                (Some(item), None) if results.is_empty() => {
                    (Vec::new(), vec![(decider.without_results(*item), Vec::new())])
                }
                (Some(item), None) => decider.decide(*item),
                (None, None) => (Vec::new(), vec![(outside.reason(facts), everywhere())]),
            };
            let note = |(reason, results): (LeftReason, Vec<usize>)| LeftNote {
                code: Cow::Borrowed(reason.code()),
                text: reason.to_string(),
                reason,
                results,
            };
            let left = left.into_iter().map(note).collect();
            builds.push(BuildNote { build: facts.nsvc.clone(), state: facts.state, taken, left });
        }
        all.push(ModuleNote { name: name.clone(), builds });
    }
    all
}

/// What the error says of a build itself.
fn refused(error: &ExpandError, facts: &ModuleFacts) -> Option<LeftReason> {
    let ExpandError::Unusable(list) = error else { return None };
    list.iter().find_map(|one| match one {
        Unusable::SiblingUnfinished { build, sibling, state } if *build == facts.nsvc => {
            Some(LeftReason::SiblingUnfinished { sibling: sibling.clone(), state: *state })
        }
        Unusable::NoCommit(build) if *build == facts.nsvc => Some(LeftReason::NoCommit),
        Unusable::NotExpanded(build) if *build == facts.nsvc => Some(LeftReason::NotExpanded),
        _ => None,
    })
}

fn note_result(result: &Expanded) -> ResultNote {
    let required_by = chains(&result.picks);
    let note = |pick: &Pick| {
        let needed = |other: &&Pick| other.facts.nsvc != pick.facts.nsvc && requires(&pick.facts, &other.facts.nsvc);
        PickNote {
            build: pick.facts.nsvc.clone(),
            direct: pick.direct,
            required_by: required_by.get(&pick.facts.nsvc).cloned().unwrap_or_default(),
            requires: result.picks.iter().filter(needed).map(|other| other.facts.nsvc.clone()).collect(),
        }
    };
    ResultNote {
        block: result.block + 1,
        context: result.context.clone(),
        picks: result.picks.iter().map(note).collect(),
    }
}

/// Whether a build names another one in one of its blocks; base modules also by virtual streams, so by name alone.
pub(super) fn requires(facts: &ModuleFacts, other: &Nsvc) -> bool {
    let stream = other.stream.as_str();
    let named = |set: &StreamSet| {
        set.0.is_empty()
            || set.0.contains(stream)
            || !facts.built_on.is_empty() && facts.built_on.iter().any(|base| base.name == other.name)
    };
    facts.requires.iter().any(|block| block.get(&other.name).is_some_and(named))
}

/// For each pick that the document does not build-require, a shortest way to it.
fn chains(picks: &[Pick]) -> BTreeMap<Nsvc, Vec<Nsvc>> {
    let mut chains: BTreeMap<Nsvc, Vec<Nsvc>> = BTreeMap::new();
    let mut queue: VecDeque<&Pick> = picks.iter().filter(|pick| pick.direct).collect();
    chains.extend(queue.iter().map(|pick| (pick.facts.nsvc.clone(), Vec::new())));
    while let Some(pick) = queue.pop_front() {
        let mut chain = chains.get(&pick.facts.nsvc).cloned().unwrap_or_default();
        chain.push(pick.facts.nsvc.clone());
        for other in picks {
            if !chains.contains_key(&other.facts.nsvc) && requires(&pick.facts, &other.facts.nsvc) {
                chains.insert(other.facts.nsvc.clone(), chain.clone());
                queue.push_back(other);
            }
        }
    }
    chains
}
