//! One build over the platform of the machine.

use super::super::*;
use super::support::{ANY, document, origin, settings, stored, submit};

#[test]
fn an_open_platform_becomes_the_one_of_the_machine() {
    let (made, _) = submit(&document(ANY, ""), &[], &origin(), &settings("f28")).expect("submission");
    assert_eq!(made.new.nsvc.to_string(), "gauges:1.0:2820180205135154:9c690d0e");
    let stored = stored(&made);
    assert_eq!(stored.dependencies[0].requires["platform"].single(), Some("f28"));
    let platform = stored.xmd_mbs().and_then(|mbs| mbs.get("buildrequires")?.get("platform")).expect("entry");
    assert_eq!(platform.get("stream").and_then(crate::modulemd::Value::as_str), Some("f28"));
    assert_eq!(made.new.request.source_epoch, 1_517_838_714);
}

#[test]
fn different_sides_keep_the_requires_as_written() {
    let both = "[{buildrequires: {platform: [f28]}, requires: {platform: [f28, f29], perl: [\"-5.24\"]}}]";
    let (made, _) = submit(&document(both, ""), &[], &origin(), &settings("f28")).expect("submission");
    let stored = stored(&made);
    assert_eq!(stored.dependencies[0].requires["platform"].0.len(), 2);
    assert!(stored.dependencies[0].requires["perl"].0.contains("-5.24"));
}

#[test]
fn what_cannot_be_resolved_here_is_told_apart_from_bad_input() {
    for block in [
        "[{buildrequires: {platform: [f29]}}]",
        "[{buildrequires: {platform: [], perl: [\"5.26\"]}}]",
        "[{requires: {platform: []}}]",
        "[]",
    ] {
        let error = submit(&document(block, ""), &[], &origin(), &settings("f28")).expect_err(block);
        assert!(error.is_unresolved(), "{block}: {error}");
    }
}

#[test]
fn components_without_a_place_to_come_from_are_all_reported() {
    let components = "  components: {rpms: {a: {rationale: r}, b: {rationale: r}}}\n";
    let error = submit(&document(ANY, components), &[], &origin(), &settings("f28")).expect_err("no repository");
    let SubmitError::Sources(problems) = &error else { panic!("{error}") };
    assert_eq!(problems.len(), 2);
    assert!(!error.is_unresolved());
}

#[test]
fn what_a_packager_may_not_write_is_refused() {
    let arch = submit(&document(ANY, "  buildopts: {arches: [s390x]}\n"), &[], &origin(), &settings("f28"));
    assert!(matches!(arch, Err(SubmitError::Arch { .. })));
    let commit = Origin { commit: Some("c".repeat(40)), ..origin() };
    let version = submit(&document(ANY, "  version: 7\n"), &[], &commit, &settings("f28"));
    assert!(matches!(version, Err(SubmitError::VersionGiven(7))));
    let marking = submit(&document(ANY, ""), &[], &origin(), &settings("f-28"));
    let marking = marking.expect_err("a dash");
    assert!(
        matches!(marking, SubmitError::Disttag(_)) && marking.to_string().ends_with("with `--platform`"),
        "{marking}"
    );
}

#[test]
fn a_version_without_room_for_a_prefix_is_kept_with_a_warning() {
    let (made, warnings) = submit(&document(ANY, ""), &[], &origin(), &settings("f29.0.0")).expect("submission");
    assert_eq!(made.new.nsvc.version.0, 20_180_205_135_154);
    assert_eq!(warnings[0].code, "MB0001");
}
