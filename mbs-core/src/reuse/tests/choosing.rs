//! Which build components are taken from.

use super::support::{candidate, fingerprint, new_build, parse, part, with};
use crate::build::{ModuleState, NewBuild};
use crate::identity::build_context;
use crate::modulemd::{Dependency, ModuleStream, StreamSet};
use crate::resolve::{ExpandOptions, ModuleFacts, Universe};
use crate::reuse::{
    Choice, RebuildStrategy, ReuseBase, ReuseBaseError, ReuseCandidate, ReuseOptions, choose_module, own_bases,
    plan_reuse, reuse_bases,
};
use std::collections::BTreeSet;
use std::sync::Arc;

fn new() -> NewBuild {
    new_build(&[part("a", 0)], RebuildStrategy::ChangedAndAfter)
}

/// A build made on another stream of the platform.
fn on(number: u64, stream: &str) -> ReuseCandidate {
    let mut one = candidate(number, &[part("a", 0)]);
    one.buildrequires.insert(parse("platform"), parse(stream));
    one.build_context = build_context(&one.buildrequires);
    one
}

fn base(stream: &str, virtual_stream: Option<&str>) -> Arc<ModuleFacts> {
    Arc::new(ModuleFacts {
        virtual_streams: virtual_stream.into_iter().map(str::to_owned).collect(),
        buildrequires: std::collections::BTreeMap::new(),
        ..ModuleFacts::new(parse(&format!("platform:{stream}:3:00000000")), ModuleState::Ready)
    })
}

fn document(streams: &[&[&str]]) -> ModuleStream {
    let block = |streams: &&[&str]| Dependency {
        buildrequires: [(
            "platform".to_owned(),
            StreamSet(streams.iter().map(|one| (*one).to_owned()).collect::<BTreeSet<_>>()),
        )]
        .into(),
        ..Dependency::default()
    };
    ModuleStream { dependencies: streams.iter().map(block).collect(), ..ModuleStream::default() }
}

fn bases(
    new: &NewBuild,
    known: &[(&str, Option<&str>)],
    blocks: &[&[&str]],
    only_compatible_bases: bool,
) -> Result<Vec<ReuseBase>, ReuseBaseError> {
    let options = ExpandOptions { only_compatible_bases, ..ExpandOptions::default() };
    let universe = Universe::new(known.iter().map(|(stream, name)| base(stream, *name)), &options);
    reuse_bases(&new.request, &document(blocks), &universe, &options)
}

fn streams(bases: Result<Vec<ReuseBase>, ReuseBaseError>) -> Vec<String> {
    bases.expect("bases").into_iter().map(|base| base.stream.to_string()).collect()
}

fn choose(new: &NewBuild, all: &[ReuseCandidate], bases: &[ReuseBase]) -> (Option<u64>, Vec<String>) {
    chosen(choose_module(new, &all.iter().cloned().map(Arc::new).collect::<Vec<_>>(), bases, &ReuseOptions::default()))
}

fn chosen(choice: Choice) -> (Option<u64>, Vec<String>) {
    let codes = choice.reasons.into_iter().map(|reason| reason.code).collect();
    (choice.taken.and_then(|one| one.build).map(|build| build.0), codes)
}

#[test]
fn compatible_base_modules_are_tried_from_the_highest_down() {
    let known = [
        ("f28.0.0", Some("f28")),
        ("f29.0.0", Some("f29")),
        ("f29.1.0", Some("f29")),
        ("f29.2.0", Some("f29")),
        ("f29.3.0", Some("f29")),
    ];
    let new = new();
    let bases = bases(&new, &known, &[&["f29.2.0"]], true).expect("bases");
    let tried: Vec<&str> = bases.iter().map(|base| base.stream.as_str()).collect();
    assert_eq!(tried, ["f29.2.0", "f29.1.0", "f29.0.0"]);
    let three = |first: &str| [on(1, first), on(2, "f29.0.0"), on(3, "f29.3.0")];
    assert_eq!(choose(&new, &three("f29.2.0"), &bases).0, Some(1));
    assert_eq!(choose(&new, &three("f29.1.0"), &bases).0, Some(1));
    assert_eq!(choose(&new, &[on(1, "f28.0.0")], &bases), (None, vec!["MU0005".to_owned()]));
}

#[test]
fn a_base_module_without_the_virtual_stream_is_not_compatible() {
    let new = new();
    let known = [("f29.1.0", None), ("f29.2.0", Some("f29"))];
    let bases = bases(&new, &known, &[&["f29.2.0"]], true).expect("bases");
    assert_eq!(choose(&new, &[on(1, "f29.1.0")], &bases).0, None);
}

#[test]
fn the_most_recently_completed_build_is_taken_and_newer_ones_tell_why_not() {
    let mut all =
        [on(1, "f29.2.0"), on(2, "f29.2.0"), on(3, "f29.2.0"), on(4, "f29.2.0"), on(5, "f29.2.0"), on(6, "f29.0.0")];
    all[2].state = ModuleState::Garbage;
    all[3].has_scmurl = false;
    all[4].strategy = RebuildStrategy::OnlyChanged;
    let new = new();
    let own = own_bases(&new.request);
    let (taken, codes) = choose(&new, &all, &own);
    assert_eq!(taken, Some(2));
    assert_eq!(codes, ["MU0005", "MU0008", "MU0004", "MU0003"]);
    // What was completed decides, not the number.
    all[0].completed = all[5].completed;
    assert_eq!(choose(&new, &all, &own).0, Some(1));
    let free = with(new, |request| request.strategy = RebuildStrategy::OnlyChanged);
    all[0].completed = None;
    assert_eq!(choose(&free, &all, &own).0, Some(5));
}

