//! The table in the documentation is what the code does.

use mbs_core::build::transition_table;
use std::path::Path;

#[test]
fn the_table_of_transitions_is_current() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/transitions.md");
    let table = transition_table().expect("samples");
    if std::env::var_os("MBS_BLESS").is_some() {
        std::fs::write(&path, &table).expect("docs can be written");
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == table,
        "docs/transitions.md is out of date; run this test with MBS_BLESS=1 and look at the change"
    );
}
