//! All valid combinations of what one dependency block build-requires.
//!
//! The base module is settled first. The others fall into parts that share no module, directly or through what they
//! need; each part is solved apart, and the results of the parts are multiplied. So five modules that have nothing
//! to do with each other cost the sum of their streams, not the product.

use super::pool::{Item, Name, Pool};
use super::search::{Budget, Exhausted, Picks};
use crate::StreamName;
use std::collections::{BTreeMap, BTreeSet};

/// One thing that a block build-requires.
#[derive(Debug, Clone)]
pub(super) struct Direct {
    /// The module.
    pub(super) name: Name,
    /// Whether it is a base module.
    pub(super) base: bool,
    /// What may be taken, by stream and rank.
    pub(super) allowed: Vec<Item>,
}

/// The best solution for one combination of streams.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Solution {
    /// Sum of the ranks of everything picked.
    cost: u64,
    /// Of what is build-required, in the order of the names, the places among the candidates: decides between equal
    /// costs. That is not the order of ranks where a lower major number of base modules has the newer version.
    places: Vec<usize>,
    /// Everything picked.
    pub(super) items: Vec<Item>,
}

/// Combinations by the streams of what is build-required, in the order of the names.
pub(super) type Combinations = BTreeMap<Vec<StreamName>, Solution>;

/// Finds the best solution of each combination of streams that has one.
pub(super) fn combinations(pool: &Pool, directs: &[Direct], budget: &mut Budget) -> Result<Combinations, Exhausted> {
    let parts = Parts::of(pool, directs);
    let mut found = Combinations::new();
    let mut picks = Picks::new(pool);
    outer_choices(&mut picks, directs, &parts.outer, budget, &mut |picks, budget| {
        join(picks, directs, &parts, budget, &mut found)
    })?;
    Ok(found)
}

/// Calls back for each consistent choice of the outer ones.
fn outer_choices<'p>(
    picks: &mut Picks<'p>,
    directs: &[Direct],
    outer: &[usize],
    budget: &mut Budget,
    then: &mut dyn FnMut(&mut Picks<'p>, &mut Budget) -> Result<(), Exhausted>,
) -> Result<(), Exhausted> {
    let Some((first, rest)) = outer.split_first() else { return then(picks, budget) };
    let length = picks.trail.len();
    for item in &directs[*first].allowed {
        budget.spend(1)?;
        if picks.pick(*item) {
            outer_choices(picks, directs, rest, budget, then)?;
            picks.back_to(length);
        }
    }
    Ok(())
}

/// Solves all parts under the choice made and multiplies what they come to.
fn join(
    picks: &mut Picks<'_>,
    directs: &[Direct],
    parts: &Parts,
    budget: &mut Budget,
    found: &mut Combinations,
) -> Result<(), Exhausted> {
    let pool = picks.pool;
    let outer: Vec<Item> = picks.trail.clone();
    let mut solved = Vec::new();
    let mut count = 1_u64;
    for part in &parts.inner {
        let part_found = solve_part(picks, directs, part, budget)?;
        if part_found.is_empty() {
            return Ok(());
        }
        count = count.saturating_mul(part_found.len() as u64);
        solved.push(part_found.into_iter().collect::<Vec<_>>());
    }
    budget.spend(count)?;
    let mut at = vec![0_usize; solved.len()];
    loop {
        let mut key: Vec<Option<StreamName>> = vec![None; directs.len()];
        let mut places = vec![0; directs.len()];
        let mut items = outer.clone();
        let mut cost = 0;
        for (position, item) in parts.outer.iter().zip(&outer) {
            let candidate = &pool.items[*item];
            (key[*position], places[*position]) = (Some(candidate.facts.nsvc.stream.clone()), candidate.place);
            cost += candidate.rank;
        }
        for ((part, list), index) in parts.inner.iter().zip(&solved).zip(&at) {
            let (streams, solution) = &list[*index];
            for ((position, stream), place) in part.iter().zip(streams).zip(&solution.places) {
                (key[*position], places[*position]) = (Some(stream.clone()), *place);
            }
            cost += solution.cost;
            items.extend(&solution.items);
        }
        keep_best(found, key.into_iter().flatten().collect(), Solution { cost, places, items });
        // The next combination, the last part changing fastest.
        let Some(turn) = (0..at.len()).rev().find(|part| at[*part] + 1 < solved[*part].len()) else { return Ok(()) };
        at[turn] += 1;
        at[turn + 1..].fill(0);
    }
}

