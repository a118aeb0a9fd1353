//! The rules of planning, on small tables and on random input.

use super::*;
use crate::{Arch, ComponentName, ModuleName};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn name(text: &str) -> ComponentName {
    ComponentName::new(text).expect("name")
}

fn arches(list: &[&str]) -> BTreeSet<Arch> {
    list.iter().map(|arch| Arch::new(arch).expect("arch")).collect()
}

fn ordered(text: &str, buildorder: i64) -> PlanComponent {
    PlanComponent { buildorder, ..PlanComponent::new(name(text)) }
}

fn after(text: &str, before: &[&str]) -> PlanComponent {
    PlanComponent { buildafter: before.iter().map(|it| name(it)).collect(), ..PlanComponent::new(name(text)) }
}

fn include(text: &str, buildorder: i64, input: PlanInput) -> IncludedModule {
    IncludedModule { name: ModuleName::new(text).expect("name"), buildorder, input }
}

fn document(components: &[(&str, i64)], modules: Vec<IncludedModule>) -> PlanInput {
    PlanInput { components: components.iter().map(|(name, order)| ordered(name, *order)).collect(), modules }
}

fn graph(components: &[(&str, &[&str])]) -> PlanInput {
    PlanInput { components: components.iter().map(|(name, before)| after(name, before)).collect(), modules: Vec::new() }
}

fn planned(input: &PlanInput) -> Plan {
    plan(input, &arches(&["x86_64"])).expect("plan")
}

fn refused(input: &PlanInput) -> Vec<String> {
    let error = plan(input, &arches(&["x86_64"])).expect_err("problems");
    error.problems.iter().map(ToString::to_string).collect()
}

/// The plan as `2: a b; 3: c`, without the macros.
fn shown(plan: &Plan) -> String {
    let mut batches: BTreeMap<u32, Vec<&str>> = BTreeMap::new();
    for component in plan.components.iter().skip(1) {
        batches.entry(component.batch).or_default().push(component.name.as_str());
    }
    let lines: Vec<String> = batches.iter().map(|(batch, names)| format!("{batch}: {}", names.join(" "))).collect();
    lines.join("; ")
}

fn visible<'a>(plan: &'a Plan, text: &str) -> Vec<&'a str> {
    let index = plan.indices().find(|at| plan.component(*at).name.as_str() == text).expect("component");
    plan.visible(index).into_iter().map(|at| plan.component(at).name.as_str()).collect()
}

#[test]
fn batches_equal_the_known_ones() {
    let inner = || document(&[("i0", 0), ("i5", 5)], vec![]);
    for (input, expected) in [
        (document(&[("a", 0), ("b", 0), ("c", 10)], vec![]), "2: a b; 3: c"),
        (document(&[("a", -5), ("b", 0), ("c", 3), ("d", 3)], vec![]), "2: a; 3: b; 4: c d"),
        (document(&[("a", 0), ("c", 10)], vec![include("inner", 0, inner())]), "2: a i0; 3: i5; 4: c"),
        (document(&[("a", 0), ("c", 10)], vec![include("inner", 5, inner())]), "2: a; 4: i0; 5: i5; 6: c"),
        (document(&[("a", 1)], vec![include("inner", 0, inner())]), "2: i0; 3: i5; 4: a"),
        (
            document(
                &[("a", 0)],
                vec![include("inner3", 0, document(&[("k3", 3), ("k7", 7)], vec![])), include("inner", 0, inner())],
            ),
            "2: a i0; 3: i5; 4: k3; 5: k7",
        ),
        (document(&[("z", 20)], vec![include("inner10", 0, document(&[("j10", 10)], vec![]))]), "3: j10; 4: z"),
        (
            document(
                &[("foo", 0), ("file", 10)],
                vec![include(
                    "module",
                    0,
                    document(&[("perl-List-Compare", 0), ("perl-Tangerine", 0), ("tangerine", 10)], vec![]),
                )],
            ),
            "2: foo perl-List-Compare perl-Tangerine; 3: tangerine; 4: file",
        ),
        // An included module without components takes its number and nothing else.
        (document(&[("a", 0), ("b", 2)], vec![include("empty", 1, PlanInput::default())]), "2: a; 4: b"),
    ] {
        let plan = planned(&input);
        assert_eq!(shown(&plan), expected);
        assert_eq!(plan.order, Order::Batches);
        assert_eq!(plan.components[0].name.as_str(), MACROS_COMPONENT);
        assert_eq!(plan.components[0].batch, MACROS_BATCH);
    }
}

