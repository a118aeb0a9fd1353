//! Turns dependencies into clauses.
//!
//! Every package that can be reached from the wanted requirements becomes a variable; variable 0 is the one that asks.
//! A requirement becomes a tree in which only single packages are negated, and the tree becomes clauses. The tree is
//! kept beside them: the search reads from it what is still open and what to try first.

use std::collections::HashMap;

use super::capability::Capability;
use super::requirement::Requirement;
use super::sat::{Lit, Solver};
use super::universe::Universe;
use crate::host::HostProvides;

/// The asking side in the place of a package.
pub(super) const ROOT: usize = 0;

/// A requirement over variables.
#[derive(Clone, Debug)]
pub(super) enum Node {
    True,
    False,
    Lit(Lit),
    And(Vec<Node>),
    /// Earlier ones are preferred.
    Or(Vec<Node>),
}

/// What a clause stands for.
#[derive(Clone, Debug)]
pub(super) enum Origin {
    /// That something is asked for at all.
    Asked,
    /// A requirement of a package, by its place in the package's list.
    Requires { package: usize, requirement: usize },
    /// `package` cannot be installed with what the text says.
    Conflicts { package: usize, text: String },
    /// `package` replaces `other`.
    Obsoletes { package: usize, other: usize },
    /// Two versions of one package.
    SameName { package: usize, other: usize },
}

/// The clauses of one question, with the way back to packages.
pub(super) struct Problem<'a> {
    pub(super) universe: &'a Universe,
    pub(super) host: &'a HostProvides,
    pub(super) wanted: &'a [Requirement],
    pub(super) solver: Solver,
    pub(super) origins: Vec<Origin>,
    /// The package of each variable; none for [`ROOT`] and helper variables.
    pub(super) packages: Vec<Option<usize>>,
    /// What each variable's package requires, in order, and after that what its conflicts ask for.
    pub(super) trees: Vec<Vec<Node>>,
    variables: HashMap<usize, u32>,
}

impl<'a> Problem<'a> {
    pub(super) fn new(wanted: &'a [Requirement], universe: &'a Universe, host: &'a HostProvides) -> Self {
        let mut problem = Self {
            universe,
            host,
            wanted,
            solver: Solver::default(),
            origins: vec![Origin::Asked],
            packages: Vec::new(),
            trees: Vec::new(),
            variables: HashMap::new(),
        };
        let root = problem.helper();
        problem.solver.add(vec![Lit::yes(root)], 0);
        // Packages get variables when a requirement first names them, so this loop visits all that can be reached.
        let mut next = 0;
        while next < problem.packages.len() {
            if next == ROOT || problem.packages[next].is_some() {
                problem.package(next);
            }
            next += 1;
        }
        problem.exclusions();
        problem
    }

