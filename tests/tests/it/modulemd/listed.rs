//! The document of differences and the list in the code name the same.

use mbs_tests::modulemd::difference::ALL;
use mbs_tests::modulemd::rules::workspace;
use std::collections::BTreeSet;

#[test]
fn every_difference_is_explained_and_every_explanation_is_used() {
    let text = std::fs::read_to_string(workspace().join("docs/modulemd-differences.md")).expect("the document");
    let rows = text.lines().filter_map(|line| line.strip_prefix("| ")).filter_map(|row| row.split(" |").next());
    let explained: Vec<&str> = rows.filter(|id| !matches!(*id, "id" | "---")).collect();
    let once: BTreeSet<&str> = explained.iter().copied().collect();
    assert_eq!(once.len(), explained.len(), "an id stands twice");
    let used: BTreeSet<&str> = ALL.iter().map(|one| one.id).collect();
    assert_eq!(explained.iter().copied().collect::<BTreeSet<_>>(), used);
    assert_eq!(ALL.len(), used.len());
}
