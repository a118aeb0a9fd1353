//! Why a dependency block has no solution: who needs what, and who stands against it.

use super::combine::Direct;
use super::pool::{Item, Pool};
use super::search::{Budget, Picks};
use crate::Nsvc;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, VecDeque};
use std::fmt;

/// How many attempts are followed to their conflict.
const MAX_ATTEMPTS: usize = 32;
/// How many different conflicts are told.
const MAX_CONFLICTS: usize = 4;
/// How much search the explanation may take: without it all modules of the block are named.
pub(super) const EXPLAIN_STEPS: u64 = 100_000;

/// A need that cannot be met because of another choice.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Conflict {
    /// From a build that the document build-requires to the one that has the need. Empty if the document has it.
    pub needs: Vec<Nsvc>,
    /// What would meet the need; empty if there is nothing.
    pub wanted: Vec<Nsvc>,
    /// From a build that the document build-requires to the one that is taken instead; empty if nothing is in the way.
    pub taken: Vec<Nsvc>,
}

impl Conflict {
    /// Whether what is in the way led to the need: a circle that comes back to the module in another build.
    pub fn is_circle(&self) -> bool {
        self.taken.last().is_some_and(|taken| self.needs.contains(taken))
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let chain = |chain: &[Nsvc]| chain.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" -> ");
        if self.needs.is_empty() {
            f.write_str("the document")?;
        } else {
            f.write_str(&chain(&self.needs))?;
        }
        if self.wanted.is_empty() {
            return f.write_str(" requires streams of which no usable build exists here");
        }
        let wanted = self.wanted.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>().join(" or ");
        write!(f, " requires {wanted}")?;
        match self.taken.as_slice() {
            [] => f.write_str(", which cannot be used"),
            [one] => write!(f, ", but `{one}` is build-required"),
            taken => write!(f, ", but {} is taken", chain(taken)),
        }?;
        if self.is_circle() { f.write_str(", which is a circle") } else { Ok(()) }
    }
}

/// The positions of a smallest set that has no solution together: any one less, and the others have one.
pub(super) fn smallest_unsolvable(pool: &Pool, directs: &[Direct]) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..directs.len()).collect();
    let mut budget = Budget { used: 0, limit: EXPLAIN_STEPS };
    for position in 0..directs.len() {
        let rest: Vec<usize> = kept.iter().copied().filter(|other| *other != position).collect();
        let roots = rest.iter().map(|other| directs[*other].allowed.clone()).collect();
        if Picks::rooted(pool, roots).complete(&mut budget) == Ok(false) {
            kept = rest;
        }
    }
    kept
}

/// What attempts to choose one of each of these end in.
pub(super) fn conflicts(pool: &Pool, directs: &[&Direct]) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = Vec::new();
    let mut at = vec![0_usize; directs.len()];
    for _ in 0..MAX_ATTEMPTS {
        let attempt: Vec<Item> = directs.iter().zip(&at).map(|(direct, index)| direct.allowed[*index]).collect();
        if let Some(conflict) = follow(pool, &attempt)
            && !found.contains(&conflict)
        {
            found.push(conflict);
        }
        let next = (0..at.len()).rev().find(|position| at[*position] + 1 < directs[*position].allowed.len());
        let Some(turn) = next.filter(|_| found.len() < MAX_CONFLICTS) else { break };
        at[turn] += 1;
        at[turn + 1..].fill(0);
    }
    found.sort();
    found
}

/// Picks what is needed, always the first that fits, up to a need that cannot be met.
fn follow(pool: &Pool, attempt: &[Item]) -> Option<Conflict> {
    let mut taken: BTreeMap<usize, Item> = attempt.iter().map(|item| (pool.items[*item].name, *item)).collect();
    let mut needed_by: BTreeMap<Item, Item> = BTreeMap::new();
    let mut queue: VecDeque<Item> = attempt.iter().copied().collect();
    let nsvc = |item: &Item| pool.items[*item].facts.nsvc.clone();
    while let Some(item) = queue.pop_front() {
        for list in &pool.items[item].needs {
            let name = |one: &Item| pool.items[*one].name;
            if list.iter().any(|one| taken.get(&name(one)) == Some(one)) {
                continue;
            }
            if let Some(one) = list.iter().find(|one| !taken.contains_key(&name(one))) {
                taken.insert(name(one), *one);
                needed_by.insert(*one, item);
                queue.push_back(*one);
                continue;
            }
            let chain = |end: Item| {
                let mut chain: Vec<Nsvc> =
                    std::iter::successors(Some(end), |at| needed_by.get(at).copied()).map(|at| nsvc(&at)).collect();
                chain.reverse();
                chain
            };
            let rival = list.first().and_then(|one| taken.get(&name(one)));
            return Some(Conflict {
                needs: chain(item),
                wanted: list.iter().map(nsvc).collect(),
                taken: rival.map_or_else(Vec::new, |rival| chain(*rival)),
            });
        }
    }
    None
}