#[test]
fn unused_batch_numbers_are_skipped() {
    let input = document(&[("a", 0), ("c", 10)], vec![include("inner", 5, document(&[("i0", 0), ("i5", 5)], vec![]))]);
    let plan = planned(&input);
    assert_eq!(plan.batch(3).count(), 0);
    assert_eq!(plan.next_batch(2), Some(4));
    assert_eq!(plan.next_batch(6), None);
    let names: Vec<&str> = plan.batch(5).map(|(_, component)| component.name.as_str()).collect();
    assert_eq!(names, ["i5"]);
    assert_eq!(plan.component(plan.batch(5).next().expect("i5").0).origin[0].as_str(), "inner");
}

#[test]
fn a_buildroot_holds_the_earlier_batches_and_no_batch_mates() {
    let plan = planned(&document(&[("a", 0), ("b", 0), ("c", 1)], vec![]));
    assert_eq!(plan.scope(), Scope::EarlierBatches);
    assert_eq!(visible(&plan, MACROS_COMPONENT), [""; 0]);
    assert_eq!(visible(&plan, "a"), [MACROS_COMPONENT]);
    assert_eq!(visible(&plan, "c"), [MACROS_COMPONENT, "a", "b"]);
}

#[test]
fn buildafter_makes_labels_from_the_longest_path_and_a_buildroot_from_the_closure() {
    let plan = planned(&graph(&[
        ("top", &["left", "right"]),
        ("left", &["base"]),
        ("right", &["middle"]),
        ("middle", &["base"]),
        ("base", &[]),
        ("alone", &[]),
    ]));
    assert_eq!(plan.order, Order::Graph);
    assert_eq!(shown(&plan), "2: alone base; 3: left middle; 4: right; 5: top");
    assert_eq!(visible(&plan, "alone"), [MACROS_COMPONENT]);
    assert_eq!(visible(&plan, "right"), [MACROS_COMPONENT, "base", "middle"]);
    assert_eq!(visible(&plan, "top"), [MACROS_COMPONENT, "base", "left", "middle", "right"]);
    assert_eq!(visible(&plan, MACROS_COMPONENT), [""; 0]);
    let after: Vec<u32> = plan.components[6].after.iter().map(|index| index.0).collect();
    assert_eq!(after, [3, 5]);
    let successors = plan.successors();
    assert_eq!(successors[2], [ComponentIx(3), ComponentIx(4)]);
    assert!(successors[0].is_empty());
}

#[test]
fn the_shortest_cycle_is_shown_from_its_first_name() {
    let input = graph(&[
        ("a", &["b"]),
        ("b", &["c"]),
        ("c", &["d"]),
        ("d", &["a", "c"]),
        ("tail", &["a"]),
        ("self", &["self"]),
        ("y", &["x"]),
        ("x", &["z"]),
        ("z", &["y"]),
    ]);
    assert_eq!(
        refused(&input),
        [
            "components wait for each other through `buildafter`: `c` after `d` after `c`; remove one of these",
            "components wait for each other through `buildafter`: `self` after `self`; remove one of these",
            "components wait for each other through `buildafter`: `x` after `z` after `y` after `x`; remove one of these",
        ]
    );
}

