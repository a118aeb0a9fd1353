//! Candidates: which results take them, and why the others do not.

use super::reason::LeftReason;
use crate::Nsvc;
use crate::resolve::combine::Direct;
use crate::resolve::conflict::{Conflict, EXPLAIN_STEPS, conflicts, smallest_unsolvable};
use crate::resolve::expansion::Expanded;
use crate::resolve::input::Block;
use crate::resolve::options::ExpandOptions;
use crate::resolve::pool::{Item, Pool};
use crate::resolve::search::{Budget, Picks};
use std::collections::{BTreeMap, BTreeSet};

/// How many candidates are followed to their conflicts; of further ones it is only said that there is one.
const MAX_SEARCHES: usize = 64;

/// What a result picked, as candidates.
#[derive(Debug)]
struct Picked {
    block: usize,
    /// By number of the module name.
    items: BTreeMap<usize, Item>,
}

/// Decides for one candidate after the other.
#[derive(Debug)]
pub(super) struct Decider<'a> {
    pool: &'a Pool,
    options: &'a ExpandOptions,
    /// What each block build-requires; none for a block in which something has nothing to choose from.
    directs: Vec<Option<Vec<Direct>>>,
    results: Vec<Picked>,
    /// The candidates that some result of a block takes, and their streams.
    taken: BTreeSet<(usize, Item)>,
    conflicts: BTreeMap<(usize, Item), Option<Conflict>>,
    /// The results that take each candidate.
    takers: BTreeMap<Item, Vec<usize>>,
    /// In how many results it is told why a candidate is left.
    told: usize,
}

/// How many reasons are told at most, all candidates and results together, and in how many results if it were more.
const MAX_REASONS: usize = 2_000_000;
const TOLD: usize = 64;

/// Reasons with the results that they hold for.
type Reasons = Vec<(LeftReason, Vec<usize>)>;

impl<'a> Decider<'a> {
    pub(super) fn new(pool: &'a Pool, blocks: &[Block], results: &[Expanded], options: &'a ExpandOptions) -> Self {
        let numbers: BTreeMap<&Nsvc, Item> =
            pool.items.iter().enumerate().map(|(item, candidate)| (&candidate.facts.nsvc, item)).collect();
        let picked = |result: &Expanded| {
            let items = result.picks.iter().filter_map(|pick| numbers.get(&pick.facts.nsvc).copied());
            Picked { block: result.block, items: items.map(|item| (pool.items[item].name, item)).collect() }
        };
        let results: Vec<Picked> = results.iter().map(picked).collect();
        let taken = results.iter().flat_map(|one| one.items.values().map(|item| (one.block, *item))).collect();
        let mut takers: BTreeMap<Item, Vec<usize>> = BTreeMap::new();
        for (place, one) in results.iter().enumerate() {
            for item in one.items.values() {
                takers.entry(*item).or_default().push(place);
            }
        }
        let all = results.len().saturating_mul(pool.items.len());
        let told = if all > MAX_REASONS { TOLD } else { usize::MAX };
        let direct = |(name, streams)| {
            let known = pool.name(crate::ModuleName::as_str(name))?;
            let allowed = pool.direct(name, streams, options);
            let base = options.is_base(name.as_str());
            (!allowed.is_empty()).then_some(Direct { name: known, base, allowed })
        };
        let directs = blocks.iter().map(|block| block.buildrequires.iter().map(direct).collect()).collect();
        Self { pool, options, directs, results, taken, conflicts: BTreeMap::new(), takers, told }
    }

    /// Which results take a candidate, and why the others do not.
    pub(super) fn decide(&mut self, item: Item) -> (Vec<usize>, Reasons) {
        let taken = self.takers.get(&item).cloned().unwrap_or_default();
        let mut left: BTreeMap<LeftReason, Vec<usize>> = BTreeMap::new();
        for place in 0..self.results.len().min(self.told) {
            if taken.binary_search(&place).is_err() {
                left.entry(self.reason(item, place)).or_default().push(place);
            }
        }
        (taken, left.into_iter().collect())
    }

    /// Why a candidate is not taken if there are no results at all.
    pub(super) fn without_results(&mut self, item: Item) -> LeftReason {
        let blocks = self.directs.len();
        (0..blocks).find_map(|block| self.conflict(block, item)).map_or(LeftReason::NoResult, in_conflict)
    }

