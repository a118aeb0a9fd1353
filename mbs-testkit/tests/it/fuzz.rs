//! The bodies of the fuzz targets over the fixtures and over inputs that nobody meant well.

use mbs_testkit::fuzz::TARGETS;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Everything in the folders of the fixtures and examples that looks like a document, and what is packed.
fn inputs() -> Vec<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut open = vec![workspace.join("tests/fixtures"), workspace.join("examples")];
    let mut found = Vec::new();
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "yaml") || folder.ends_with("packed") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

#[test]
fn every_target_survives_every_fixture() {
    let inputs = inputs();
    assert!(inputs.len() > 60, "only {} inputs: the folders moved", inputs.len());
    let mut failed = Vec::new();
    for path in &inputs {
        let bytes = std::fs::read(path).expect("a file");
        for target in TARGETS {
            if catch_unwind(AssertUnwindSafe(|| (target.body)(&bytes))).is_err() {
                failed.push(format!("{} {}", target.name, path.display()));
            }
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn every_target_survives_every_cut_of_the_small_documents() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for name in ["defaults", "obsoletes", "packager-v2", "several"] {
        let path = workspace.join(format!("tests/fixtures/modulemd/documents/{name}.yaml"));
        let bytes = std::fs::read(path).expect("a file");
        for end in 0..bytes.len() {
            for target in TARGETS {
                (target.body)(&bytes[..end]);
            }
        }
    }
}
