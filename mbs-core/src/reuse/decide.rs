//! Which components are taken from an earlier build.

use super::candidate::{CandidateComponent, ComponentFacts, ReuseCandidate, component_facts};
use super::local::{LocalSide, local_reasons, short};
use super::options::ReuseOptions;
use super::plan::{ReuseDecision, ReusePlan, ReuseReason, ReusedComponent};
use super::reason::ReuseCode;
use super::strategy::RebuildStrategy;
use crate::build::NewBuild;
use crate::plan::{ComponentIx, MACROS_BATCH, Order, PlannedComponent};
use crate::{Arch, ComponentName};
use std::collections::{BTreeMap, BTreeSet};

/// How many differences one reason names.
const MOST_NAMED: usize = 3;

/// Decides for each component of a plan whether it is taken from an earlier build.
///
/// - `all`: nothing is taken.
/// - `only-changed`: what has the same commit and the same architectures.
/// - `changed-and-after`: what beside has the same batch, if the RPM macros of the modules are the same and every earlier
///   batch holds the same components with the same commits and architectures; and only if everything of the batch before
///   is taken. With a graph, what is built before a component stands for the earlier batches.
///
/// If everything can be taken, nothing is built, the macros neither ([`ReusePlan::nothing_is_built`]). A component without a commit, such as a custom
/// source package, is never taken.
pub fn decide(
    new: &NewBuild,
    candidate: &ReuseCandidate,
    strategy: RebuildStrategy,
    options: &ReuseOptions,
) -> ReusePlan {
    let sides = Sides::of(new, candidate, strategy, options);
    let plan = &new.request.plan;
    let mut reasons: Vec<Vec<ReuseReason>> = plan.components.iter().map(|spec| sides.component(spec)).collect();
    let is_own = |ix: &usize| *ix != ComponentIx::MACROS.index() && plan.components[*ix].excluded.is_none();
    let everything = (0..plan.components.len()).filter(is_own).all(|ix| reasons[ix].is_empty());
    if strategy == RebuildStrategy::ChangedAndAfter && !everything {
        for ix in plan.indices().skip(1) {
            // What comes before was decided before: plans are sorted by batch.
            if let (true, Some(reason)) = (reasons[ix.index()].is_empty(), sides.built_before(ix, &reasons)) {
                reasons[ix.index()].push(reason);
            }
        }
    }
    let components = plan.components.iter().zip(reasons).map(|(spec, reasons)| ReuseDecision {
        component: spec.name.clone(),
        reused: reasons.is_empty().then(|| sides.taken(&spec.name)),
        reasons,
    });
    ReusePlan { from: Some(candidate.reference()), reasons: Vec::new(), components: components.collect() }
}

/// The two builds.
struct Sides<'a> {
    new: &'a NewBuild,
    own: BTreeMap<ComponentName, ComponentFacts>,
    candidate: &'a ReuseCandidate,
    strategy: RebuildStrategy,
    local: bool,
    /// What a component is built for that names no architectures.
    all_arches: BTreeSet<Arch>,
    /// What speaks against every component.
    general: Vec<ReuseReason>,
    /// Per batch from 2 on that differs: why. The first one speaks against all later batches.
    first_difference: Option<(u32, String)>,
}

impl<'a> Sides<'a> {
    fn of(new: &'a NewBuild, candidate: &'a ReuseCandidate, strategy: RebuildStrategy, options: &ReuseOptions) -> Self {
        let own = component_facts(&new.request);
        let mut general = Vec::new();
        if strategy == RebuildStrategy::All {
            general.push(ReuseCode::StrategyAll.because("the rebuild strategy is `all`"));
        }
        let local = options.is_local(candidate);
        if local {
            general.extend(local_reasons(&LocalSide::of(&new.request), candidate));
        } else if strategy == RebuildStrategy::ChangedAndAfter && candidate.macros != new.request.macros {
            let message = format!("the RPM macros here are not those of `{}`", candidate.nsvc);
            general.push(ReuseCode::OtherMacros.because(message));
        }
        let all_arches = if options.arches.is_empty() { likely_arches(new, candidate) } else { options.arches.clone() };
        let first_difference = first_difference(&own, candidate, &all_arches);
        Self { new, own, candidate, strategy, local, all_arches, general, first_difference }
    }

    fn taken(&self, name: &ComponentName) -> ReusedComponent {
        self.candidate.components.get(name).map(|one| one.taken.clone()).unwrap_or_default()
    }

