//! Every rule of the format with documents that obey it and documents that break it.

use super::{our_facts, ours};
use mbs_tests::modulemd::difference;
use mbs_tests::modulemd::ours::Outcome;
use mbs_tests::modulemd::rules::{Case, Rule, all, workspace};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Collects what is wrong, so that one run shows all of it.
#[derive(Default)]
struct Failures(Vec<String>);

impl Failures {
    fn check(&mut self, rule: &Rule, side: &str, number: usize, good: bool, message: impl FnOnce() -> String) {
        if !good {
            self.0.push(format!("{} {side} {number}: {}", rule.id, message()));
        }
    }

    fn finish(self) {
        assert!(self.0.is_empty(), "{} failures\n{}", self.0.len(), self.0.join("\n"));
    }
}

#[test]
fn every_rule_has_an_id_and_cases() {
    let mut failures = Failures::default();
    let mut ids = BTreeSet::new();
    for rule in all() {
        let well_formed = rule.id.strip_prefix("MMD-").is_some_and(|rest| rest.split('.').count() == 2);
        failures
            .check(&rule, "id", 0, well_formed && ids.insert(rule.id.clone()), || "not well formed or twice".into());
        failures.check(&rule, "accept", 0, !rule.accept.is_empty(), || "no case".into());
        let has_reason = rule.cannot.as_ref().is_some_and(|reason| !reason.is_empty());
        failures.check(&rule, "reject", 0, rule.reject.is_empty() == has_reason, || {
            "either a case or the reason why there is none".into()
        });
        for case in rule.accept.iter().chain(&rule.reject) {
            for id in [true, false].into_iter().filter_map(|strict| case.difference(strict)) {
                failures.check(&rule, "difference", 0, difference::find(id).is_some(), || format!("unknown `{id}`"));
            }
        }
    }
    assert!(ids.len() > 20, "the rules were found");
    failures.finish();
}

#[test]
fn documents_that_obey_a_rule_are_read_and_say_what_they_should() {
    let mut failures = Failures::default();
    for rule in all() {
        for (number, case) in rule.accept.iter().enumerate() {
            for strict in [true, false] {
                if let Some(outcome) = case.outcome(strict) {
                    failures.check(
                        &rule,
                        "accept",
                        number,
                        outcome.accepted && wrong(case, &outcome).is_none(),
                        || format!("strict {strict}: {:?} {outcome:#?}", wrong(case, &outcome)),
                    );
                    continue;
                }
                let reading = ours(&case.input(), strict);
                let good = strict || case.lenient != Some(false);
                failures.check(&rule, "accept", number, reading.has_errors() != good, || {
                    format!("strict {strict}: {:#?}", reading.diagnostics)
                });
                failures.check(&rule, "accept", number, missing(case, &our_facts(&reading)).is_none(), || {
                    missing(case, &our_facts(&reading)).unwrap_or_default()
                });
            }
        }
    }
    failures.finish();
}

#[test]
fn documents_that_break_a_rule_are_refused_with_its_code() {
    let mut failures = Failures::default();
    for rule in all() {
        for (number, case) in rule.reject.iter().enumerate() {
            if let Some(outcome) = case.outcome(true) {
                failures.check(&rule, "reject", number, !outcome.accepted && wrong(case, &outcome).is_none(), || {
                    format!("{:?} {outcome:#?}", wrong(case, &outcome))
                });
                continue;
            }
            let code = case.code.as_ref().or(rule.code.as_ref()).expect("a rule that can be broken has a code");
            let reading = ours(&case.input(), true);
            let found: Vec<&str> =
                reading.diagnostics.iter().filter(|one| one.is_error()).map(|one| one.code.as_str()).collect();
            failures.check(&rule, "reject", number, found.contains(&code.as_str()), || {
                format!("`{code}` is not among {found:?}")
            });
            failures.check(
                &rule,
                "reject",
                number,
                missing(case, &our_facts(&reading)).is_none() || case.lenient == Some(true),
                || missing(case, &our_facts(&reading)).unwrap_or_default(),
            );
            let reading = ours(&case.input(), false);
            failures.check(&rule, "reject", number, reading.has_errors() != (case.lenient == Some(true)), || {
                format!("lenient: {:#?}", reading.diagnostics)
            });
        }
    }
    failures.finish();
}

/// What an outcome should hold and does not.
fn wrong(case: &Case, outcome: &Outcome) -> Option<String> {
    let found = case.found.as_ref().filter(|wanted| outcome.found.first() != Some(wanted));
    let found = found.map(|wanted| format!("expected to find {wanted}, found {:?}", outcome.found));
    found.or_else(|| missing(case, &outcome.documents))
}

/// The first expected fact that is not there.
fn missing(case: &Case, documents: &[Value]) -> Option<String> {
    let all = Value::Array(documents.to_vec());
    case.expect.iter().find_map(|(pointer, wanted)| {
        let found = all.pointer(pointer);
        (found != Some(wanted)).then(|| format!("at `{pointer}`: expected {wanted}, found {found:?}"))
    })
}

#[test]
fn the_overview_lists_the_rules() {
    let mut text = String::from(
        "# Rules of the modulemd documents\n\nGenerated from `tests/modulemd/rules`; a test compares. To write it anew: \
         `MBS_BLESS=1 cargo test -p mbs-tests modulemd::rules`.\n\nEach rule has documents that obey it and, where that \
         is possible, documents that break it; the code is the one of the diagnostic (`mbs validate --explain CODE`).\n",
    );
    let mut sections: BTreeMap<String, Vec<Rule>> = BTreeMap::new();
    for rule in all() {
        let section = rule.id.strip_prefix("MMD-").and_then(|rest| rest.split('.').next()).expect("an id");
        sections.entry(section.to_owned()).or_default().push(rule);
    }
    for (section, rules) in sections {
        // Writing into a `String` cannot fail.
        let _ = write!(text, "\n## {}\n\n| id | rule | code |\n| --- | --- | --- |\n", title(&section));
        for rule in rules {
            let mut codes: BTreeSet<&str> = rule.reject.iter().filter_map(|case| case.code.as_deref()).collect();
            codes.extend(rule.code.as_deref());
            let codes = codes.into_iter().collect::<Vec<_>>().join(", ");
            let sentence = rule.rule.trim_end().replace('|', "\\|");
            let _ = writeln!(text, "| {} | {sentence} | {codes} |", rule.id);
        }
    }
    let path = workspace().join("docs/modulemd-rules.md");
    if std::env::var_os("MBS_BLESS").is_some() {
        std::fs::write(&path, &text).expect("the overview can be written");
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/modulemd-rules.md is out of date; run this test with MBS_BLESS=1 and look at the change"
    );
}

fn title(section: &str) -> &str {
    match section {
        "1" => "Documents and single values",
        "2" => "`modulemd` version 2",
        "3" => "`modulemd` version 1",
        "4" => "`modulemd-packager`",
        "5" => "`modulemd-defaults`",
        "6" => "`modulemd-translations`",
        "7" => "`modulemd-obsoletes`",
        "8" => "Indexes: reading, merging, searching",
        other => other,
    }
}
