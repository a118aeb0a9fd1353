use std::sync::Arc;

use crate::deps::{Capability, Closure, Requirement, Universe, Unresolvable, closure};
use crate::host::HostProvides;
use crate::rpms::{Relation, RpmFacts};

/// `NAME-VERSION` followed by lines `P:`, `R:`, `C:`, `O:`, `F:`.
pub(super) fn rpm(name: &str, version: &str, lines: &[&str]) -> Arc<RpmFacts> {
    let relation = |text: &str| {
        if text.starts_with('(') {
            return Relation::from_header(text.to_owned(), 0, String::new());
        }
        let mut words = text.split(' ');
        let name = words.next().unwrap().to_owned();
        let bits = match words.next() {
            None => 0,
            Some("<") => 2,
            Some(">") => 4,
            Some("=") => 8,
            Some("<=") => 10,
            Some(">=") => 12,
            other => panic!("{other:?}"),
        };
        Relation::from_header(name, bits, words.next().unwrap_or_default().to_owned())
    };
    let all = |key: &str| -> Vec<String> {
        lines.iter().filter_map(|line| line.strip_prefix(key)).map(|text| text.trim().to_owned()).collect()
    };
    let relations = |key: &str| all(key).iter().map(|text| relation(text)).collect::<Vec<_>>();
    let mut provides = relations("P:");
    provides.push(relation(&format!("{name} = {version}-1")));
    Arc::new(RpmFacts {
        name: name.to_owned(),
        epoch: 0,
        version: version.to_owned(),
        release: "1".to_owned(),
        arch: "noarch".to_owned(),
        source: false,
        source_rpm: None,
        license: None,
        modularity_label: None,
        provides,
        requires: relations("R:"),
        conflicts: relations("C:"),
        obsoletes: relations("O:"),
        files: all("F:"),
    })
}

pub(super) fn host(provides: &[&str]) -> HostProvides {
    HostProvides::new(provides.iter().map(|text| text.parse::<Capability>().unwrap()))
}

fn solve(wanted: &[&str], rpms: Vec<Arc<RpmFacts>>, on: &[&str]) -> Result<Closure, Unresolvable> {
    let wanted: Vec<Requirement> = wanted.iter().map(|text| text.parse().unwrap()).collect();
    closure(&wanted, &Universe::new(rpms).unwrap(), &host(on))
}

fn names(result: &Closure) -> Vec<String> {
    result.rpms().map(|rpm| format!("{}-{}", rpm.name, rpm.version)).collect()
}

fn chosen(wanted: &[&str], rpms: Vec<Arc<RpmFacts>>, on: &[&str]) -> Vec<String> {
    names(&solve(wanted, rpms, on).unwrap())
}

#[test]
fn requirements_of_chosen_rpms_are_followed() {
    let rpms = vec![
        rpm("app", "1", &["R: libx.so.1()(64bit)", "R: /usr/bin/tool", "R: rpmlib(CompressedFileNames) <= 3.0.4-1"]),
        rpm("libx", "2", &["P: libx.so.1()(64bit)", "R: libc.so.6()(64bit)"]),
        rpm("tool", "3", &["F: /usr/bin/tool"]),
        rpm("unrelated", "4", &[]),
    ];
    let result = solve(&["app >= 1"], rpms, &["libc.so.6()(64bit)"]).unwrap();
    assert_eq!(names(&result), ["app-1", "libx-2", "tool-3"]);
    assert_eq!(result.chosen[0].because.needed_by, None);
    assert_eq!(result.chosen[1].because.needed_by.as_deref(), Some("app-0:1-1.noarch"));
    assert_eq!(result.chosen[1].because.requirement, "libx.so.1()(64bit)");
}

#[test]
fn the_modules_own_provider_comes_before_the_host() {
    let rpms = vec![rpm("make", "3", &[])];
    assert_eq!(chosen(&["make"], rpms.clone(), &["make = 4"]), ["make-3"]);
    assert_eq!(chosen(&["make >= 4"], rpms, &["make = 4"]), [""; 0]);
}

#[test]
fn the_host_is_used_where_the_modules_own_provider_cannot_be_installed() {
    let rpms = vec![rpm("make", "3", &["R: absent"])];
    assert_eq!(chosen(&["make"], rpms, &["make = 4"]), [""; 0]);
}

#[test]
fn of_several_providers_the_newest_is_taken_then_the_first_name() {
    let rpms = vec![rpm("x", "1", &[]), rpm("x", "10", &[]), rpm("x", "9", &[])];
    assert_eq!(chosen(&["x"], rpms.clone(), &[]), ["x-10"]);
    assert_eq!(chosen(&["x < 10"], rpms, &[]), ["x-9"]);
    let rpms = vec![rpm("b", "1", &["P: v"]), rpm("c", "2", &["P: v"]), rpm("a", "2", &["P: v"])];
    assert_eq!(chosen(&["v"], rpms.clone(), &[]), ["a-2"]);
    assert_eq!(chosen(&["v", "c"], rpms, &[]), ["c-2"], "what is needed anyway is enough");
    let rpms = vec![rpm("old", "7", &["P: v = 1"]), rpm("new", "2", &["P: v = 3"])];
    assert_eq!(chosen(&["v"], rpms, &[]), ["new-2"]);
}