fn keep_best(found: &mut Combinations, key: Vec<StreamName>, solution: Solution) {
    match found.get_mut(&key) {
        Some(best) if *best <= solution => {}
        Some(best) => *best = solution,
        None => {
            found.insert(key, solution);
        }
    }
}

/// Solves one part: its solutions hold only what it adds to the choice made.
fn solve_part(
    picks: &mut Picks<'_>,
    directs: &[Direct],
    part: &[usize],
    budget: &mut Budget,
) -> Result<Combinations, Exhausted> {
    let mut found = Combinations::new();
    let floor = picks.trail.len();
    // For each position the place in its list of what is tried there next.
    let mut next: Vec<usize> = vec![0];
    let mut lengths: Vec<usize> = vec![floor];
    while let Some(at) = next.len().checked_sub(1) {
        picks.back_to(lengths[at]);
        if at == part.len() {
            leaf(picks, directs, part, floor, budget, &mut found)?;
            next.pop();
            lengths.pop();
            continue;
        }
        let Some(item) = directs[part[at]].allowed.get(next[at]).copied() else {
            next.pop();
            lengths.pop();
            continue;
        };
        next[at] += 1;
        picks.step(budget)?;
        if picks.pick(item) {
            next.push(0);
            lengths.push(picks.trail.len());
        }
    }
    picks.back_to(floor);
    Ok(found)
}

/// All positions of a part are picked: adds what they need and keeps the result if it is the best of its streams.
fn leaf(
    picks: &mut Picks<'_>,
    directs: &[Direct],
    part: &[usize],
    floor: usize,
    budget: &mut Budget,
    found: &mut Combinations,
) -> Result<(), Exhausted> {
    let pool = picks.pool;
    let direct = |position: &usize| {
        let item = pool.by_name[directs[*position].name].iter().find_map(|item| picks.rival(*item));
        item.expect("every position of the part is picked")
    };
    let items: Vec<Item> = part.iter().map(direct).collect();
    let key: Vec<StreamName> = items.iter().map(|item| pool.items[*item].facts.nsvc.stream.clone()).collect();
    let places: Vec<usize> = items.iter().map(|item| pool.items[*item].place).collect();
    // What they need can only add to the cost.
    let least: u64 = items.iter().map(|item| pool.items[*item].rank).sum();
    if found.get(&key).is_some_and(|best| (best.cost, &best.places) <= (least, &places)) {
        return Ok(());
    }
    if picks.complete(budget)? {
        let items = picks.trail[floor..].to_vec();
        let cost = items.iter().map(|item| pool.items[*item].rank).sum();
        keep_best(found, key, Solution { cost, places, items });
    }
    Ok(())
}

/// How what a block build-requires falls apart.
#[derive(Debug)]
struct Parts {
    /// Positions that are settled first.
    outer: Vec<usize>,
    /// Positions of each part, ascending.
    inner: Vec<Vec<usize>>,
}

impl Parts {
    fn of(pool: &Pool, directs: &[Direct]) -> Self {
        let (mut outer, mut rest): (Vec<usize>, Vec<usize>) =
            (0..directs.len()).partition(|position| directs[*position].base);
        let mut settled: BTreeSet<Name> = outer.iter().map(|position| directs[*position].name).collect();
        // A base module that needs other modules ties everything together.
        let needy = |name: &Name| pool.by_name[*name].iter().any(|item| !pool.items[*item].needs.is_empty());
        if settled.iter().any(needy) {
            rest = (0..directs.len()).collect();
            outer.clear();
            settled.clear();
            return Self { outer, inner: vec![rest] };
        }
        let mut inner: Vec<(BTreeSet<Name>, Vec<usize>)> = Vec::new();
        for position in rest {
            let mut names = reach(pool, directs[position].name, &settled);
            let mut positions = vec![position];
            inner.retain_mut(|(others, other_positions)| {
                let apart = others.is_disjoint(&names);
                if !apart {
                    names.append(others);
                    positions.append(other_positions);
                }
                apart
            });
            positions.sort_unstable();
            inner.push((names, positions));
        }
        Self { outer, inner: inner.into_iter().map(|(_, positions)| positions).collect() }
    }
}

/// The modules that one module may pull in, itself included.
fn reach(pool: &Pool, from: Name, settled: &BTreeSet<Name>) -> BTreeSet<Name> {
    let mut names = BTreeSet::from([from]);
    let mut queue = vec![from];
    while let Some(name) = queue.pop() {
        for item in pool.by_name[name].iter().flat_map(|item| pool.items[*item].needs.iter().flatten()) {
            let needed = pool.items[*item].name;
            if !settled.contains(&needed) && names.insert(needed) {
                queue.push(needed);
            }
        }
    }
    names
}
