//! The cases of the rules, read by libmodulemd.

use super::{is_packager, our_facts, ours};
use mbs_tests::modulemd::facts::{first_difference, keys, sorted};
use mbs_tests::modulemd::peer::{Answer, Peer};
use mbs_tests::modulemd::rules::{Case, all};
use mbs_tests::modulemd::{difference, explain};
use serde_json::{Value, json};

/// How a text fares with both, and the deliberate difference that explains it; nothing if they agree.
pub(super) fn disagreement(peer: &mut Peer, text: &str, strict: bool) -> Option<(String, Option<&'static str>)> {
    let reading = ours(text, strict);
    let facts = our_facts(&reading);
    let packager = is_packager(&reading, text);
    let mut answer = ask(peer, text, strict, packager, &keys(&facts));
    if answer == Answer::None {
        // What it was asked before may have left it broken: a new process has the last word.
        answer = ask(peer, text, strict, packager, &keys(&facts));
    }
    let accepted = !reading.has_errors();
    if answer.verdict() != Some(accepted) {
        let codes: Vec<_> = reading
            .diagnostics
            .iter()
            .map(|one| (one.code.as_str(), one.key_path.as_str(), one.message.as_str()))
            .collect();
        let theirs = answer.verdict().map_or("without an answer", word);
        let found = format!("{theirs} by libmodulemd ({}), {} by us ({codes:?})", answer.messages(), word(accepted));
        return Some((found, explain::verdict(&reading, &answer, strict)));
    }
    // Also beside a refused document the others are held.
    let (facts, theirs) = (Value::Array(sorted(facts)), Value::Array(answer.documents()));
    let found = first_difference(&facts, &theirs)?;
    Some((found, explain::facts(&facts, &theirs, &reading)))
}

/// The same for a case of a rule, which may ask for more than the documents.
fn case_disagreement(peer: &mut Peer, case: &Case, strict: bool) -> Option<(String, Option<&'static str>)> {
    let Some(outcome) = case.outcome(strict) else { return disagreement(peer, &case.input(), strict) };
    let question = case.question(strict, &keys(&outcome.documents)).expect("what has an outcome has a question");
    let mut answer = peer.ask(&question);
    if answer == Answer::None {
        answer = peer.ask(&question);
    }
    if answer.verdict() != Some(outcome.accepted) {
        let theirs = answer.verdict().map_or("without an answer", word);
        return Some((
            format!("{theirs} by libmodulemd ({}), {} by us", answer.messages(), word(outcome.accepted)),
            None,
        ));
    }
    let found = match &answer {
        Answer::Good(all) if case.query.is_some() => first_difference(&Value::Array(outcome.found), &all["found"]),
        _ if case.query.is_some() => None,
        _ => first_difference(&Value::Array(outcome.documents), &Value::Array(answer.documents())),
    };
    found.map(|found| (found, None))
}

fn word(accepted: bool) -> &'static str {
    if accepted { "accepted" } else { "refused" }
}

fn ask(peer: &mut Peer, text: &str, strict: bool, packager: bool, keys: &Value) -> Answer {
    if packager {
        return peer.ask(&json!({"op": "packager", "text": text, "strict": strict, "keys": keys}));
    }
    peer.read(text, strict, keys)
}

#[test]
fn the_cases_of_all_rules_fare_as_with_libmodulemd_but_for_listed_differences() {
    let Some(mut peer) = Peer::start() else { return };
    let old = peer.version.starts_with("2.14");
    let mut failures = Vec::new();
    for rule in all() {
        for (side, cases) in [("accept", &rule.accept), ("reject", &rule.reject)] {
            for (number, case) in cases.iter().enumerate() {
                for strict in [true, false] {
                    let found = case_disagreement(&mut peer, case, strict);
                    let listed = case.difference(strict).and_then(difference::find);
                    let place = format!("{} {side} {number}, strict {strict}", rule.id);
                    match (found, listed) {
                        (None, None) | (Some(_), Some(_)) => {}
                        (Some((found, _)), None) => failures.push(format!("{place}: {found}")),
                        (None, Some(listed)) => {
                            if !listed.by_chance && (old || !listed.only_2_14) {
                                failures.push(format!("{place}: no difference `{}` is seen", listed.id));
                            }
                        }
                    }
                }
            }
        }
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
