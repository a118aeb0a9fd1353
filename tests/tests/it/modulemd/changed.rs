//! Documents that are nearly right fare as with libmodulemd.

use super::peer_rules::disagreement;
use super::written::seed;
use fastrand::Rng;
use mbs_tests::modulemd::mutate::{lines, tree, whole};
use mbs_tests::modulemd::peer::Peer;

#[test]
fn whole_documents_are_read_alike() {
    let Some(mut peer) = Peer::start() else { return };
    for (name, text) in whole() {
        for strict in [true, false] {
            assert_eq!(disagreement(&mut peer, &text, strict), None, "{name}");
        }
    }
}

#[test]
fn changed_documents_fare_alike_but_for_listed_differences() {
    let Some(mut peer) = Peer::start() else { return };
    let seed = seed();
    let count: usize = std::env::var("MBS_COUNT").ok().and_then(|text| text.parse().ok()).unwrap_or(400);
    let mut rng = Rng::with_seed(seed);
    let mut failures = Vec::new();
    for (name, text) in whole() {
        for number in 0..count {
            let changed = if number % 2 == 0 { tree(&mut rng, &text) } else { lines(&mut rng, &text) };
            for strict in [true, false] {
                if let Some((found, None)) = disagreement(&mut peer, &changed, strict) {
                    failures.push(format!("== {name} {number}, strict {strict}: {found}\n{changed}"));
                }
            }
        }
    }
    assert!(failures.is_empty(), "seed {seed}: {} differences\n{}", failures.len(), failures.join("\n"));
}
