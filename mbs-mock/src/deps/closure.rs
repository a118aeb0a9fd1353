//! Which RPMs must be installed so that every requirement is met.

use std::collections::HashSet;
use std::sync::Arc;

use super::encode::{Node, Problem, ROOT, literal_of, single_providers};
use super::explain::{Unresolvable, explain};
use super::requirement::Requirement;
use super::sat::{Lit, Outcome, Solver};
use super::universe::Universe;
use crate::host::HostProvides;
use crate::rpms::RpmFacts;

/// How many contradictions are followed before the search ends with [`Unresolvable::GaveUp`]. The question is hard
/// only in theory: modules with thousands of RPMs meet a handful.
const MAX_CONFLICTS: usize = 20_000;

/// Why an RPM was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Because {
    /// The RPM that needs it (its NEVRA); none when it was asked for.
    pub needed_by: Option<String>,
    /// The requirement it meets.
    pub requirement: String,
}

/// One chosen RPM.
#[derive(Clone, Debug)]
pub struct Chosen {
    /// The RPM.
    pub rpm: Arc<RpmFacts>,
    /// The first requirement that led to it.
    pub because: Because,
}

/// A set of RPMs that, together with the host, meets everything asked for and everything they require themselves.
#[derive(Clone, Debug, Default)]
pub struct Closure {
    /// The RPMs, in the order in which requirements led to them.
    pub chosen: Vec<Chosen>,
}

impl Closure {
    /// The chosen RPMs.
    pub fn rpms(&self) -> impl ExactSizeIterator<Item = &Arc<RpmFacts>> {
        self.chosen.iter().map(|chosen| &chosen.rpm)
    }
}

/// Chooses RPMs of `universe` that meet `wanted` together with `host`.
///
/// - Where several providers meet a requirement, the module's own come first, then those of other modules, then the host;
///   among them the one with the newest version of
///   the capability, then the newest package, then name and architecture. An RPM that is chosen already is enough.
/// - A provider that cannot be installed (its own requirements fail, or it conflicts with another choice or the host)
///   gives way to the next one, at last to the host.
/// - `Conflicts` count in both directions and against the host; an RPM is never installed beside one whose name it
///   obsoletes, nor beside another version of itself.
///
/// The same input gives the same answer. The search is complete up to 20,000 contradictions.
pub fn closure(wanted: &[Requirement], universe: &Universe, host: &HostProvides) -> Result<Closure, Unresolvable> {
    let mut problem = Problem::new(wanted, universe, host);
    let mut outcome = problem.solver.start();
    let mut cursor = 0;
    while outcome == Outcome::Consistent {
        let Some(choice) = next_choice(&problem, &mut cursor) else {
            return Ok(describe(&problem));
        };
        let before = problem.solver.conflicts();
        outcome = problem.solver.decide(choice, MAX_CONFLICTS);
        if problem.solver.conflicts() > before {
            cursor = 0;
        }
    }
    match outcome {
        Outcome::Contradiction(origins) => Err(explain(&problem, &origins)),
        Outcome::GaveUp | Outcome::Consistent => Err(Unresolvable::GaveUp { conflicts: MAX_CONFLICTS }),
    }
}

/// The first open requirement of what is installed, and what to try for it.
///
/// `cursor` counts entries of the trail whose requirements were seen met. A later choice can open one of them again
/// (a condition that has become true), so the end is confirmed by a full pass.
fn next_choice(problem: &Problem<'_>, cursor: &mut usize) -> Option<Lit> {
    loop {
        let from = *cursor;
        let trail = problem.solver.trail();
        while let Some(literal) = trail.get(*cursor) {
            if literal.is_positive() {
                let open = problem.trees[literal.variable()].iter().find(|tree| !is_met(&problem.solver, tree));
                if let Some(choice) = open.and_then(|tree| pick(&problem.solver, tree)) {
                    return Some(choice);
                }
            }
            *cursor += 1;
        }
        if from == 0 {
            return None;
        }
        *cursor = 0;
    }
}

/// Whether the tree holds when everything unset stays out.
fn is_met(solver: &Solver, node: &Node) -> bool {
    match node {
        Node::True => true,
        Node::False => false,
        Node::Lit(literal) => solver.value(*literal).unwrap_or(!literal.is_positive()),
        Node::And(list) => list.iter().all(|one| is_met(solver, one)),
        Node::Or(list) => list.iter().any(|one| is_met(solver, one)),
    }
}

/// Whether nothing that is set forbids the tree.
fn is_possible(solver: &Solver, node: &Node) -> bool {
    match node {
        Node::True => true,
        Node::False => false,
        Node::Lit(literal) => solver.value(*literal) != Some(false),
        Node::And(list) => list.iter().all(|one| is_possible(solver, one)),
        Node::Or(list) => list.iter().any(|one| is_possible(solver, one)),
    }
}

/// The unset literal to try first for a tree that is not met.
fn pick(solver: &Solver, node: &Node) -> Option<Lit> {
    match node {
        Node::True | Node::False => None,
        Node::Lit(literal) => solver.value(*literal).is_none().then_some(*literal),
        Node::And(list) => list.iter().filter(|one| !is_met(solver, one)).find_map(|one| pick(solver, one)),
        Node::Or(list) => list.iter().filter(|one| is_possible(solver, one)).find_map(|one| pick(solver, one)),
    }
}

/// Lists what is installed, from the asking side outward. What is there only because a condition or a conflict asks for
/// it comes after what plain requirements lead to.
fn describe(problem: &Problem<'_>) -> Closure {
    let universe = problem.universe;
    let is_installed = |package: &usize| {
        let variable = problem.variable_of(*package);
        variable.is_some_and(|variable| problem.solver.value(literal_of(variable)) == Some(true))
    };
    let mut seen = HashSet::new();
    let mut order = vec![ROOT];
    let mut closure = Closure::default();
    let (mut direct, mut indirect) = (0, 0);
    loop {
        let is_direct = direct < order.len();
        let next = if is_direct { &mut direct } else { &mut indirect };
        let Some(&variable) = order.get(*next) else { return closure };
        *next += 1;
        let asking = problem.packages[variable].map(|package| universe.candidate(package));
        let conflicts = asking.map_or(&[][..], |candidate| &candidate.conflicts);
        let rest = if is_direct { &[][..] } else { conflicts };
        for requirement in problem.requirements(variable).iter().chain(rest) {
            let mut providers = if is_direct {
                providers_of(universe, requirement)
            } else {
                requirement.capabilities().into_iter().flat_map(|one| universe.providers(one)).collect()
            };
            providers.retain(is_installed);
            for package in providers {
                if seen.insert(package) {
                    let because = Because {
                        needed_by: asking.map(|candidate| candidate.facts.nevra()),
                        requirement: requirement.to_string(),
                    };
                    closure.chosen.push(Chosen { rpm: Arc::clone(&universe.candidate(package).facts), because });
                    order.extend(problem.variable_of(package));
                }
            }
        }
    }
}

/// The packages that a requirement may ask for.
pub(super) fn providers_of(universe: &Universe, requirement: &Requirement) -> Vec<usize> {
    match requirement {
        Requirement::And(list) | Requirement::Or(list) => {
            list.iter().flat_map(|one| providers_of(universe, one)).collect()
        }
        Requirement::If { then, otherwise, .. } | Requirement::Unless { then, otherwise, .. } => {
            let mut found = providers_of(universe, then);
            if let Some(otherwise) = otherwise {
                found.extend(providers_of(universe, otherwise));
            }
            found
        }
        single => single_providers(universe, single),
    }
}
