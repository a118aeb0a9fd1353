//! Picking one candidate per module so that everything picked has what it needs.

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
    /// The candidate of each module name.
    chosen: Vec<Option<Item>>,
    /// The candidates in the order they were picked.
    pub(super) trail: Vec<Item>,
    /// Needs that nobody picked has: of each list one has to be picked.
    roots: Vec<Vec<Item>>,
}

/// What a list of which one is needed comes to under a partial choice.
enum Need {
    Met,
    Open(Vec<Item>),
    Impossible,
}

impl<'p> Picks<'p> {
    pub(super) fn new(pool: &'p Pool) -> Self {
        Self { pool, chosen: vec![None; pool.by_name.len()], trail: Vec::new(), roots: Vec::new() }
    }

    /// Nothing picked yet, and one of each of these lists to be picked by [`Self::complete`].
    pub(super) fn rooted(pool: &'p Pool, roots: Vec<Vec<Item>>) -> Self {
        Self { roots, ..Self::new(pool) }
    }

    /// What is picked of the module of a candidate.
    pub(super) fn rival(&self, item: Item) -> Option<Item> {
        self.chosen[self.pool.items[item].name]
    }

    fn possible(&self, item: Item) -> bool {
        self.rival(item).is_none_or(|other| other == item)
    }

    fn can_meet(&self, needs: &[Vec<Item>]) -> bool {
        needs.iter().all(|list| list.iter().any(|item| self.possible(*item)))
    }

    fn need(&self, list: &[Item]) -> Need {
        if list.iter().any(|item| self.rival(*item) == Some(*item)) {
            return Need::Met;
        }
        let open: Vec<Item> = list.iter().copied().filter(|item| self.rival(*item).is_none()).collect();
        if open.is_empty() { Need::Impossible } else { Need::Open(open) }
    }

    /// Picks a candidate, unless that leaves it or one of those picked before without what it needs.
    pub(super) fn pick(&mut self, item: Item) -> bool {
        if self.rival(item) == Some(item) {
            return true;
        }
        let items = &self.pool.items;
        if !self.possible(item) || !self.can_meet(&items[item].needs) {
            return false;
        }
        self.chosen[items[item].name] = Some(item);
        self.trail.push(item);
        if self.can_meet(&self.roots) && self.trail.iter().all(|other| self.can_meet(&items[*other].needs)) {
            return true;
        }
        self.back_to(self.trail.len() - 1);
        false
    }

    /// Takes back all picks but the first ones.
    pub(super) fn back_to(&mut self, length: usize) {
        for item in self.trail.drain(length..) {
            self.chosen[self.pool.items[item].name] = None;
        }
    }

    /// The next need to settle: one that only one candidate can meet, else the first open one.
    fn next_open(&self) -> Option<Vec<Item>> {
        let mut first: Option<Vec<Item>> = None;
        let needs = self.trail.iter().flat_map(|item| &self.pool.items[*item].needs);
        for list in self.roots.iter().chain(needs) {
            match self.need(list) {
                Need::Open(open) if open.len() == 1 => return Some(open),
                Need::Open(open) => {
                    first.get_or_insert(open);
                }
                Need::Met | Need::Impossible => {}
            }
        }
        first
    }

    /// Picks what those picked so far need, and what that needs, and says whether it can be done.
    ///
    /// Where several candidates can meet a need, the one whose identity is the smallest text is tried first.
    pub(super) fn complete(&mut self, budget: &mut Budget) -> Result<bool, Exhausted> {
        let floor = self.trail.len();
        // Each open need with how many picks there were before and the candidates still to try, the best one last.
        let mut open: Vec<(usize, Vec<Item>)> = Vec::new();
        let mut forward = true;
        loop {
            if forward {
                let Some(mut candidates) = self.next_open() else { return Ok(true) };
                candidates.sort_unstable_by(|one, other| other.cmp(one));
                open.push((self.trail.len(), candidates));
            }
            let Some((length, candidates)) = open.last_mut() else {
                self.back_to(floor);
                return Ok(false);
            };
            self.back_to(*length);
            budget.spend(1)?;
            forward = if let Some(item) = candidates.pop() {
                self.pick(item)
            } else {
                open.pop();
                false
            };
        }
    }
}