    /// The requirements of the package of a variable.
    pub(super) fn requirements(&self, variable: usize) -> &'a [Requirement] {
        match self.packages[variable] {
            Some(package) => &self.universe.candidate(package).requires,
            None => self.wanted,
        }
    }

    /// The variable of a package, if it can be reached at all.
    pub(super) fn variable_of(&self, package: usize) -> Option<usize> {
        self.variables.get(&package).map(|variable| *variable as usize)
    }

    fn helper(&mut self) -> u32 {
        self.packages.push(None);
        self.trees.push(Vec::new());
        self.solver.new_variable()
    }

    fn variable(&mut self, package: usize) -> u32 {
        if let Some(known) = self.variables.get(&package) {
            return *known;
        }
        let variable = self.helper();
        self.packages[variable as usize] = Some(package);
        self.variables.insert(package, variable);
        variable
    }

    fn package(&mut self, variable: usize) {
        let requirements = self.requirements(variable);
        let mut trees = Vec::with_capacity(requirements.len());
        for (index, requirement) in requirements.iter().enumerate() {
            let node = self.positive(requirement);
            self.origins.push(Origin::Requires { package: variable, requirement: index });
            self.imply(literal_of(variable), &node, self.origins.len() - 1);
            trees.push(node);
        }
        if let Some(package) = self.packages[variable] {
            let universe = self.universe;
            for conflict in &universe.candidate(package).conflicts {
                let node = self.negative(conflict, Some(package));
                self.origins.push(Origin::Conflicts { package: variable, text: conflict.to_string() });
                self.imply(literal_of(variable), &node, self.origins.len() - 1);
                trees.push(node);
            }
        }
        self.trees[variable] = trees;
    }

    /// Obsoletes and other versions of the same package, among the packages that can be reached.
    fn exclusions(&mut self) {
        let universe = self.universe;
        for variable in 0..self.packages.len() {
            let Some(package) = self.packages[variable] else { continue };
            let candidate = universe.candidate(package);
            for obsolete in &candidate.obsoletes {
                for &other in universe.named(&obsolete.name) {
                    let replaced = universe.candidate(other);
                    let itself = Capability::equal(&*obsolete.name, &replaced.facts.evr());
                    let Some(other_variable) = self.variable_of(other) else { continue };
                    if other != package && obsolete.is_met_by(&itself) {
                        self.exclude(
                            variable,
                            other_variable,
                            Origin::Obsoletes { package: variable, other: other_variable },
                        );
                    }
                }
            }
            for &other in universe.named(&candidate.facts.name) {
                if let Some(other_variable) = self.variable_of(other).filter(|other| *other > variable) {
                    let origin = Origin::SameName { package: variable, other: other_variable };
                    self.exclude(variable, other_variable, origin);
                }
            }
        }
    }

    fn exclude(&mut self, one: usize, two: usize, origin: Origin) {
        self.origins.push(origin);
        let clause = vec![literal_of(one).negated(), literal_of(two).negated()];
        self.solver.add(clause, self.origins.len() - 1);
    }

    /// The tree of "the requirement is met", providers best first.
    fn positive(&mut self, requirement: &Requirement) -> Node {
        match requirement {
            Requirement::And(list) => and(list.iter().map(|one| self.positive(one)).collect()),
            Requirement::Or(list) => {
                let children = list.iter().map(|one| self.positive(one)).collect();
                self.or(children)
            }
            // (A or not B) and (C or B)
            Requirement::If { then, condition, otherwise } => {
                let not = self.negative(condition, None);
                let then = self.positive(then);
                let first = self.or(vec![not, then]);
                let Some(otherwise) = otherwise else { return first };
                let holds = self.holds(condition, None);
                let otherwise = self.positive(otherwise);
                let second = self.or(vec![holds, otherwise]);
                and(vec![first, second])
            }
            // (A and not B) or (C and B)
            Requirement::Unless { then, condition, otherwise } => {
                let not = self.negative(condition, None);
                let first = and(vec![not, self.positive(then)]);
                let Some(otherwise) = otherwise else { return first };
                let holds = self.holds(condition, None);
                let second = and(vec![holds, self.positive(otherwise)]);
                self.or(vec![first, second])
            }
            single => {
                let mut children = self.providers(single, None);
                if self.host.satisfies_alone(single) {
                    children.push(Node::True);
                }
                self.or(children)
            }
        }
    }

    /// The tree of a condition that holds. Unlike [`Self::positive`] it asks for nothing when the host meets it.
    fn holds(&mut self, condition: &Requirement, except: Option<usize>) -> Node {
        match condition {
            Requirement::And(list) => and(list.iter().map(|one| self.holds(one, except)).collect()),
            Requirement::Or(list) => or(list.iter().map(|one| self.holds(one, except)).collect()),
            Requirement::If { then, condition, otherwise } => {
                let not = self.negative(condition, except);
                let first = or(vec![not, self.holds(then, except)]);
                let Some(otherwise) = otherwise else { return first };
                and(vec![first, or(vec![self.holds(condition, except), self.holds(otherwise, except)])])
            }
            Requirement::Unless { then, condition, otherwise } => {
                let not = self.negative(condition, except);
                let first = and(vec![not, self.holds(then, except)]);
                let Some(otherwise) = otherwise else { return first };
                or(vec![first, and(vec![self.holds(condition, except), self.holds(otherwise, except)])])
            }
            single if self.host.satisfies_alone(single) => Node::True,
            single => or(self.providers(single, except)),
        }
    }

    /// The tree of "the requirement is not met". `except` is a package that does not count (the one that asks).
    fn negative(&mut self, requirement: &Requirement, except: Option<usize>) -> Node {
        match requirement {
            Requirement::And(list) => or(list.iter().map(|one| self.negative(one, except)).collect()),
            Requirement::Or(list) => and(list.iter().map(|one| self.negative(one, except)).collect()),
            // not ((A or not B) and (C or B)) = (not A and B) or (not C and not B)
            Requirement::If { then, condition, otherwise } => {
                let first = and(vec![self.negative(then, except), self.holds(condition, except)]);
                let Some(otherwise) = otherwise else { return first };
                let second = and(vec![self.negative(otherwise, except), self.negative(condition, except)]);
                or(vec![first, second])
            }
            // not ((A and not B) or (C and B)) = (not A or B) and (not C or not B)
            Requirement::Unless { then, condition, otherwise } => {
                let first = or(vec![self.negative(then, except), self.holds(condition, except)]);
                let Some(otherwise) = otherwise else { return first };
                let second = or(vec![self.negative(otherwise, except), self.negative(condition, except)]);
                and(vec![first, second])
            }
            single if self.host.satisfies_alone(single) => Node::False,
            single => {
                let providers = self.providers(single, except);
                and(providers
                    .into_iter()
                    .map(|node| match node {
                        Node::Lit(literal) => Node::Lit(literal.negated()),
                        other => other,
                    })
                    .collect())
            }
        }
    }

    /// The packages that meet a requirement each on its own.
    fn providers(&mut self, requirement: &Requirement, except: Option<usize>) -> Vec<Node> {
        let packages = single_providers(self.universe, requirement);
        packages
            .into_iter()
            .filter(|package| Some(*package) != except)
            .map(|package| Node::Lit(Lit::yes(self.variable(package))))
            .collect()
    }

    /// A choice. What needs no package ends it; behind other choices it becomes a helper variable that costs nothing,
    /// so that the earlier ones are still preferred.
    fn or(&mut self, children: Vec<Node>) -> Node {
        let mut kept = Vec::with_capacity(children.len());
        for child in children {
            match child {
                Node::False => {}
                Node::True if kept.is_empty() => return Node::True,
                Node::True => {
                    kept.push(Node::Lit(Lit::yes(self.helper())));
                    break;
                }
                other => kept.push(other),
            }
        }
        or(kept)
    }

    /// Adds the clauses of "`literal` implies `node`".
    fn imply(&mut self, literal: Lit, node: &Node, origin: usize) {
        match node {
            Node::True => {}
            Node::False => self.solver.add(vec![literal.negated()], origin),
            Node::Lit(one) => self.solver.add(vec![literal.negated(), *one], origin),
            Node::And(list) => list.iter().for_each(|one| self.imply(literal, one, origin)),
            Node::Or(list) => {
                let mut clause = vec![literal.negated()];
                for one in list {
                    clause.push(match one {
                        Node::Lit(one) => *one,
                        other => {
                            let helper = Lit::yes(self.helper());
                            self.imply(helper, other, origin);
                            helper
                        }
                    });
                }
                self.solver.add(clause, origin);
            }
        }
    }
}

