use std::sync::Arc;

use proptest::prelude::*;

use super::closures::{host, rpm};
use crate::deps::{Capability, Requirement, Universe, closure};
use crate::host::HostProvides;
use crate::rpms::RpmFacts;

const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

fn plain() -> impl Strategy<Value = String> {
    let operator = prop::sample::select(vec!["", " = 1", " >= 2", " < 2", " = 2-1"]);
    (prop::sample::select(NAMES.to_vec()), operator).prop_map(|(name, operator)| format!("{name}{operator}"))
}

fn offered() -> impl Strategy<Value = String> {
    let version = prop::sample::select(vec!["", " = 1", " = 2-1"]);
    (prop::sample::select(NAMES.to_vec()), version).prop_map(|(name, version)| format!("{name}{version}"))
}

fn requirement() -> impl Strategy<Value = String> {
    let leaf = plain().boxed();
    let single = (plain(), prop::sample::select(vec!["with", "without", "or"]), plain())
        .prop_map(|(left, word, right)| format!("({left} {word} {right})"));
    prop_oneof![5 => leaf, 1 => single].prop_recursive(2, 6, 3, |inner| {
        let word = prop::sample::select(vec!["and", "or", "if", "unless"]);
        prop_oneof![
            (inner.clone(), word, inner.clone()).prop_map(|(left, word, right)| format!("({left} {word} {right})")),
            (inner.clone(), prop::sample::select(vec!["if", "unless"]), inner.clone(), inner)
                .prop_map(|(left, word, right, other)| format!("({left} {word} {right} else {other})")),
        ]
    })
}

fn package() -> impl Strategy<Value = Arc<RpmFacts>> {
    let lines = (
        prop::collection::vec(requirement(), 0..3),
        prop::collection::vec(prop_oneof![3 => plain(), 1 => requirement()], 0..2),
        prop::collection::vec(plain(), 0..2),
        prop::collection::vec(offered(), 0..2),
    );
    (prop::sample::select(NAMES.to_vec()), 1..3_u8, lines).prop_map(
        |(name, version, (requires, conflicts, obsoletes, provides))| {
            let mut all = Vec::new();
            for (key, texts) in [("R:", requires), ("C:", conflicts), ("O:", obsoletes), ("P:", provides)] {
                all.extend(texts.into_iter().map(|text| format!("{key} {text}")));
            }
            let lines: Vec<&str> = all.iter().map(String::as_str).collect();
            rpm(name, &version.to_string(), &lines)
        },
    )
}

/// The rules once more, said as plainly as possible: a set of packages (each a list of what it offers) meets this.
fn holds(requirement: &Requirement, packages: &[&[Capability]]) -> bool {
    let one = |test: &dyn Fn(&[Capability]) -> bool| packages.iter().any(|package| test(package));
    match requirement {
        Requirement::And(list) => list.iter().all(|inner| holds(inner, packages)),
        Requirement::Or(list) => list.iter().any(|inner| holds(inner, packages)),
        Requirement::If { then, condition, otherwise } => {
            if holds(condition, packages) {
                holds(then, packages)
            } else {
                otherwise.as_ref().is_none_or(|inner| holds(inner, packages))
            }
        }
        Requirement::Unless { then, condition, otherwise } => {
            if holds(condition, packages) {
                otherwise.as_ref().is_some_and(|inner| holds(inner, packages))
            } else {
                holds(then, packages)
            }
        }
        single => one(&|package| fits(single, package)),
    }
}

fn fits(requirement: &Requirement, package: &[Capability]) -> bool {
    match requirement {
        Requirement::One(wanted) => package.iter().any(|offered| wanted.is_met_by(offered)),
        Requirement::With(list) => list.iter().all(|inner| fits(inner, package)),
        Requirement::Without(left, right) => fits(left, package) && !fits(right, package),
        Requirement::Or(list) => list.iter().any(|inner| fits(inner, package)),
        _ => false,
    }
}

fn is_valid(wanted: &[Requirement], set: &[&Arc<RpmFacts>], host: &HostProvides) -> bool {
    let offers: Vec<Vec<Capability>> =
        set.iter().map(|rpm| rpm.provides.iter().map(Capability::from_relation).collect()).collect();
    let on_host: Vec<Capability> = host.iter().cloned().collect();
    let mut all: Vec<&[Capability]> = offers.iter().map(Vec::as_slice).collect();
    all.push(&on_host);
    let parse = |list| Requirement::from_relations(list).unwrap();
    wanted.iter().all(|one| holds(one, &all))
        && set.iter().enumerate().all(|(index, rpm)| {
            let mut others = all.clone();
            others.remove(index);
            let alone = set.iter().enumerate().all(|(other, two)| other == index || two.name != rpm.name);
            let replaces = rpm.obsoletes.iter().map(Capability::from_relation).any(|obsolete| {
                set.iter().enumerate().any(|(other, two)| {
                    other != index && obsolete.is_met_by(&Capability::equal(&*two.name, &two.evr()))
                })
            });
            alone
                && !replaces
                && parse(&rpm.requires).iter().all(|one| holds(one, &all))
                && !parse(&rpm.conflicts).iter().any(|one| holds(one, &others))
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_answer_is_found_exactly_where_a_search_of_all_sets_finds_one(
        rpms in prop::collection::vec(package(), 0..8),
        texts in prop::collection::vec(requirement(), 1..4),
        on in prop::sample::subsequence(vec!["a = 1-1", "b", "c = 2-1"], 0..3),
    ) {
        let wanted: Vec<Requirement> = texts.iter().map(|text| text.parse().unwrap()).collect();
        let host = host(&on);
        let universe = Universe::new(rpms.iter().cloned()).unwrap();
        let possible = (0..1_u32 << rpms.len()).any(|mask| {
            let set: Vec<_> = rpms.iter().enumerate().filter(|(bit, _)| mask >> bit & 1 == 1).map(|(_, rpm)| rpm).collect();
            is_valid(&wanted, &set, &host)
        });
        let result = closure(&wanted, &universe, &host);
        match &result {
            Ok(found) => {
                let set: Vec<_> = found.rpms().collect();
                prop_assert!(is_valid(&wanted, &set, &host), "{set:#?}");
                let again: Vec<_> = closure(&wanted, &universe, &host).unwrap().rpms().cloned().collect();
                prop_assert_eq!(again, set.into_iter().cloned().collect::<Vec<_>>());
            }
            Err(error) => {
                prop_assert!(!possible, "{error}");
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }
}