    fn reason(&mut self, item: Item, place: usize) -> LeftReason {
        let pool = self.pool;
        let (own, block) = (&pool.items[item], self.results[place].block);
        let rival = self.results[place].items.get(&own.name).copied();
        if let Some(reason) = self.other_platform(item, place) {
            return reason;
        }
        let Some(rival) = rival else { return LeftReason::NotNeeded };
        let other = &pool.items[rival];
        let taken = other.facts.nsvc.clone();
        if own.facts.nsvc.stream == taken.stream {
            return if own.rank < other.rank {
                // The better one is not taken, so something stands against it.
                let found = self.conflict(block, item);
                found.map_or(LeftReason::Outranked { taken }, in_conflict)
            } else if own.facts.nsvc.version < taken.version {
                LeftReason::OlderVersion { newer: taken }
            } else {
                LeftReason::OtherContext { taken }
            };
        }
        let direct = self.directs[block].as_ref().and_then(|all| all.iter().find(|one| one.name == own.name));
        if let Some(direct) = direct {
            if !direct.allowed.contains(&item) {
                let named = direct.allowed.iter().map(|one| pool.items[*one].facts.nsvc.stream.to_string());
                return LeftReason::StreamNotNamed { named: named.collect() };
            }
            if self.taken.contains(&(block, item)) {
                return LeftReason::Alternative { taken };
            }
            if let Some(better) = self.better_of_stream(block, item) {
                return better;
            }
            return self.conflict(block, item).map_or(LeftReason::NoCombination, in_conflict);
        }
        let needed =
            own.needed_by.iter().any(|(by, _)| self.results[place].items.get(&pool.items[*by].name) == Some(by));
        if needed { LeftReason::OtherStream { taken } } else { LeftReason::NotNeeded }
    }

    /// A result of the block that takes another build of the same stream in its place.
    fn better_of_stream(&self, block: usize, item: Item) -> Option<LeftReason> {
        let own = &self.pool.items[item].facts.nsvc;
        let siblings = &self.pool.by_name[self.pool.items[item].name];
        let taken = siblings.iter().find(|other| {
            self.pool.items[**other].facts.nsvc.stream == own.stream
                && self.pool.items[**other].rank < self.pool.items[item].rank
                && self.taken.contains(&(block, **other))
        })?;
        let taken = self.pool.items[*taken].facts.nsvc.clone();
        let older = own.version < taken.version;
        Some(if older { LeftReason::OlderVersion { newer: taken } } else { LeftReason::OtherContext { taken } })
    }

    /// Whether a candidate needs another base module than the result has.
    fn other_platform(&self, item: Item, place: usize) -> Option<LeftReason> {
        let own = &self.pool.items[item];
        let picked = &self.results[place].items;
        let is_base = |one: &Item| self.options.is_base(self.pool.items[*one].facts.nsvc.name.as_str());
        for list in &own.needs {
            let Some(first) = list.first().filter(|_| list.iter().all(is_base)) else { continue };
            let Some(base) = picked.get(&self.pool.items[*first].name) else { continue };
            if list.contains(base) {
                continue;
            }
            let built_on = own.facts.built_on.clone();
            let base = self.pool.items[*base].facts.nsvc.clone();
            let number = |nsvc: &Nsvc| self.options.number(nsvc.stream.as_str(), crate::identity::Padding::Right);
            let newer = !built_on.is_empty() && built_on.iter().all(|one| number(one) > number(&base));
            let compatible = built_on.iter().all(|one| number(one).major_start() == number(&base).major_start());
            return Some(if newer && compatible {
                LeftReason::NewerPlatform { built_on, base }
            } else {
                LeftReason::OtherPlatform { built_on, wanted: vec![base] }
            });
        }
        None
    }

    /// What stands against a candidate in a block: none if nothing does, or if that is not searched any more.
    fn conflict(&mut self, block: usize, item: Item) -> Option<Conflict> {
        if let Some(known) = self.conflicts.get(&(block, item)) {
            return known.clone();
        }
        if self.conflicts.len() >= MAX_SEARCHES {
            return None;
        }
        let found = self.search(block, item);
        self.conflicts.insert((block, item), found.clone());
        found
    }

    fn search(&self, block: usize, item: Item) -> Option<Conflict> {
        let mut directs = self.directs.get(block)?.clone()?;
        let name = self.pool.items[item].name;
        let base = self.options.is_base(self.pool.items[item].facts.nsvc.name.as_str());
        match directs.iter_mut().find(|direct| direct.name == name) {
            Some(direct) if direct.allowed.contains(&item) => direct.allowed = vec![item],
            Some(_) => return None,
            None => directs.push(Direct { name, base, allowed: vec![item] }),
        }
        let roots = directs.iter().map(|direct| direct.allowed.clone()).collect();
        let mut budget = Budget { used: 0, limit: EXPLAIN_STEPS };
        if Picks::rooted(self.pool, roots).complete(&mut budget) != Ok(false) {
            return None;
        }
        let involved: Vec<&Direct> =
            smallest_unsolvable(self.pool, &directs).into_iter().map(|position| &directs[position]).collect();
        conflicts(self.pool, &involved).into_iter().next()
    }
}

fn in_conflict(conflict: Conflict) -> LeftReason {
    LeftReason::InConflict { conflict }
}