#[test]
fn a_newer_provider_that_cannot_be_installed_gives_way() {
    let rpms = vec![rpm("x", "2", &["R: deep"]), rpm("deep", "1", &["R: absent"]), rpm("x", "1", &[])];
    assert_eq!(chosen(&["x"], rpms, &[]), ["x-1"]);
}

#[test]
fn conflicts_and_obsoletes_lead_to_another_provider() {
    let rpms = || {
        vec![
            rpm("a", "1", &["R: v"]),
            rpm("p", "2", &["P: v", "C: a < 5"]),
            rpm("q", "1", &["P: v"]),
            rpm("r", "1", &["O: q < 9"]),
        ]
    };
    assert_eq!(chosen(&["a"], rpms(), &[]), ["a-1", "q-1"]);
    let error = solve(&["a", "r"], rpms(), &[]).unwrap_err().to_string();
    assert!(error.contains("`p-0:2-1.noarch` conflicts with `a < 5`"), "{error}");
    assert!(error.contains("`r-0:1-1.noarch` obsoletes `q-0:1-1.noarch`"), "{error}");
}

#[test]
fn a_conflict_with_the_host_counts_and_one_with_itself_does_not() {
    let rpms = vec![rpm("a", "1", &["C: make", "P: own", "C: own", "O: a < 2"])];
    assert_eq!(chosen(&["a"], rpms.clone(), &[]), ["a-1"]);
    let error = solve(&["a"], rpms, &["make = 4"]).unwrap_err().to_string();
    assert_eq!(
        error,
        "`a-0:1-1.noarch` conflicts with `make` <- needed for `a`: the module offers nothing, \
         this machine offers `make = 4`"
    );
}

#[test]
fn boolean_requirements_are_met() {
    let rpms = || vec![rpm("a", "1", &["P: ab"]), rpm("b", "1", &["P: ab", "P: x"]), rpm("c", "1", &[])];
    assert_eq!(chosen(&["(c or a)"], rpms(), &[]), ["c-1"]);
    assert_eq!(chosen(&["(c and a)"], rpms(), &[]), ["c-1", "a-1"]);
    assert_eq!(chosen(&["(ab with x)"], rpms(), &[]), ["b-1"]);
    assert_eq!(chosen(&["(ab without x)"], rpms(), &[]), ["a-1"]);
    assert_eq!(chosen(&["(c if a)"], rpms(), &[]), [""; 0]);
    assert_eq!(chosen(&["(c if a)", "a"], rpms(), &[]), ["c-1", "a-1"]);
    assert_eq!(chosen(&["(c if h else b)"], rpms(), &["h"]), ["c-1"]);
    assert_eq!(chosen(&["(c if h else b)"], rpms(), &[]), ["b-1"]);
    assert_eq!(chosen(&["(c unless a else b)", "a"], rpms(), &[]), ["b-1", "a-1"]);
    assert_eq!(chosen(&["(h with i)"], rpms(), &["h", "i"]), [""; 0]);
    assert!(solve(&["(c unless h)"], rpms(), &["h"]).is_err());
}

#[test]
fn a_conflict_with_a_condition_may_ask_for_a_package() {
    let rpms = vec![rpm("a", "1", &["C: (b unless v)"]), rpm("b", "1", &[]), rpm("c", "1", &["P: v"])];
    assert_eq!(chosen(&["a", "b"], rpms, &[]), ["a-1", "b-1", "c-1"]);
}

#[test]
fn a_failure_names_the_chain_and_what_is_offered() {
    let rpms = vec![
        rpm("gaugectl", "1", &["R: extra"]),
        rpm("extra", "1", &["R: libfoo-devel >= 9"]),
        rpm("libfoo-devel", "1.2", &[]),
    ];
    let error = solve(&["gaugectl", "absent = 3"], rpms, &["libfoo = 8"]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`libfoo-devel >= 9` <- required by `extra-0:1-1.noarch` <- needed for `extra` of `gaugectl-0:1-1.noarch` \
         <- needed for `gaugectl`: the module offers `libfoo-devel = 1.2-1` in `libfoo-devel-0:1.2-1.noarch`, \
         this machine offers nothing; `absent = 3`: the module offers nothing, this machine offers nothing"
    );
}

#[test]
fn many_choices_before_a_failure_do_not_multiply() {
    let mut rpms = Vec::new();
    let mut wanted: Vec<String> = Vec::new();
    for index in 0..60 {
        rpms.push(rpm(&format!("a{index}"), "1", &[&format!("P: v{index}")]));
        rpms.push(rpm(&format!("b{index}"), "1", &[&format!("P: v{index}")]));
        wanted.push(format!("v{index}"));
    }
    rpms.push(rpm("left", "1", &["C: right"]));
    rpms.push(rpm("right", "1", &[]));
    rpms.push(rpm("z1", "1", &["P: z", "R: left"]));
    rpms.push(rpm("z2", "1", &["P: z", "R: left"]));
    wanted.extend(["z".to_owned(), "right".to_owned()]);
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    assert!(matches!(solve(&wanted, rpms, &[]), Err(Unresolvable::Excluded { .. })));
}

#[test]
fn source_rpms_are_never_chosen() {
    let mut source = (*rpm("a", "9", &[])).clone();
    source.source = true;
    assert_eq!(chosen(&["a"], vec![Arc::new(source), rpm("a", "1", &[])], &[]), ["a-1"]);
}