    /// Why a component is not taken, whatever becomes of the others.
    fn component(&self, spec: &PlannedComponent) -> Vec<ReuseReason> {
        let nsvc = &self.candidate.nsvc;
        if spec.batch == MACROS_BATCH {
            return vec![ReuseCode::Macros.because("the macros package carries the identity of its build")];
        }
        if let Some(excluded) = &spec.excluded {
            return vec![ReuseCode::Excluded.because(excluded.to_string())];
        }
        let Some(own) = self.own.get(&spec.name) else { return Vec::new() };
        let mut reasons = self.general.clone();
        let Some(CandidateComponent { facts: other, taken }) = self.candidate.components.get(&spec.name) else {
            reasons.push(ReuseCode::Absent.because(format!("`{nsvc}` does not have it")));
            return reasons;
        };
        match (&own.commit, &other.commit) {
            (None, _) => reasons.push(ReuseCode::NoCommit.because("its source is not a known commit")),
            (_, None) => {
                reasons.push(
                    ReuseCode::Unrecorded.because(format!("`{nsvc}` does not tell which commit it was built of")),
                );
            }
            (Some(own), Some(other)) if own != other => {
                let message = format!("ref `{}` here, `{}` in `{nsvc}`", short(own), short(other));
                reasons.push(ReuseCode::OtherCommit.because(message));
            }
            _ => {}
        }
        if other.batch.is_none() {
            reasons.push(ReuseCode::Unrecorded.because(format!("`{nsvc}` does not tell which batch it was built in")));
        }
        if !same_arches(own, other, &self.all_arches) {
            let message = format!("architectures {} here, {} in `{nsvc}`", shown(&own.arches), shown(&other.arches));
            reasons.push(ReuseCode::OtherArches.because(message));
        }
        if self.strategy == RebuildStrategy::ChangedAndAfter {
            reasons.extend(self.order(own, other));
        }
        if self.local && (taken.key.is_none() && taken.built.is_none()) {
            reasons
                .push(ReuseCode::PackagesUnknown.because(format!("which packages `{nsvc}` holds of it is not known")));
        }
        reasons
    }

    /// Why a component is not built in the same surroundings.
    fn order(&self, own: &ComponentFacts, other: &ComponentFacts) -> Option<ReuseReason> {
        let nsvc = &self.candidate.nsvc;
        match (&own.before, &other.before) {
            (None, None) => {
                let (batch, there) = (own.batch?, other.batch?);
                if batch != there {
                    return Some(ReuseCode::OtherBatch.because(format!("batch {batch} here, {there} in `{nsvc}`")));
                }
                let (_, message) = self.first_difference.as_ref().filter(|(first, _)| *first < batch)?;
                Some(ReuseCode::OtherBefore.because(message.clone()))
            }
            (Some(before), Some(there)) => {
                let names: BTreeSet<_> = before.union(there).collect();
                let side = |all: &BTreeSet<ComponentName>, name: &ComponentName| all.contains(name);
                let differs = |name: &&&ComponentName| side(before, name) != side(there, name) || self.differs(name);
                let differ: Vec<&&ComponentName> = names.iter().filter(differs).collect();
                let message = format!("what is built before it differs from `{nsvc}`: {}", self.named(&differ)?);
                Some(ReuseCode::OtherBefore.because(message))
            }
            (Some(_), None) | (None, Some(_)) => {
                let message = format!("ordered by `buildafter` only here or only in `{nsvc}`");
                Some(ReuseCode::OtherBatch.because(message))
            }
        }
    }

    fn differs(&self, name: &ComponentName) -> bool {
        let other = self.candidate.components.get(name).map(|one| &one.facts);
        !same_member(self.own.get(name), other, &self.all_arches)
    }

    /// Some names, each with what differs; none for no name.
    fn named(&self, names: &[&&ComponentName]) -> Option<String> {
        let other = |name: &ComponentName| self.candidate.components.get(name).map(|one| &one.facts);
        describe(names.iter().map(|name| (**name, self.own.get(**name), other(name))).collect())
    }

    /// Why a component that could be taken is built because of what comes before it.
    ///
    /// Only the batch right before counts, and an unused number counts as taken: the earlier ones have been compared.
    fn built_before(&self, ix: ComponentIx, reasons: &[Vec<ReuseReason>]) -> Option<ReuseReason> {
        let plan = &self.new.request.plan;
        let batch = plan.component(ix).batch;
        let is_built = |before: &ComponentIx| {
            let spec = plan.component(*before);
            *before != ComponentIx::MACROS && spec.excluded.is_none() && !reasons[before.index()].is_empty()
        };
        let before = match plan.order {
            Order::Batches if batch <= MACROS_BATCH + 1 => None,
            Order::Batches => plan.batch(batch - 1).map(|(ix, _)| ix).find(is_built),
            Order::Graph => plan.visible(ix).into_iter().find(is_built),
        };
        let name = &plan.component(before?).name;
        Some(ReuseCode::BeforeIsBuilt.because(format!("`{name}`, which comes before it, is built anew")))
    }
}