pub(super) fn literal_of(variable: usize) -> Lit {
    Lit::yes(u32::try_from(variable).expect("variables are numbered in 32 bits"))
}

/// The packages that meet, each alone, a plain requirement or a `with`, `without` or `or` of them.
pub(super) fn single_providers(universe: &Universe, requirement: &Requirement) -> Vec<usize> {
    match requirement {
        Requirement::One(capability) => universe.providers(capability),
        Requirement::With(list) => {
            let mut lists = list.iter().map(|one| single_providers(universe, one));
            let mut found = lists.next().unwrap_or_default();
            for other in lists {
                found.retain(|package| other.contains(package));
            }
            found
        }
        Requirement::Without(left, right) => {
            let excluded = single_providers(universe, right);
            let mut found = single_providers(universe, left);
            found.retain(|package| !excluded.contains(package));
            found
        }
        Requirement::Or(list) => {
            let mut found = Vec::new();
            for package in list.iter().flat_map(|one| single_providers(universe, one)) {
                if !found.contains(&package) {
                    found.push(package);
                }
            }
            found
        }
        // The parser refuses these inside `with`, and elsewhere they are not asked of one package.
        Requirement::And(_) | Requirement::If { .. } | Requirement::Unless { .. } => Vec::new(),
    }
}

fn and(children: Vec<Node>) -> Node {
    let mut kept = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Node::True => {}
            Node::False => return Node::False,
            other => kept.push(other),
        }
    }
    match kept.len() {
        0 => Node::True,
        1 => kept.remove(0),
        _ => Node::And(kept),
    }
}

fn or(children: Vec<Node>) -> Node {
    let mut kept = Vec::with_capacity(children.len());
    for child in children {
        match child {
            Node::False => {}
            Node::True => return Node::True,
            other => kept.push(other),
        }
    }
    match kept.len() {
        0 => Node::False,
        1 => kept.remove(0),
        _ => Node::Or(kept),
    }
}