#[test]
fn mixed_orders_unknown_names_and_reserved_names_are_all_reported() {
    let mut input = graph(&[("a", &["nowhere", "inner"]), ("b", &["a", "b"]), (MACROS_COMPONENT, &[])]);
    input.components.push(ordered("c", 5));
    input.modules.push(include("inner", -1, document(&[("i", 3)], vec![])));
    assert_eq!(
        refused(&input),
        [
            "component `module-build-macros`: this name is used by the build itself; rename the component",
            "`inner` has buildorder -1 while other components use `buildafter`; use only one of the two",
            "`i` in included module `inner` has buildorder 3 while other components use `buildafter`; use only one of the two",
            "`c` has buildorder 5 while other components use `buildafter`; use only one of the two",
            "component `a`: buildafter names `inner`, which is not among its RPM components",
            "component `a`: buildafter names `nowhere`, which is not among its RPM components",
            "components wait for each other through `buildafter`: `b` after `b`; remove one of these",
        ]
    );
}

#[test]
fn a_component_is_listed_once_over_all_documents() {
    let deep = document(&[("a", 0)], vec![]);
    let inner = document(&[("x", 0)], vec![include("deep", 0, deep)]);
    let input = document(&[("a", 0), ("b", 0), ("b", 1)], vec![include("inner", 0, inner)]);
    assert_eq!(
        refused(&input),
        [
            "component `b` is listed twice, in the module itself and in the module itself; one name can be built only once in a module",
            "component `a` is listed twice, in the module itself and in included module `inner > deep`; one name can be built only once in a module",
        ]
    );
    let twice = document(&[], vec![include("m", 0, PlanInput::default()), include("m", 1, PlanInput::default())]);
    assert_eq!(refused(&twice), ["module `m` is included twice; remove one of the two"]);
}

#[test]
fn endless_inclusion_is_refused() {
    let mut input = document(&[("a", 0)], vec![]);
    for _ in 0..100 {
        input = document(&[], vec![include("m", 0, input)]);
    }
    let problems = refused(&input);
    assert_eq!(problems.len(), 1);
    assert!(problems[0].starts_with("modules are included more than 32 levels deep"), "{problems:?}");
}

#[test]
fn components_for_other_machines_keep_their_batch_and_say_why_they_are_not_built() {
    let mut input = document(&[("a", 0), ("b", 0), ("c", 1)], vec![]);
    input.components[0].arches = arches(&["s390x", "ppc64le"]);
    input.components[1].arches = arches(&["s390x", "x86_64"]);
    let plan = plan(&input, &arches(&["x86_64"])).expect("plan");
    let reasons: Vec<Option<String>> =
        plan.components.iter().map(|it| it.excluded.as_ref().map(ToString::to_string)).collect();
    assert_eq!(reasons, [None, Some("not built for x86_64".to_owned()), None, None]);
    assert_eq!(shown(&plan), "2: a b; 3: c");
}

#[test]
fn a_module_without_components_builds_nothing() {
    assert!(planned(&PlanInput::default()).components.is_empty());
}

#[test]
fn plans_read_what_they_write() {
    let plan = planned(&graph(&[("a", &[]), ("b", &["a"])]));
    let json = serde_json::to_string(&plan).expect("json");
    assert_eq!(serde_json::from_str::<Plan>(&json).expect("plan"), plan);
}

#[test]
fn ten_thousand_components_are_planned_in_linear_work() {
    let names: Vec<String> = (0..10_000).map(|at| format!("c{at:05}")).collect();
    let chain: Vec<PlanComponent> = names
        .iter()
        .enumerate()
        .map(|(at, it)| after(it, &names[at.saturating_sub(3)..at].iter().map(String::as_str).collect::<Vec<_>>()))
        .collect();
    let plan = planned(&PlanInput { components: chain.clone(), modules: Vec::new() });
    assert_eq!(plan.components[10_000].batch, 10_001);
    assert_eq!(plan.visible(ComponentIx(10_000)).len(), 10_000);
    // One huge cycle as well.
    let mut ring = chain;
    ring[0].buildafter.insert(name("c09999"));
    assert_eq!(refused(&PlanInput { components: ring, modules: Vec::new() }).len(), 1);
}

/// Components with random build orders, some of them in one included module.
fn any_batches() -> impl Strategy<Value = PlanInput> {
    let list = || proptest::collection::vec(-3_i64..4, 0..8);
    (list(), list(), -3_i64..4).prop_map(|(outer, inner, place)| {
        let make = |prefix: &str, orders: &[i64]| -> Vec<PlanComponent> {
            orders.iter().enumerate().map(|(at, order)| ordered(&format!("{prefix}{at}"), *order)).collect()
        };
        let inner = PlanInput { components: make("i", &inner), modules: Vec::new() };
        PlanInput { components: make("o", &outer), modules: vec![include("inner", place, inner)] }
    })
}

