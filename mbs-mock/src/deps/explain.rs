//! Why requirements cannot be met, told as a chain.

use std::fmt;

use thiserror::Error;

use super::closure::providers_of;
use super::encode::{Node, Origin, Problem, ROOT};
use super::requirement::Requirement;

/// How many offers of one name a message lists.
const MAX_OFFERS: usize = 5;

/// Why no set of RPMs meets what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unresolvable {
    /// Requirements that nobody meets. One chain for each of the requirements asked for.
    #[error("{}", .chains.iter().map(|chain| Chain(chain).to_string()).collect::<Vec<_>>().join("; "))]
    Missing {
        /// Each chain begins with what was asked for and ends with what is missing.
        chains: Vec<Vec<Step>>,
    },
    /// Everything has a provider, but the providers exclude each other.
    #[error("the requirements cannot be met together: {}", .reasons.join("; "))]
    Excluded {
        /// The exclusions and the requirements that meet in the contradiction.
        reasons: Vec<String>,
    },
    /// The search was too long.
    #[error("found no answer after {conflicts} contradictions; name the packages that are meant in `BuildRequires`")]
    GaveUp {
        /// How many contradictions were followed.
        conflicts: usize,
    },
}

/// One step of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The RPM that has the requirement, by NEVRA and, if it is another module's, that module; none for what was asked
    /// for.
    pub needed_by: Option<String>,
    /// The requirement.
    pub requirement: String,
    /// Whether the text is a conflict that is violated, not a requirement.
    pub is_conflict: bool,
    /// What the module offers under the names in the requirement, suitable or not.
    pub module_offers: Vec<Offer>,
    /// What the host offers under these names.
    pub host_offers: Vec<String>,
}

/// Something an RPM of the module offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The capability with its version.
    pub capability: String,
    /// The RPM, by NEVRA and, if it is another module's, that module.
    pub rpm: String,
}

struct Chain<'a>(&'a [Step]);

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(last) = self.0.last() else { return Ok(()) };
        if last.is_conflict {
            let rpm = last.needed_by.as_deref().unwrap_or_default();
            write!(f, "`{rpm}` conflicts with `{}`", last.requirement)?;
        } else {
            write!(f, "`{}`", last.requirement)?;
            if let Some(rpm) = &last.needed_by {
                write!(f, " <- required by `{rpm}`")?;
            }
        }
        for step in self.0.iter().rev().skip(1) {
            write!(f, " <- needed for `{}`", step.requirement)?;
            if let Some(rpm) = &step.needed_by {
                write!(f, " of `{rpm}`")?;
            }
        }
        f.write_str(": the module offers ")?;
        if last.module_offers.is_empty() {
            f.write_str("nothing")?;
        }
        for (index, offer) in last.module_offers.iter().take(MAX_OFFERS).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}`{}` in `{}`", offer.capability, offer.rpm)?;
        }
        f.write_str(", this machine offers ")?;
        if last.host_offers.is_empty() {
            return f.write_str("nothing");
        }
        for (index, offer) in last.host_offers.iter().take(MAX_OFFERS).enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}`{offer}`")?;
        }
        Ok(())
    }
}

pub(super) fn explain(problem: &Problem<'_>, origins: &[usize]) -> Unresolvable {
    let dead = Dead::find(problem);
    if let Some(failing) = dead.first_failing(problem, ROOT) {
        let all = (failing..problem.trees[ROOT].len()).filter(|index| !dead.may_hold(problem, ROOT, *index));
        return Unresolvable::Missing { chains: all.map(|index| dead.chain(problem, index)).collect() };
    }
    let name = |variable: usize| match problem.packages[variable] {
        Some(package) => format!("`{}`", problem.universe.candidate(package).label()),
        None => "the request".to_owned(),
    };
    let mut reasons: Vec<String> = Vec::new();
    let mut needs: Vec<String> = Vec::new();
    for origin in origins.iter().map(|index| &problem.origins[*index]) {
        match origin {
            Origin::Asked => {}
            Origin::Conflicts { package, text } => reasons.push(format!("{} conflicts with `{text}`", name(*package))),
            Origin::Obsoletes { package, other } => {
                reasons.push(format!("{} obsoletes {}", name(*package), name(*other)));
            }
            Origin::SameName { package, other } => {
                reasons.push(format!("{} and {} have the same name", name(*package), name(*other)));
            }
            Origin::Requires { package, requirement } => {
                let text = &problem.requirements(*package)[*requirement];
                needs.push(format!("{} needs `{text}`", name(*package)));
            }
        }
    }
    reasons.extend(needs);
    Unresolvable::Excluded { reasons }
}

