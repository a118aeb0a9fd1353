//! The embedded backend builds the example modules.

use mbs_core::Blame;
use mbs_core::build::{BuildOptions, ModuleState};
use mbs_tests::fixture::Repositories;
use mbs_tests::workshop::Workshop;
use std::collections::BTreeSet;

fn rpms(folder: &std::path::Path) -> BTreeSet<String> {
    std::fs::read_dir(folder)
        .expect("result folder")
        .map(|entry| entry.expect("entry").file_name().into_string().expect("name"))
        .filter(|name| name.ends_with(".rpm"))
        .map(|name| {
            name.split("-1.module").next().unwrap_or_default().split(".module").next().unwrap_or_default().to_owned()
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
    let names = rpms(&workshop.results(&build));
    assert!(names.iter().any(|name| name.starts_with("gaugectl")), "{names:?}");
    assert!(!names.iter().any(|name| name.starts_with("greenhouse-rpm-macros")), "{names:?}");
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
