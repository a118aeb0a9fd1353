//! The same commits and number give the same bytes, wherever and however a module is built.

use crate::baseline::greenhouse;
use mbs_tests::mbs::{Mbs, contents};

#[test]
fn place_mask_and_jobs_leave_no_trace_in_the_result() {
    let built = greenhouse();
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(&folder.path().join("a longer/place")).with_umask(0o077);
    mbs.ok(["build", "--jobs", "1", &built.modulemd()]);
    assert_same(&contents(&built.repository), &contents(&mbs.repository(1)));
}

/// Names what differs, and not with which bytes.
pub(crate) fn assert_same(
    one: &std::collections::BTreeMap<String, Vec<u8>>,
    other: &std::collections::BTreeMap<String, Vec<u8>>,
) {
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    let differ: Vec<_> = one.iter().filter(|(name, bytes)| other[*name] != **bytes).map(|(name, _)| name).collect();
    assert!(differ.is_empty(), "other bytes in {differ:?}");
}
