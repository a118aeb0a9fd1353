//! Which components are taken.

use super::support::{Part, candidate, codes, decided, fingerprint, new_build, part, taken, with};
use crate::Arch;
use crate::reuse::{RebuildStrategy, ReuseOptions, apply_reuse, decide};
use RebuildStrategy::{All, ChangedAndAfter, OnlyChanged};

fn original() -> Vec<Part> {
    vec![part("perl-List-Compare", 0), part("perl-Tangerine", 0), part("tangerine", 10)]
}

fn changed(position: usize) -> Vec<Part> {
    let mut parts = original();
    parts[position] = parts[position].clone().commit("7");
    parts
}

#[test]
fn a_changed_component_is_built_with_everything_in_later_batches() {
    let plan = decided(&changed(0), &original(), ChangedAndAfter);
    assert_eq!(taken(&plan), ["perl-Tangerine"]);
    assert_eq!(codes(&plan, "perl-List-Compare"), ["MU0105"]);
    assert_eq!(codes(&plan, "tangerine"), ["MU0108"]);
    let before = original()[0].commit.as_ref().expect("commit")[..12].to_owned();
    assert_eq!(
        plan.components[3].reasons[0].to_string(),
        format!(
            "batch 2 differs from `testmodule:master:7:11111111`: `perl-List-Compare` has ref `777777777777` here, \
             `{before}` there"
        )
    );
}

#[test]
fn a_change_in_the_last_batch_is_built_alone() {
    assert_eq!(taken(&decided(&changed(2), &original(), ChangedAndAfter)), ["perl-List-Compare", "perl-Tangerine"]);
}

#[test]
fn only_what_changed_is_built_with_only_changed() {
    assert_eq!(taken(&decided(&changed(0), &original(), OnlyChanged)), ["perl-Tangerine", "tangerine"]);
    assert_eq!(taken(&decided(&changed(2), &original(), OnlyChanged)), ["perl-List-Compare", "perl-Tangerine"]);
}

#[test]
fn a_component_that_is_new_or_moved_in_a_later_batch_does_not_block_earlier_ones() {
    let mut added = original();
    added.push(part("added", 10));
    assert_eq!(
        taken(&decided(&added, &original(), ChangedAndAfter)),
        ["perl-List-Compare", "perl-Tangerine", "tangerine"]
    );
    let mut last = original();
    last.push(part("last", 20));
    let mut moved = original();
    moved.push(part("last", 30));
    moved.push(part("between", 20));
    let plan = decided(&moved, &last, ChangedAndAfter);
    assert_eq!(taken(&plan), ["perl-List-Compare", "perl-Tangerine", "tangerine"]);
    assert_eq!(codes(&plan, "last"), ["MU0106"]);
    assert_eq!(codes(&plan, "between"), ["MU0103"]);
}

#[test]
fn a_component_that_is_new_or_gone_in_an_earlier_batch_blocks_later_ones() {
    let mut more = original();
    more.push(part("zebra", 0));
    for (new, old) in [(more.clone(), original()), (original(), more)] {
        let plan = decided(&new, &old, ChangedAndAfter);
        assert_eq!(taken(&plan), ["perl-List-Compare", "perl-Tangerine"]);
        assert_eq!(codes(&plan, "tangerine"), ["MU0108"]);
        assert_eq!(taken(&decided(&new, &old, OnlyChanged)), ["perl-List-Compare", "perl-Tangerine", "tangerine"]);
    }
}

#[test]
fn nothing_is_taken_with_all() {
    let plan = decided(&original(), &original(), All);
    assert!(taken(&plan).is_empty());
    assert_eq!(codes(&plan, "tangerine"), ["MU0001"]);
}

/// What it is about, the new build, the old one, what is taken with changed-and-after and with only-changed.
type Case<'a> = (&'a str, Vec<Part>, Vec<Part>, &'a [&'a str], &'a [&'a str]);