/// Components that name only earlier ones, so that there is no cycle.
fn any_graph() -> impl Strategy<Value = PlanInput> {
    proptest::collection::vec(proptest::collection::btree_set(0_usize..12, 0..4), 1..12).prop_map(|list| {
        let components = list.iter().enumerate().map(|(at, before)| PlanComponent {
            buildafter: before.iter().filter(|other| **other < at).map(|other| name(&format!("c{other}"))).collect(),
            ..PlanComponent::new(name(&format!("c{at}")))
        });
        PlanInput { components: components.collect(), modules: Vec::new() }
    })
}

/// Any `buildafter`, with cycles and unknown names.
fn any_tangle() -> impl Strategy<Value = PlanInput> {
    proptest::collection::vec(proptest::collection::btree_set(0_usize..9, 0..3), 1..8).prop_map(|list| {
        let components = list.iter().enumerate().map(|(at, before)| PlanComponent {
            buildafter: before.iter().map(|other| name(&format!("c{other}"))).collect(),
            ..PlanComponent::new(name(&format!("c{at}")))
        });
        PlanInput { components: components.collect(), modules: Vec::new() }
    })
}

proptest! {
    #[test]
    fn batches_grow_with_the_build_order(input in any_batches()) {
        let plan = planned(&input);
        let batch: BTreeMap<&str, u32> = plan.components.iter().map(|it| (it.name.as_str(), it.batch)).collect();
        for list in [&input.components, &input.modules[0].input.components] {
            for a in list {
                for b in list {
                    let (left, right) = (batch[a.name.as_str()], batch[b.name.as_str()]);
                    prop_assert_eq!(a.buildorder.cmp(&b.buildorder), left.cmp(&right));
                }
            }
        }
    }

    #[test]
    fn predecessors_have_smaller_labels_and_are_visible(input in any_graph()) {
        let plan = planned(&input);
        for component in &input.components {
            let index = plan.indices().find(|at| plan.component(*at).name == component.name).expect("component");
            let seen = plan.visible(index);
            prop_assert!(!seen.contains(&index));
            let label = plan.component(index).batch;
            let longest = plan.component(index).after.iter().map(|at| plan.component(*at).batch).max();
            prop_assert_eq!(label, longest.unwrap_or(MACROS_BATCH) + 1);
            for before in &component.buildafter {
                prop_assert!(seen.iter().any(|at| plan.component(*at).name == *before));
            }
            for at in seen {
                // What a visible component sees is visible too.
                for further in plan.visible(at) {
                    prop_assert!(plan.visible(index).contains(&further));
                }
            }
        }
    }

    #[test]
    fn the_order_of_lists_does_not_change_the_answer(
        (input, mixed) in prop_oneof![any_batches(), any_graph(), any_tangle()].prop_flat_map(|input| {
            let shuffled = Just(input.components.clone()).prop_shuffle();
            (Just(input), shuffled)
        })
    ) {
        let mut other = PlanInput { components: mixed, modules: input.modules.clone() };
        for module in &mut other.modules {
            module.input.components.reverse();
        }
        let machine = arches(&["x86_64"]);
        prop_assert_eq!(plan(&input, &machine), plan(&other, &machine));
    }

    #[test]
    fn a_reported_cycle_is_one(input in any_tangle()) {
        let Err(error) = plan(&input, &arches(&["x86_64"])) else { return Ok(()); };
        for problem in error.problems {
            if let PlanProblem::Cycle { path, .. } = problem {
                prop_assert!(path.len() >= 2 && path.first() == path.last());
                for pair in path.windows(2) {
                    let waiting = input.components.iter().find(|it| it.name == pair[0]).expect("component");
                    prop_assert!(waiting.buildafter.contains(&pair[1]));
                }
            }
        }
    }
}