#[test]
fn an_older_build_on_a_higher_base_goes_before_a_newer_one_on_a_lower() {
    let new = new();
    let known = [("f29.1.0", Some("f29")), ("f29.2.0", Some("f29"))];
    let bases = bases(&new, &known, &[&["f29.2.0"]], true).expect("bases");
    let (taken, codes) = choose(&new, &[on(1, "f29.2.0"), on(2, "f29.1.0")], &bases);
    assert_eq!((taken, codes), (Some(1), vec!["MU0010".to_owned()]));
}

#[test]
fn a_base_that_cannot_be_ordered_lets_nothing_be_taken() {
    let new = with(new(), |request| request.built_against[0].nsvc = parse("platform:f28:3:00000000"));
    // Its number, 28.0, is too short.
    let found = bases(&new, &[("f28", Some("f"))], &[&["f28"]], true);
    assert!(matches!(found, Err(ReuseBaseError::StreamNotXyz(_))), "{found:?}");
    let plan = plan_reuse(&new, &[Arc::new(on(1, "f28"))], &found, &ReuseOptions::default());
    assert_eq!((plan.from, plan.reasons[0].code.as_str()), (None, "MU0009"));
    // Without virtual streams, or where other streams do not count, nothing has to be ordered.
    assert_eq!(streams(bases(&new, &[("f28", None)], &[&["f28"]], true)), ["f28"]);
    assert_eq!(streams(bases(&new, &[("f28", Some("f"))], &[&["f28"]], false)), ["f28"]);
}

#[test]
fn blocks_that_are_not_solved_bring_their_base_streams_too_and_short_numbers_come_last() {
    let new = new();
    let known = [("f29.2.0", None), ("f30", None), ("f28.0.0", None)];
    let found = bases(&new, &known, &[&["f30", "f28.0.0"], &["f29.2.0"]], true);
    assert_eq!(streams(found), ["f29.2.0", "f28.0.0", "f30"]);
    assert_eq!(streams(bases(&new, &known, &[&["f30"], &["f29.2.0"]], false)), ["f29.2.0"]);
}

#[test]
fn a_tag_that_holds_modules_decides_instead_of_the_build_context() {
    let new = new();
    let all = [on(1, "f27"), on(2, "f27")];
    let tagged = BTreeSet::from([all[0].nsvc.clone()]);
    let bases = [ReuseBase { tagged: Some(tagged), ..own_bases(&new.request)[0].clone() }];
    assert_eq!(choose(&new, &all, &bases), (Some(1), vec!["MU0006".to_owned()]));
    let mut other = all[0].clone();
    other.build_context_no_bms = build_context(&other.buildrequires);
    assert_eq!(choose(&new, &[other], &bases), (None, vec!["MU0007".to_owned()]));
}

#[test]
fn a_build_that_was_named_is_taken_as_it_is() {
    let mut named = on(9, "f1");
    named.nsvc = parse("other:master:1:c");
    named.has_scmurl = false;
    let options = ReuseOptions { named: Some(Arc::new(named)), ..ReuseOptions::default() };
    assert_eq!(chosen(choose_module(&new(), &[], &[], &options)), (Some(9), Vec::new()));
    let all = with(new(), |request| request.strategy = RebuildStrategy::All);
    assert_eq!(chosen(choose_module(&all, &[], &[], &options)), (Some(9), Vec::new()));
}

#[test]
fn with_strategy_all_a_build_is_chosen_though_nothing_is_taken() {
    let new = with(new(), |request| request.strategy = RebuildStrategy::All);
    assert_eq!(choose(&new, &[on(1, "f29.2.0")], &own_bases(&new.request)), (Some(1), Vec::new()));
}

#[test]
fn other_streams_and_no_builds_are_told_apart() {
    let new = new();
    let mut other = on(1, "f29.2.0");
    other.nsvc = parse("testmodule:other:1:c");
    assert_eq!(choose(&new, &[other], &own_bases(&new.request)), (None, vec!["MU0002".to_owned()]));
}

#[test]
fn on_one_machine_no_scm_is_asked_for_but_an_equal_fingerprint() {
    let print = |platform| Some(fingerprint(platform, "t"));
    let new = with(new(), |request| request.fingerprint = print("p"));
    let (mut older, mut newer) = (on(1, "f29.2.0"), on(2, "f29.2.0"));
    (older.has_scmurl, newer.has_scmurl) = (false, false);
    (older.fingerprint, newer.fingerprint) = (print("p"), print("q"));
    let all = [Arc::new(older), Arc::new(newer)];
    let options = ReuseOptions { local: true, ..ReuseOptions::default() };
    let own = own_bases(&new.request);
    assert_eq!(chosen(choose_module(&new, &all, &own, &options)), (Some(1), vec!["MU0011".to_owned()]));
}

#[test]
fn reasons_stay_few() {
    let new = new();
    let all: Vec<_> = (1..100).map(|number| on(number, "f1")).collect();
    let (_, codes) = choose(&new, &all, &own_bases(&new.request));
    assert_eq!((codes.len(), codes.last().map(String::as_str)), (21, Some("MU0015")));
}