#[test]
fn every_condition_of_the_table() {
    let old = [part("a", 0), part("b", 10)];
    let ppc = part("a", 0).arches(&["ppc64le", "x86_64"]);
    let moved = [part("a", 0), part("aa", 5), part("b", 10)];
    let cases: [Case<'_>; 7] = [
        ("equal", old.to_vec(), old.to_vec(), &["a", "b"], &["a", "b"]),
        ("other ref", vec![part("a", 0).commit("9"), part("b", 10)], old.to_vec(), &[], &["b"]),
        ("no ref here", vec![part("a", 0).srpm(), part("b", 10)], old.to_vec(), &[], &["b"]),
        ("no ref there", old.to_vec(), vec![part("a", 0).srpm(), part("b", 10)], &[], &["b"]),
        (
            "no ref at all",
            vec![part("a", 0).srpm(), part("b", 10)],
            vec![part("a", 0).srpm(), part("b", 10)],
            &[],
            &["b"],
        ),
        ("other arches", vec![ppc, part("b", 10)], old.to_vec(), &[], &["b"]),
        ("other batch", moved.to_vec(), old.to_vec(), &["a"], &["a", "b"]),
    ];
    for (what, new, old, after, only) in cases {
        assert_eq!(taken(&decided(&new, &old, ChangedAndAfter)), after, "{what}");
        assert_eq!(taken(&decided(&new, &old, OnlyChanged)), only, "{what}");
    }
}

#[test]
fn other_macros_count_for_changed_and_after_and_on_one_machine_always() {
    let parts = original();
    let mut old = candidate(7, &parts);
    old.macros = "%old 1".to_owned();
    for (strategy, local, expected) in [(ChangedAndAfter, false, 0), (OnlyChanged, false, 3), (OnlyChanged, true, 0)] {
        old.fingerprint = Some(fingerprint("p", "t"));
        let new = with(new_build(&parts, strategy), |request| request.fingerprint = Some(fingerprint("p", "t")));
        let plan = decide(&new, &old, strategy, &ReuseOptions { local, ..ReuseOptions::default() });
        assert_eq!(taken(&plan).len(), expected, "{strategy} {local}");
    }
}

#[test]
fn a_batch_is_only_taken_if_the_batch_before_was() {
    // Custom source packages are equal on both sides and yet never taken.
    let parts = [part("a", 0).srpm(), part("b", 10), part("c", 20)];
    let plan = decided(&parts, &parts, ChangedAndAfter);
    assert!(taken(&plan).is_empty());
    assert_eq!(
        (codes(&plan, "a"), codes(&plan, "b"), codes(&plan, "c")),
        (vec!["MU0102"], vec!["MU0110"], vec!["MU0110"])
    );
    assert_eq!(taken(&decided(&parts, &parts, OnlyChanged)), ["b", "c"]);
}

#[test]
fn a_component_without_architectures_is_built_for_all() {
    let taken_from = |elsewhere: bool, arches: &[&str], all: &[&str]| {
        let arch = |arch: &&str| Arch::new(*arch).expect("arch");
        let mut old = candidate(7, &original());
        // What a build system notes is told by documents; the store of this machine notes nothing.
        old.build = old.build.filter(|_| !elsewhere);
        for component in old.components.values_mut() {
            component.facts.arches = arches.iter().map(arch).collect();
        }
        let options = ReuseOptions { arches: all.iter().map(arch).collect(), ..ReuseOptions::default() };
        taken(&decide(&new_build(&original(), ChangedAndAfter), &old, ChangedAndAfter, &options)).len()
    };
    let taken_with = |arches: &[&str], all: &[&str]| taken_from(false, arches, all);
    // A document from elsewhere says itself what all architectures are.
    let two = ["s390x", "x86_64"];
    assert_eq!(
        (taken_from(true, &two, &[]), taken_from(false, &two, &[]), taken_from(true, &["s390x"], &[])),
        (3, 0, 0)
    );
    assert_eq!((taken_with(&["x86_64"], &[]), taken_with(&["s390x"], &[])), (3, 0));
    assert_eq!((taken_with(&["s390x", "x86_64"], &["x86_64", "s390x"]), taken_with(&["x86_64"], &["s390x"])), (3, 0));
}

