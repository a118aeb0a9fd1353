//! The cases of the rules, read by libmodulemd.

use super::{is_packager, our_facts, ours};
use mbs_tests::modulemd::difference;
use mbs_tests::modulemd::facts::{first_difference, keys, sorted};
use mbs_tests::modulemd::peer::{Answer, Peer};
use mbs_tests::modulemd::rules::all;
use serde_json::{Value, json};

/// How a text fares with both; nothing if they agree.
pub(super) fn disagreement(peer: &mut Peer, text: &str, strict: bool) -> Option<String> {
    let reading = ours(text, strict);
    let facts = our_facts(&reading);
    let answer = ask(peer, text, strict, is_packager(&reading, text), &keys(&facts));
    let accepted = !reading.has_errors();
    match answer.verdict() {
        None => Some(answer.messages()),
        Some(theirs) if theirs != accepted => Some(format!(
            "{} by libmodulemd ({}), {} by us ({:?})",
            word(theirs),
            answer.messages(),
            word(accepted),
            reading.diagnostics.iter().map(|one| (one.code.as_str(), one.message.as_str())).collect::<Vec<_>>(),
        )),
        // Also beside a refused document the others are held.
        Some(_) => first_difference(&Value::Array(sorted(facts)), &Value::Array(answer.documents())),
    }
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
                    let found = disagreement(&mut peer, &case.input(), strict);
                    let listed = case.difference(strict).and_then(difference::find);
                    let place = format!("{} {side} {number}, strict {strict}", rule.id);
                    match (found, listed) {
                        (None, None) | (Some(_), Some(_)) => {}
                        (Some(found), None) => failures.push(format!("{place}: {found}")),
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