/// The packages that can never be installed, whatever else is: some requirement has no provider, or only dead ones.
struct Dead {
    /// By variable: when it was found dead.
    rounds: Vec<Option<usize>>,
}

impl Dead {
    fn find(problem: &Problem<'_>) -> Self {
        let mut dead = Self { rounds: vec![None; problem.packages.len()] };
        for round in 0.. {
            let found: Vec<usize> = (0..problem.packages.len())
                .filter(|variable| problem.packages[*variable].is_some() && dead.rounds[*variable].is_none())
                .filter(|variable| dead.first_failing(problem, *variable).is_some())
                .collect();
            if found.is_empty() {
                break;
            }
            for variable in found {
                dead.rounds[variable] = Some(round);
            }
        }
        dead
    }

    fn first_failing(&self, problem: &Problem<'_>, variable: usize) -> Option<usize> {
        (0..problem.trees[variable].len()).find(|index| !self.may_hold(problem, variable, *index))
    }

    fn may_hold(&self, problem: &Problem<'_>, variable: usize, index: usize) -> bool {
        self.is_open(&problem.trees[variable][index])
    }

    fn is_open(&self, node: &Node) -> bool {
        match node {
            Node::True => true,
            Node::False => false,
            Node::Lit(literal) => !literal.is_positive() || self.rounds[literal.variable()].is_none(),
            Node::And(list) => list.iter().all(|one| self.is_open(one)),
            Node::Or(list) => list.iter().any(|one| self.is_open(one)),
        }
    }

    fn chain(&self, problem: &Problem<'_>, index: usize) -> Vec<Step> {
        let mut chain = Vec::new();
        let mut place = Some((ROOT, index));
        let mut before = usize::MAX;
        while let Some((variable, index)) = place {
            let required = problem.requirements(variable);
            let conflicts = problem.packages[variable].map(|package| &problem.universe.candidate(package).conflicts);
            let is_conflict = index >= required.len();
            let Some(requirement) =
                required.get(index).or_else(|| conflicts.and_then(|list| list.get(index - required.len())))
            else {
                break;
            };
            chain.push(step(problem, variable, requirement, is_conflict));
            // Only what was dead in an earlier round can be the cause, so the walk ends.
            let cause = providers_of(problem.universe, requirement)
                .into_iter()
                .filter_map(|package| problem.variable_of(package))
                .find(|one| !is_conflict && self.rounds[*one].is_some_and(|round| round < before));
            place = cause.and_then(|one| self.first_failing_before(problem, one).map(|index| (one, index)));
            before = cause.and_then(|one| self.rounds[one]).unwrap_or(0);
        }
        chain
    }

    /// The requirement that failed when the package was found dead: its causes died in earlier rounds.
    fn first_failing_before(&self, problem: &Problem<'_>, variable: usize) -> Option<usize> {
        let round = self.rounds[variable]?;
        let earlier = Self { rounds: self.rounds.iter().map(|one| one.filter(|other| *other < round)).collect() };
        earlier.first_failing(problem, variable)
    }
}

fn step(problem: &Problem<'_>, variable: usize, requirement: &Requirement, is_conflict: bool) -> Step {
    let universe = problem.universe;
    let mut module_offers = Vec::new();
    let mut host_offers = Vec::new();
    for capability in requirement.capabilities() {
        for (package, range) in universe.offers(&capability.name) {
            let offered = match range {
                Some(range) => format!("{} {range}", capability.name),
                None => capability.name.clone(),
            };
            module_offers.push(Offer { capability: offered, rpm: universe.candidate(package).label() });
        }
        host_offers.extend(problem.host.offers(&capability.name).map(ToString::to_string));
    }
    Step {
        needed_by: problem.packages[variable].map(|package| universe.candidate(package).label()),
        requirement: requirement.to_string(),
        is_conflict,
        module_offers,
        host_offers,
    }
}
