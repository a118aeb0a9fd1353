//! The embedded backend builds the example modules.

use mbs_core::Blame;
use mbs_core::build::{BuildOptions, ModuleState};
use mbs_tests::fixture::Repositories;
use mbs_tests::workshop::Workshop;
use std::collections::BTreeSet;
use std::path::Path;

/// `NAME-VERSION-RELEASE` of the packages in a folder, without the dist tag.
fn rpms(folder: &Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .expect("result folder")
        .map(|entry| entry.expect("entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rpm"))
        .map(|path| {
            let name = path.file_name().and_then(|name| name.to_str()).expect("name").to_owned();
            let (plain, rest) = name.split_once(".module+debian12+1+").expect("dist tag");
            format!("{plain} {}", rest.split_once('.').expect("architecture").1)
        })
        .collect()
}

#[tokio::test]
async fn greenhouse_becomes_a_module() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::greenhouse(&folder.path().join("repos"));
    let workshop = Workshop::new(folder.path());
    let modulemd = repositories.modulemd("greenhouse");
    let id = workshop.store(modulemd.to_str().expect("path"), BuildOptions::default()).await;
    let build = workshop.drive(id).await;
    assert_eq!(
        build.state(),
        ModuleState::Ready,
        "{:?}\n{}",
        build.failure(),
        workshop.log(&build, "gaugectl", 1) + &workshop.log(&build, "module-build-macros", 1)
    );
    let names: Vec<String> = rpms(&workshop.results(&build)).into_iter().collect();
    assert_eq!(
        names,
        [
            "gaugectl-0.9-1 src.rpm",
            "gaugectl-0.9-1 x86_64.rpm",
            "greenhouse-data-2025.1-1 noarch.rpm",
            "greenhouse-data-2025.1-1 src.rpm",
            "libgauge-1.2.0-3 src.rpm",
            "libgauge-1.2.0-3 x86_64.rpm",
            "libgauge-devel-1.2.0-3 x86_64.rpm",
            "python-greenhouse-0.3-1 src.rpm",
            "python3-greenhouse-0.3-1 noarch.rpm",
        ],
        "the macros package is filtered"
    );
}

#[tokio::test]
async fn failures_of_a_component_are_the_packagers() {
    for (branch, part) in [
        ("broken-compile", "%build"),
        ("broken-check", "%check"),
        ("missing-br", "offers nothing"),
        ("wrong-arch", "machine"),
        ("bad-checksum", "checksum"),
    ] {
        let folder = tempfile::tempdir().expect("folder");
        let repositories = Repositories::orchard(&folder.path().join("repos"));
        let workshop = Workshop::new(folder.path());
        let id = workshop.store(&repositories.module_at("orchard", branch), BuildOptions::default()).await;
        let build = workshop.drive(id).await;
        let failure = build.failure().expect(branch);
        assert_eq!((build.state(), failure.blame), (ModuleState::Failed, Blame::User), "{branch}: {failure}");
        assert!(failure.reason.contains(part), "{branch}: {failure}");
        assert!(failure.log.is_some(), "{branch}");
    }
}

#[tokio::test]
async fn orchard_builds_in_batches_and_as_a_graph() {
    let folder = tempfile::tempdir().expect("folder");
    let repositories = Repositories::orchard(&folder.path().join("repos"));
    let workshop = Workshop::new(folder.path());
    for module in ["orchard", "orchard-after"] {
        let modulemd = repositories.modulemd(module);
        let id = workshop.store(modulemd.to_str().expect("path"), BuildOptions::default()).await;
        let build = workshop.drive(id).await;
        assert_eq!(build.state(), ModuleState::Ready, "{module}: {:?}", build.failure());
        let left_out = build.find("frostmeter").and_then(|ix| build.component(ix)).expect("frostmeter");
        assert_eq!(left_out.reason.as_deref(), Some("not built for x86_64"));
        assert!(left_out.built.is_none() && left_out.task.is_none());
    }
}
