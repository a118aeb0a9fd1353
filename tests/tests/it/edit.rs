//! A packager edits the file that is built: it stays valid, and his own in every other line.

use crate::baseline::greenhouse;
use mbs_tests::mbs::Mbs;

#[test]
fn an_edited_module_is_still_the_packagers_own_and_valid() {
    let folder = tempfile::tempdir().expect("folder");
    let mbs = Mbs::new(folder.path());
    let text = std::fs::read_to_string(greenhouse().modulemd()).expect("modulemd");
    let file = mbs.path("greenhouse.yaml");
    std::fs::write(&file, &text).expect("written");
    let told = mbs.ok(["edit", "set-ref", "greenhouse.yaml", "libgauge", "v9"]);
    assert!(told.contains("data.components.rpms.libgauge.ref: main -> v9"), "{told}");
    mbs.ok(["edit", "add-component", "greenhouse.yaml", "zz-new", "--rationale", "New.", "--ref", "main"]);
    mbs.ok(["validate", "greenhouse.yaml"]);
    let edited = std::fs::read_to_string(&file).expect("edited");
    assert!(edited.contains("zz-new:") && edited.contains("ref: v9"), "{edited}");
    mbs.ok(["edit", "remove-component", "greenhouse.yaml", "zz-new"]);
    mbs.ok(["edit", "set-ref", "greenhouse.yaml", "libgauge", "main"]);
    assert_eq!(std::fs::read_to_string(&file).expect("edited"), text);
}
