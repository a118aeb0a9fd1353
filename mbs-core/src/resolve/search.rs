//! Picking one candidate per module so that everything picked has what it needs.
//!
//! A candidate is out as soon as another one of its module is picked, or all that could meet one of its needs is out.
//! That spreads at once, so most dead ends are never entered.

use super::pool::{Item, Pool};

/// The work allowed was not enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exhausted;

/// Counts steps against the limit.
#[derive(Debug)]
pub(super) struct Budget {
    /// Steps done.
    pub(super) used: u64,
    /// Steps allowed.
    pub(super) limit: u64,
}

impl Budget {
    /// Does some steps.
    pub(super) fn spend(&mut self, steps: u64) -> Result<(), Exhausted> {
        self.used = self.used.saturating_add(steps);
        if self.used > self.limit { Err(Exhausted) } else { Ok(()) }
    }
}

/// A partial choice.
#[derive(Debug)]
pub(super) struct Picks<'p> {
    pub(super) pool: &'p Pool,
    /// The candidates in the order they were picked.
    pub(super) trail: Vec<Item>,
    /// For each of these how many candidates were out before.
    before: Vec<usize>,
    /// The candidate of each module name.
    chosen: Vec<Option<Item>>,
    /// Which candidates are out, and in which order that came. Rivals of a picked one that nobody needs are not marked.
    out: Vec<bool>,
    out_order: Vec<Item>,
    /// How many candidates are left for each need of each candidate.
    left: Vec<Vec<usize>>,
    /// Needs that nobody picked has: of each list one has to be picked.
    roots: Vec<Vec<Item>>,
    /// How often a candidate was put out, and how much of that was paid for.
    excluded: u64,
    paid: u64,
}

/// How many candidates can be put out for the price of one step.
const EXCLUDED_PER_STEP: u64 = 256;

impl<'p> Picks<'p> {
    pub(super) fn new(pool: &'p Pool) -> Self {
        let mut picks = Self {
            pool,
            trail: Vec::new(),
            before: Vec::new(),
            chosen: vec![None; pool.by_name.len()],
            out: vec![false; pool.items.len()],
            out_order: Vec::new(),
            left: pool.items.iter().map(|item| item.needs.iter().map(Vec::len).collect()).collect(),
            roots: Vec::new(),
            excluded: 0,
            paid: 0,
        };
        let hopeless = |item: &Item| pool.items[*item].needs.iter().any(Vec::is_empty);
        picks.exclude((0..pool.items.len()).filter(hopeless).collect());
        picks
    }

    /// Nothing picked yet, and one of each of these lists to be picked by [`Self::complete`].
    pub(super) fn rooted(pool: &'p Pool, roots: Vec<Vec<Item>>) -> Self {
        Self { roots, ..Self::new(pool) }
    }

    /// What is picked of the module of a candidate.
    pub(super) fn rival(&self, item: Item) -> Option<Item> {
        self.chosen[self.pool.items[item].name]
    }

    /// Whether a candidate cannot be picked any more.
    fn is_out(&self, item: Item) -> bool {
        self.out[item] || self.rival(item).is_some_and(|rival| rival != item)
    }

    /// Takes a step, and those that putting candidates out was worth since the last one.
    pub(super) fn step(&mut self, budget: &mut Budget) -> Result<(), Exhausted> {
        let owed = (self.excluded - self.paid) / EXCLUDED_PER_STEP;
        self.paid += owed * EXCLUDED_PER_STEP;
        budget.spend(1 + owed)
    }

    /// Puts candidates out, and all that cannot do without them; whether all picked ones can.
    fn exclude(&mut self, mut queue: Vec<Item>) -> bool {
        let start = self.out_order.len();
        while let Some(item) = queue.pop() {
            if std::mem::replace(&mut self.out[item], true) {
                continue;
            }
            self.out_order.push(item);
            self.excluded += 1;
            for (owner, need) in &self.pool.items[item].needed_by {
                self.left[*owner][*need] -= 1;
                if self.left[*owner][*need] == 0 {
                    queue.push(*owner);
                }
            }
        }
        let chosen = |item: &Item| self.rival(*item) == Some(*item);
        !self.out_order[start..].iter().any(chosen)
            && !self.roots.iter().any(|list| list.iter().all(|one| self.is_out(*one)))
    }

    /// Picks a candidate, unless that leaves it or one of those picked before without what it needs.
    pub(super) fn pick(&mut self, item: Item) -> bool {
        if self.rival(item) == Some(item) {
            return true;
        }
        if self.is_out(item) {
            return false;
        }
        let name = self.pool.items[item].name;
        self.chosen[name] = Some(item);
        self.trail.push(item);
        self.before.push(self.out_order.len());
        // Those that nobody needs take nothing away from anybody: with many streams these are nearly all.
        let rivals = self.pool.needed[name].iter().copied().filter(|other| *other != item).collect();
        if self.exclude(rivals) {
            return true;
        }
        self.back_to(self.trail.len() - 1);
        false
    }

    /// Takes back all picks but the first ones.
    pub(super) fn back_to(&mut self, length: usize) {
        let Some(before) = self.before.get(length).copied() else { return };
        for item in self.out_order.drain(before..) {
            self.out[item] = false;
            for (owner, need) in &self.pool.items[item].needed_by {
                self.left[*owner][*need] += 1;
            }
        }
        for item in self.trail.drain(length..) {
            self.chosen[self.pool.items[item].name] = None;
        }
        self.before.truncate(length);
    }

    /// The next need to settle: one that only one candidate can meet, else the first open one.
    fn next_open(&self) -> Option<Vec<Item>> {
        let mut first: Option<Vec<Item>> = None;
        let needs = self.trail.iter().flat_map(|item| &self.pool.items[*item].needs);
        for list in self.roots.iter().chain(needs) {
            if list.iter().any(|item| self.rival(*item) == Some(*item)) {
                continue;
            }
            let open: Vec<Item> = list.iter().copied().filter(|item| !self.is_out(*item)).collect();
            if open.len() == 1 {
                return Some(open);
            }
            first.get_or_insert(open);
        }
        first
    }

    /// Picks what those picked so far need, and what that needs, and says whether it can be done.
    ///
    /// Where several candidates can meet a need, they are tried by [`Pool::prefer`].
    pub(super) fn complete(&mut self, budget: &mut Budget) -> Result<bool, Exhausted> {
        let floor = self.trail.len();
        // Each open need with how many picks there were before and the candidates still to try, the best one last.
        let mut open: Vec<(usize, Vec<Item>)> = Vec::new();
        let mut forward = true;
        loop {
            if forward {
                let Some(mut candidates) = self.next_open() else { return Ok(true) };
                self.pool.prefer(&mut candidates);
                candidates.reverse();
                open.push((self.trail.len(), candidates));
            }
            let Some((length, candidates)) = open.last_mut() else {
                self.back_to(floor);
                return Ok(false);
            };
            self.back_to(*length);
            self.step(budget)?;
            forward = if let Some(item) = candidates.pop() {
                self.pick(item)
            } else {
                open.pop();
                false
            };
        }
    }
}
