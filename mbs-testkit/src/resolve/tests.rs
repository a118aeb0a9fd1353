//! The real resolver against the slow one.

use super::{Choice, is_closed, random_case, reference};
use mbs_core::ModuleName;
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Dependency, StreamSet};
use mbs_core::resolve::{ExpandError, Expansion, ModuleFacts, Universe, expand};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

fn choices(found: &Expansion) -> BTreeSet<Choice> {
    let one = |result: &mbs_core::resolve::Expanded| {
        let direct = result.picks.iter().filter(|pick| pick.direct);
        let shown = direct.map(|pick| format!("{}:{}", pick.facts.nsvc.name, pick.facts.nsvc.stream));
        (result.block, shown.collect())
    };
    found.results.iter().map(one).collect()
}

/// Everything picked is build-required, or required by something else that is picked.
fn nothing_superfluous(found: &Expansion) -> bool {
    found.results.iter().all(|result| {
        result.picks.iter().all(|pick| {
            let name = &pick.facts.nsvc.name;
            let needs = |other: &ModuleFacts| other.requires.iter().any(|block| block.contains_key(name));
            pick.direct || result.picks.iter().any(|other| needs(&other.facts))
        })
    })
}

#[test]
fn the_fast_resolver_agrees_with_the_slow_one() {
    let mut kinds = [0_usize; 3];
    for seed in 0..4000 {
        let mut case = random_case(seed);
        // Lists are expanded here; that has tests of its own.
        let all = |name: &str| -> BTreeSet<String> {
            let ready = case
                .builds
                .iter()
                .filter(|build| build.nsvc.name.as_str() == name && build.state == ModuleState::Ready);
            ready.map(|build| build.nsvc.stream.to_string()).collect()
        };
        let expanded = |(name, set): (&String, &StreamSet)| {
            (ModuleName::new(name).expect("name"), if set.0.is_empty() { all(name) } else { set.0.clone() })
        };
        let needs: Vec<BTreeMap<ModuleName, BTreeSet<String>>> =
            case.document.dependencies.iter().map(|block| block.buildrequires.iter().map(expanded).collect()).collect();
        // A block that an earlier one expands to makes no builds of its own.
        let blocks = &case.document.dependencies;
        let both = |block: &Dependency| {
            let side = |side: &BTreeMap<String, StreamSet>| -> BTreeMap<ModuleName, BTreeSet<String>> {
                side.iter().map(expanded).collect()
            };
            (side(&block.buildrequires), side(&block.requires))
        };
        let written = |block: &Dependency| {
            let side = |side: &BTreeMap<String, StreamSet>| -> BTreeMap<ModuleName, BTreeSet<String>> {
                side.iter().map(|(name, set)| (ModuleName::new(name).expect("name"), set.0.clone())).collect()
            };
            (side(&block.buildrequires), side(&block.requires))
        };
        let repeats = |at: usize| blocks[..at].iter().any(|earlier| both(earlier) == written(&blocks[at]));
        let slow = reference(&case.builds, &needs, &case.options)
            .map(|slow| slow.into_iter().filter(|(block, _)| !repeats(*block)).collect::<BTreeSet<_>>());
        let run = |builds: &[ModuleFacts]| {
            let universe = Universe::new(builds.iter().cloned().map(Arc::new), &case.options);
            expand(&universe, &case.document, &case.options)
        };
        let fast = run(&case.builds);
        match (&fast, &slow) {
            (Ok(fast), Some(slow)) => {
                kinds[0] += 1;
                assert_eq!(choices(fast), *slow, "seed {seed}");
                assert_eq!(fast.results.len(), slow.len(), "seed {seed}: one result for each choice");
                for result in &fast.results {
                    let set: Vec<&ModuleFacts> = result.picks.iter().map(|pick| &*pick.facts).collect();
                    assert!(is_closed(&set, &case.options), "seed {seed}: a result lacks something");
                }
                assert!(nothing_superfluous(fast), "seed {seed}");
            }
            (Err(ExpandError::Unsolvable(_)), None) => kinds[1] += 1,
            (Err(ExpandError::Missing(_) | ExpandError::NoBaseModule { .. }), None) => kinds[2] += 1,
            (fast, slow) => panic!("seed {seed}: {fast:?} against {slow:?}"),
        }
        fastrand::Rng::with_seed(seed).shuffle(&mut case.builds);
        let shuffled = {
            let universe = Universe::new(case.builds.iter().cloned().map(Arc::new), &case.options);
            expand(&universe, &case.document, &case.options)
        };
        assert_eq!(fast, shuffled, "seed {seed}: the order of builds shows");
    }
    assert!(kinds.iter().all(|count| *count > 40), "too few of a kind: {kinds:?}");
}
