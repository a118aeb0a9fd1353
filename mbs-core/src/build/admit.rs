//! Who gets the next slot: a pure function over what waits, what runs and the limits.

use crate::plan::ComponentIx;
use crate::{BuildId, Owner};
use std::collections::BTreeMap;

/// Limits on components that run at the same time; none: no limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Limits {
    /// In one module build.
    pub per_build: Option<usize>,
    /// In all builds of one owner.
    pub per_owner: Option<usize>,
    /// In all builds of the backend.
    pub per_backend: Option<usize>,
}

/// Whose turn it was last: the rotation goes on behind it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Turn {
    owner: Option<Owner>,
    builds: BTreeMap<Owner, BuildId>,
}

/// What runs at the moment, in the whole backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Running {
    /// Running components per build, with the owner of the build.
    pub builds: BTreeMap<BuildId, (Owner, usize)>,
    /// Where the rotation stands.
    pub turn: Turn,
}

/// A build with components that may start.
pub struct WaitingBuild<'a> {
    /// The build.
    pub build: BuildId,
    /// Its owner.
    pub owner: &'a Owner,
    /// What may start, longest first. Only as much of it is read as is granted.
    pub ready: Box<dyn Iterator<Item = ComponentIx> + 'a>,
}

/// A slot for a component.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grant {
    /// The build.
    pub build: BuildId,
    /// The component.
    pub component: ComponentIx,
}

type ReadyQueue<'a> = std::iter::Peekable<Box<dyn Iterator<Item = ComponentIx> + 'a>>;

/// Hands out the free slots, one at a time: round robin over owners, then over the builds of the owner. Moves
/// `running.turn` on, and counts what it granted in `running.builds`.
///
/// Deterministic; reads of each build only what it grants. Costs O(grants x log(owners and builds)).
pub fn admit(waiting: Vec<WaitingBuild<'_>>, running: &mut Running, limits: &Limits) -> Vec<Grant> {
    let mut total: usize = running.builds.values().map(|(_, n)| n).sum();
    let mut per_owner: BTreeMap<Owner, usize> = BTreeMap::new();
    for (owner, n) in running.builds.values() {
        *per_owner.entry(owner.clone()).or_insert(0) += n;
    }
    let mut queue: BTreeMap<Owner, BTreeMap<BuildId, ReadyQueue<'_>>> = BTreeMap::new();
    for mut build in waiting.into_iter().map(|w| (w.owner.clone(), w.build, w.ready.peekable())) {
        if build.2.peek().is_some() {
            queue.entry(build.0).or_default().insert(build.1, build.2);
        }
    }
    let below = |n: usize, limit: Option<usize>| limit.is_none_or(|limit| n < limit);
    let mut grants = Vec::new();
    while below(total, limits.per_backend) {
        let Some(owner) = after(&queue, running.turn.owner.as_ref()).cloned() else { break };
        running.turn.owner = Some(owner.clone());
        let builds = queue.entry(owner.clone()).or_default();
        if !below(per_owner.get(&owner).copied().unwrap_or(0), limits.per_owner) {
            queue.remove(&owner);
            continue;
        }
        let Some(build) = after(builds, running.turn.builds.get(&owner)).copied() else {
            queue.remove(&owner);
            continue;
        };
        running.turn.builds.insert(owner.clone(), build);
        let in_build = running.builds.get(&build).map_or(0, |(_, n)| *n);
        let next =
            if below(in_build, limits.per_build) { builds.get_mut(&build).and_then(Iterator::next) } else { None };
        let Some(component) = next else {
            builds.remove(&build);
            continue;
        };
        grants.push(Grant { build, component });
        total += 1;
        *per_owner.entry(owner.clone()).or_insert(0) += 1;
        running.builds.entry(build).or_insert((owner, 0)).1 += 1;
    }
    grants
}

/// The first key behind `last`, going round.
fn after<'a, K: Ord, V>(map: &'a BTreeMap<K, V>, last: Option<&K>) -> Option<&'a K> {
    use std::ops::Bound::{Excluded, Unbounded};
    last.and_then(|last| map.range::<K, _>((Excluded(last), Unbounded)).next())
        .or_else(|| map.first_key_value())
        .map(|(key, _)| key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn owner(name: &str) -> Owner {
        Owner::new(name).expect("owner")
    }

    fn waiting(build: u64, owner: &Owner, n: u32) -> WaitingBuild<'_> {
        WaitingBuild { build: BuildId(build), owner, ready: Box::new((0..n).map(ComponentIx)) }
    }

    fn builds(grants: &[Grant]) -> Vec<u64> {
        grants.iter().map(|grant| grant.build.0).collect()
    }

    #[test]
    fn one_component_of_one_owner_does_not_wait_behind_a_hundred_of_another() {
        let (ann, bob) = (owner("ann"), owner("bob"));
        let limits = Limits { per_backend: Some(2), ..Limits::default() };
        let mut running = Running::default();
        let grants = admit(vec![waiting(1, &ann, 100), waiting(2, &bob, 1)], &mut running, &limits);
        assert_eq!(builds(&grants), [1, 2]);
    }

    #[test]
    fn one_slot_at_a_time_still_goes_round() {
        let (ann, bob) = (owner("ann"), owner("bob"));
        let limits = Limits { per_backend: Some(1), ..Limits::default() };
        let mut turn = Turn::default();
        let mut served = Vec::new();
        for round in 0..6 {
            let mut running = Running { turn, ..Running::default() };
            let all = vec![waiting(1, &ann, 100), waiting(2, &ann, 100), waiting(3, &bob, u32::from(round < 2))];
            served.extend(builds(&admit(all, &mut running, &limits)));
            turn = running.turn;
        }
        assert_eq!(served, [1, 3, 2, 1, 2, 1]);
    }

    #[test]
    fn every_limit_holds_counting_what_runs_already() {
        let (ann, bob) = (owner("ann"), owner("bob"));
        let limits = Limits { per_build: Some(3), per_owner: Some(4), per_backend: Some(6) };
        let mut running = Running::default();
        running.builds.insert(BuildId(1), (ann.clone(), 2));
        let all = vec![waiting(1, &ann, 10), waiting(2, &ann, 10), waiting(3, &bob, 10)];
        let grants = admit(all, &mut running, &limits);
        assert_eq!(builds(&grants), [1, 3, 2, 3]);
        assert_eq!(running.builds.values().map(|(_, n)| n).sum::<usize>(), 6);
    }

    #[test]
    fn no_limit_grants_everything() {
        let ann = owner("ann");
        let grants = admit(vec![waiting(1, &ann, 1000)], &mut Running::default(), &Limits::default());
        assert_eq!(grants.len(), 1000);
    }
}