#[test]
fn the_macros_are_built_unless_everything_is_taken() {
    for (new, excluded) in [(original(), true), (changed(2), false)] {
        let mut request = new_build(&new, ChangedAndAfter);
        let plan = decide(&request, &candidate(7, &original()), ChangedAndAfter, &ReuseOptions::default());
        assert_eq!(codes(&plan, "module-build-macros"), ["MU0101"]);
        request = with(request, |request| apply_reuse(request, plan.clone()));
        assert_eq!(request.request.plan.components[0].excluded.is_some(), excluded);
        // A plan that is made anew undoes it.
        request = with(request, |request| apply_reuse(request, crate::reuse::ReusePlan::default()));
        assert_eq!(request.request.plan.components[0].excluded, None);
    }
}

#[test]
fn a_module_without_components_reuses_nothing() {
    let request = with(new_build(&[], ChangedAndAfter), |request| {
        request.plan.components.clear();
        request.sources.clear();
    });
    let plan = decide(&request, &candidate(7, &original()), ChangedAndAfter, &ReuseOptions::default());
    assert!(plan.components.is_empty() && !plan.nothing_is_built(&request.request.plan));
}

#[test]
fn in_a_graph_what_is_built_before_decides_and_no_batch() {
    let old = [part("a", 0), part("b", 0).after(&["a"]), part("c", 0), part("d", 0).after(&["c"])];
    let mut new = old.clone();
    new[0] = part("a", 0).commit("9");
    let plan = decided(&new, &old, ChangedAndAfter);
    assert_eq!(taken(&plan), ["c", "d"]);
    assert_eq!(codes(&plan, "b"), ["MU0108"]);
    // The label of `d` moves, what it sees does not.
    let mut longer = old.to_vec();
    longer.push(part("e", 0).after(&["b", "d"]));
    assert_eq!(taken(&decided(&longer, &old, ChangedAndAfter)), ["a", "c", "b", "d"]);
    let mut other = old.to_vec();
    other[3] = part("d", 0).after(&["c", "a"]);
    assert_eq!(codes(&decided(&other, &old, ChangedAndAfter), "d"), ["MU0108"]);
    assert_eq!(codes(&decided(&old, &original(), ChangedAndAfter), "a"), ["MU0103"]);
}

#[test]
fn on_one_machine_what_it_offers_and_the_packages_of_dependencies_are_equal_too() {
    let parts = original();
    let local = ReuseOptions { local: true, ..ReuseOptions::default() };
    let of = |ours: Option<(&str, &str)>, theirs: Option<(&str, &str)>| {
        let print = |pair: Option<(&str, &str)>| pair.map(|(platform, tools)| fingerprint(platform, tools));
        let new = with(new_build(&parts, ChangedAndAfter), |request| request.fingerprint = print(ours));
        let mut old = candidate(7, &parts);
        old.fingerprint = print(theirs);
        decide(&new, &old, ChangedAndAfter, &local)
    };
    assert_eq!(taken(&of(Some(("p", "t")), Some(("p", "t")))).len(), 3);
    for (ours, theirs, code) in [
        (Some(("p", "t")), Some(("q", "t")), "MU0011"),
        (Some(("p", "t")), Some(("p", "u")), "MU0013"),
        (Some(("p", "t")), None, "MU0012"),
        (None, None, "MU0012"),
    ] {
        let plan = of(ours, theirs);
        assert!(taken(&plan).is_empty());
        assert_eq!(codes(&plan, "tangerine"), [code]);
    }
}

#[test]
fn a_dependency_that_was_rebuilt_to_the_same_packages_is_no_difference() {
    let parts = original();
    let new = with(new_build(&parts, ChangedAndAfter), |request| request.fingerprint = Some(fingerprint("p", "t")));
    let mut old = candidate(7, &parts);
    let mut print = fingerprint("p", "t");
    print.dependencies = [("tools:1:6:c0ffee00".to_owned(), "t".to_owned())].into();
    old.fingerprint = Some(print);
    let local = ReuseOptions { local: true, ..ReuseOptions::default() };
    assert_eq!(taken(&decide(&new, &old, ChangedAndAfter, &local)).len(), 3);
}
