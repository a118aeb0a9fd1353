//! A small conflict-driven solver for boolean formulas in clause form.
//!
//! Packages are variables and dependencies are clauses. The caller decides what to try next (the preference among
//! providers lies there); this file propagates, learns from conflicts and goes back. It keeps which clauses a
//! contradiction came from, so that a failure can be explained.

/// A variable or its negation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Lit(u32);

impl Lit {
    pub(super) fn yes(variable: u32) -> Self {
        Self(variable << 1)
    }

    pub(super) fn variable(self) -> usize {
        (self.0 >> 1) as usize
    }

    pub(super) fn is_positive(self) -> bool {
        self.0 & 1 == 0
    }

    pub(super) fn negated(self) -> Self {
        Self(self.0 ^ 1)
    }

    fn index(self) -> usize {
        self.0 as usize
    }
}

type ClauseId = usize;

#[derive(Debug)]
struct Clause {
    literals: Vec<Lit>,
    /// What the caller said this clause stands for; none in a learned one.
    origin: Option<usize>,
    /// The clauses a learned one was derived from.
    parents: Vec<ClauseId>,
}

/// What a step of the search ended with.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// No contradiction: decide again.
    Consistent,
    /// There is no solution; the origins of the clauses that exclude each other.
    Contradiction(Vec<usize>),
    /// Too many conflicts.
    GaveUp,
}

#[derive(Debug, Default)]
pub(super) struct Solver {
    clauses: Vec<Clause>,
    watchers: Vec<Vec<ClauseId>>,
    values: Vec<Option<bool>>,
    levels: Vec<usize>,
    reasons: Vec<Option<ClauseId>>,
    trail: Vec<Lit>,
    level_starts: Vec<usize>,
    head: usize,
    conflicts: usize,
    /// Units and empty clauses found while clauses were added.
    pending: Vec<ClauseId>,
}

impl Solver {
    pub(super) fn new_variable(&mut self) -> u32 {
        let variable = u32::try_from(self.values.len()).expect("fewer variables than rpm headers can name");
        self.values.push(None);
        self.levels.push(0);
        self.reasons.push(None);
        self.watchers.push(Vec::new());
        self.watchers.push(Vec::new());
        variable
    }

    /// Adds a clause: at least one of the literals holds. Only before the first decision.
    pub(super) fn add(&mut self, mut literals: Vec<Lit>, origin: usize) {
        literals.sort_unstable();
        literals.dedup();
        if literals.windows(2).any(|pair| pair[0] == pair[1].negated()) {
            return;
        }
        let id = self.store(Clause { literals, origin: Some(origin), parents: Vec::new() });
        if self.clauses[id].literals.len() < 2 {
            self.pending.push(id);
        }
    }

    fn store(&mut self, clause: Clause) -> ClauseId {
        let id = self.clauses.len();
        if let [first, second, ..] = clause.literals[..] {
            self.watchers[first.index()].push(id);
            self.watchers[second.index()].push(id);
        }
        self.clauses.push(clause);
        id
    }

    pub(super) fn value(&self, literal: Lit) -> Option<bool> {
        self.values[literal.variable()].map(|value| value == literal.is_positive())
    }

    /// Literals set so far, oldest first.
    pub(super) fn trail(&self) -> &[Lit] {
        &self.trail
    }

    /// How often the search had to go back.
    pub(super) fn conflicts(&self) -> usize {
        self.conflicts
    }

    /// Propagates what was added; to be called once before the first decision.
    pub(super) fn start(&mut self) -> Outcome {
        for id in std::mem::take(&mut self.pending) {
            let Some(&literal) = self.clauses[id].literals.first() else {
                return Outcome::Contradiction(self.origins(id));
            };
            match self.value(literal) {
                Some(true) => {}
                Some(false) => return Outcome::Contradiction(self.origins(id)),
                None => self.set(literal, Some(id)),
            }
        }
        match self.propagate() {
            None => Outcome::Consistent,
            Some(id) => Outcome::Contradiction(self.origins(id)),
        }
    }

    /// Tries `literal`, which must be unset, and goes back as far as contradictions ask for.
    pub(super) fn decide(&mut self, literal: Lit, max_conflicts: usize) -> Outcome {
        self.level_starts.push(self.trail.len());
        self.set(literal, None);
        while let Some(conflict) = self.propagate() {
            if self.level_starts.is_empty() {
                return Outcome::Contradiction(self.origins(conflict));
            }
            self.conflicts += 1;
            if self.conflicts > max_conflicts {
                return Outcome::GaveUp;
            }
            let (clause, level) = self.learn(conflict);
            self.back_to(level);
            let asserted = clause.literals[0];
            let id = self.store(clause);
            self.set(asserted, Some(id));
        }
        Outcome::Consistent
    }

