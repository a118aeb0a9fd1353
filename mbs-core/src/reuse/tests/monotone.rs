//! More differences never let more be taken.

use super::support::{Part, candidate, fingerprint, new_build, part, with};
use crate::build::NewBuild;
use crate::reuse::{RebuildStrategy, ReuseOptions, decide};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Something that is other in the new build. Every change is to a value of its own, so that no two cancel each other.
#[derive(Debug, Clone, Copy)]
enum Change {
    Commit(usize),
    NoCommit(usize),
    Arches(usize),
    Later(usize),
    Gone(usize),
    Added(i64),
    Macros,
    Platform,
    Dependency,
}

fn change() -> impl Strategy<Value = Change> {
    let at = 0usize..6;
    prop_oneof![
        at.clone().prop_map(Change::Commit),
        at.clone().prop_map(Change::NoCommit),
        at.clone().prop_map(Change::Arches),
        at.clone().prop_map(Change::Later),
        at.prop_map(Change::Gone),
        (0i64..5).prop_map(Change::Added),
        Just(Change::Macros),
        Just(Change::Platform),
        Just(Change::Dependency),
    ]
}

fn names(count: usize) -> Vec<String> {
    (0..count).map(|n| format!("c{n}")).collect()
}

fn new(parts: &[Part], changes: &[Change], strategy: RebuildStrategy) -> NewBuild {
    let mut parts = parts.to_vec();
    let mut gone = BTreeSet::new();
    let (mut added, mut later) = (Vec::new(), false);
    for change in changes {
        match change {
            Change::Commit(at) => {
                if let Some(part) = parts.get_mut(*at).filter(|part| part.commit.is_some()) {
                    part.commit = Some("f".repeat(40));
                }
            }
            Change::NoCommit(at) => {
                if let Some(part) = parts.get_mut(*at) {
                    part.commit = None;
                }
            }
            Change::Arches(at) => {
                if let Some(part) = parts.get_mut(*at) {
                    part.arches = vec!["ppc64le"];
                }
            }
            Change::Later(at) => {
                if let Some(part) = parts.get_mut(*at) {
                    part.buildorder = 1000 + i64::try_from(*at).expect("small");
                    later = true;
                }
            }
            Change::Gone(at) => drop(gone.insert(format!("c{at}"))),
            Change::Added(order) => {
                let name = format!("added{order}");
                if !added.iter().any(|part: &Part| part.name == name) {
                    added.push(part(&name, *order));
                }
            }
            Change::Macros | Change::Platform | Change::Dependency => {}
        }
    }
    parts.retain(|part| !gone.contains(&part.name));
    if later {
        // Whatever else is gone, what was moved does not come into its old batch again.
        added.extend((0..6).map(|n| part(&format!("between{n}"), 100 + n)));
    }
    parts.extend(added);
    let has = |wanted: fn(&Change) -> bool| changes.iter().any(wanted);
    with(new_build(&parts, strategy), |request| {
        if has(|change| matches!(change, Change::Macros)) {
            request.macros = "%new 1".to_owned();
        }
        let platform = if has(|change| matches!(change, Change::Platform)) { "q" } else { "p" };
        let tools = if has(|change| matches!(change, Change::Dependency)) { "u" } else { "t" };
        request.fingerprint = Some(fingerprint(platform, tools));
    })
}

proptest! {
    #[test]
    fn one_more_difference_never_lets_more_be_taken(
        orders in prop::collection::vec(0i64..4, 1..6),
        mut changes in prop::collection::vec(change(), 1..6),
        strategy in prop::sample::select(RebuildStrategy::ALL.to_vec()),
        local: bool,
    ) {
        let parts: Vec<Part> = names(orders.len()).iter().zip(&orders).map(|(name, order)| part(name, *order)).collect();
        let mut old = candidate(7, &parts);
        old.fingerprint = Some(fingerprint("p", "t"));
        let options = ReuseOptions { local, ..ReuseOptions::default() };
        let taken = |changes: &[Change]| -> BTreeSet<String> {
            let plan = decide(&new(&parts, changes, strategy), &old, strategy, &options);
            let taken = plan.components.iter().filter(|one| one.reused.is_some());
            taken.map(|one| one.component.to_string()).collect()
        };
        let more = taken(&changes);
        changes.pop();
        let fewer = taken(&changes);
        prop_assert!(more.is_subset(&fewer), "{more:?} beside {fewer:?}");
    }

    #[test]
    fn every_component_is_taken_or_has_a_reason(
        orders in prop::collection::vec(0i64..4, 1..6),
        changes in prop::collection::vec(change(), 0..4),
        strategy in prop::sample::select(RebuildStrategy::ALL.to_vec()),
    ) {
        let parts: Vec<Part> = names(orders.len()).iter().zip(&orders).map(|(name, order)| part(name, *order)).collect();
        let new = new(&parts, &changes, strategy);
        let plan = decide(&new, &candidate(7, &parts), strategy, &ReuseOptions::default());
        prop_assert_eq!(plan.components.len(), new.request.plan.components.len());
        for one in &plan.components {
            prop_assert_eq!(one.reused.is_some(), one.reasons.is_empty());
        }
    }
}