/// Whether a batch holds the same of a component on both sides.
fn same_member(own: Option<&ComponentFacts>, other: Option<&ComponentFacts>, all_arches: &BTreeSet<Arch>) -> bool {
    match (own, other) {
        (Some(own), Some(other)) => own.commit == other.commit && same_arches(own, other, all_arches),
        _ => false,
    }
}

/// The architectures that a component without any is built for, where nobody says: a build system writes them into its
/// documents, so all that one from elsewhere names are taken for them; else it is the one of the build.
fn likely_arches(new: &NewBuild, candidate: &ReuseCandidate) -> BTreeSet<Arch> {
    let own = &new.request.arch;
    let named: BTreeSet<Arch> =
        candidate.components.values().flat_map(|component| component.facts.arches.iter().cloned()).collect();
    if candidate.build.is_none() && named.contains(own) { named } else { BTreeSet::from([own.clone()]) }
}

/// Whether a component is built for the same architectures on both sides.
fn same_arches(own: &ComponentFacts, other: &ComponentFacts, all: &BTreeSet<Arch>) -> bool {
    let full = |facts: &'_ ComponentFacts| if facts.arches.is_empty() { all.clone() } else { facts.arches.clone() };
    own.arches == other.arches || full(own) == full(other)
}

type Difference<'a> = (&'a ComponentName, Option<&'a ComponentFacts>, Option<&'a ComponentFacts>);

/// The lowest batch that does not hold the same on both sides, and what differs in it.
fn first_difference(
    own: &BTreeMap<ComponentName, ComponentFacts>,
    candidate: &ReuseCandidate,
    all_arches: &BTreeSet<Arch>,
) -> Option<(u32, String)> {
    let mut differences: BTreeMap<u32, Vec<Difference<'_>>> = BTreeMap::new();
    let mut note = |batch: Option<u32>, difference| {
        if let Some(batch) = batch {
            differences.entry(batch).or_default().push(difference);
        }
    };
    for (name, facts) in own {
        let other = candidate.components.get(name).map(|one| &one.facts);
        let same_batch = other.is_some_and(|other| other.batch == facts.batch);
        if !same_batch || !same_member(Some(facts), other, all_arches) {
            note(facts.batch, (name, Some(facts), other));
            if !same_batch && let Some(other) = other {
                note(other.batch, (name, Some(facts), Some(other)));
            }
        }
    }
    for (name, other) in &candidate.components {
        if !own.contains_key(name) {
            note(other.facts.batch, (name, None, Some(&other.facts)));
        }
    }
    let (batch, differences) = differences.into_iter().next()?;
    let message = describe(differences)?;
    Some((batch, format!("batch {batch} differs from `{}`: {message}", candidate.nsvc)))
}

/// What differs, in words; none for no difference.
fn describe(differences: Vec<Difference<'_>>) -> Option<String> {
    let total = differences.len();
    let mut words: Vec<String> = differences.into_iter().take(MOST_NAMED).map(difference).collect();
    if total > MOST_NAMED {
        words.push(format!("{} more", total - MOST_NAMED));
    }
    (!words.is_empty()).then(|| words.join(", "))
}

fn difference((name, own, other): Difference<'_>) -> String {
    let commit = |facts: &ComponentFacts| facts.commit.as_deref().map_or("unknown", short).to_owned();
    match (own, other) {
        (Some(own), Some(other)) if own.batch != other.batch => {
            let batch = |facts: &ComponentFacts| facts.batch.map_or_else(|| "unknown".to_owned(), |n| n.to_string());
            format!("`{name}` is in batch {} here, {} there", batch(own), batch(other))
        }
        (Some(own), Some(other)) if own.commit != other.commit => {
            format!("`{name}` has ref `{}` here, `{}` there", commit(own), commit(other))
        }
        (Some(own), Some(other)) if own.arches != other.arches => {
            format!("`{name}` has architectures {} here, {} there", shown(&own.arches), shown(&other.arches))
        }
        (Some(_), Some(_)) => format!("`{name}` comes before it on one side only"),
        (Some(_), None) => format!("`{name}` is only here"),
        (None, _) => format!("`{name}` is only there"),
    }
}

fn shown(arches: &BTreeSet<Arch>) -> String {
    if arches.is_empty() {
        return "all".to_owned();
    }
    arches.iter().map(|arch| format!("`{arch}`")).collect::<Vec<_>>().join(" ")
}