    fn set(&mut self, literal: Lit, reason: Option<ClauseId>) {
        let variable = literal.variable();
        self.values[variable] = Some(literal.is_positive());
        self.levels[variable] = self.level_starts.len();
        self.reasons[variable] = reason;
        self.trail.push(literal);
    }

    fn back_to(&mut self, level: usize) {
        let start = self.level_starts[level];
        for literal in self.trail.drain(start..) {
            self.values[literal.variable()] = None;
            self.reasons[literal.variable()] = None;
        }
        self.level_starts.truncate(level);
        self.head = start;
    }

    /// Follows the consequences of what is set; a clause with no literal left is returned.
    fn propagate(&mut self) -> Option<ClauseId> {
        while let Some(&literal) = self.trail.get(self.head) {
            self.head += 1;
            let falsified = literal.negated();
            let mut watching = std::mem::take(&mut self.watchers[falsified.index()]);
            let mut kept = 0;
            let mut conflict = None;
            let mut next = 0;
            while next < watching.len() {
                let id = watching[next];
                next += 1;
                if self.clauses[id].literals[0] == falsified {
                    self.clauses[id].literals.swap(0, 1);
                }
                let first = self.clauses[id].literals[0];
                let first_value = self.value(first);
                if first_value != Some(true) {
                    let other = (2..self.clauses[id].literals.len())
                        .find(|index| self.value(self.clauses[id].literals[*index]) != Some(false));
                    if let Some(other) = other {
                        self.clauses[id].literals.swap(1, other);
                        let watched = self.clauses[id].literals[1];
                        self.watchers[watched.index()].push(id);
                        continue;
                    }
                }
                watching[kept] = id;
                kept += 1;
                match first_value {
                    Some(true) => {}
                    None => self.set(first, Some(id)),
                    Some(false) => {
                        conflict = Some(id);
                        break;
                    }
                }
            }
            while next < watching.len() {
                watching[kept] = watching[next];
                kept += 1;
                next += 1;
            }
            watching.truncate(kept);
            self.watchers[falsified.index()] = watching;
            if conflict.is_some() {
                return conflict;
            }
        }
        None
    }

    /// Derives the clause that would have avoided the conflict, its asserted literal first and one of the level to go
    /// back to second.
    fn learn(&self, conflict: ClauseId) -> (Clause, usize) {
        let current = self.level_starts.len();
        let mut seen = vec![false; self.values.len()];
        let mut learned = Vec::new();
        let mut parents = vec![conflict];
        let mut open = 0_usize;
        let mut clause = conflict;
        let mut resolved: Option<Lit> = None;
        let mut position = self.trail.len();
        let asserted = loop {
            for &literal in &self.clauses[clause].literals {
                let variable = literal.variable();
                if Some(literal) == resolved || seen[variable] {
                    continue;
                }
                seen[variable] = true;
                if self.levels[variable] == current {
                    open += 1;
                } else if self.levels[variable] > 0 {
                    learned.push(literal);
                } else {
                    parents.extend(self.reasons[variable]);
                }
            }
            let literal = loop {
                position -= 1;
                let literal = self.trail[position];
                if seen[literal.variable()] && self.levels[literal.variable()] == current {
                    break literal;
                }
            };
            open -= 1;
            if open == 0 {
                break literal.negated();
            }
            clause = self.reasons[literal.variable()].expect("only the decision of a level has no reason");
            parents.push(clause);
            resolved = Some(literal);
        };
        let level = learned.iter().map(|literal| self.levels[literal.variable()]).max().unwrap_or(0);
        if let Some(index) = learned.iter().position(|literal| self.levels[literal.variable()] == level) {
            learned.swap(0, index);
        }
        learned.insert(0, asserted);
        (Clause { literals: learned, origin: None, parents }, level)
    }

    /// The origins of all clauses that led to a contradiction without any decision.
    fn origins(&self, conflict: ClauseId) -> Vec<usize> {
        let mut visited = vec![false; self.clauses.len()];
        let mut open = vec![conflict];
        let mut origins = Vec::new();
        while let Some(id) = open.pop() {
            if std::mem::replace(&mut visited[id], true) {
                continue;
            }
            let clause = &self.clauses[id];
            origins.extend(clause.origin);
            open.extend(&clause.parents);
            open.extend(clause.literals.iter().filter_map(|literal| {
                let variable = literal.variable();
                if self.values[variable].is_some() && self.levels[variable] == 0 {
                    self.reasons[variable]
                } else {
                    None
                }
            }));
        }
        origins.sort_unstable();
        origins.dedup();
        origins
    }
}
