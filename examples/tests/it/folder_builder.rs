//! The builder of the example keeps the contract.

use async_trait::async_trait;
use mbs_core::Failure;
use mbs_core::build::BuiltComponent;
use mbs_core::builder::{ComponentRequest, GenericBuilder, PublishedComponent};
use mbs_core::clock::Clock;
use mbs_examples::disk::Disk;
use mbs_examples::folder_builder::FolderBuilder;
use mbs_examples::repo::Repo;
use mbs_testkit::SimClock;
use mbs_testkit::builder::conformance::{BuilderFactory, Part, RepoContent, run_all};
use std::sync::Arc;

/// Components tell by their names what becomes of them: `failing`, `good-N`, `N-needs-OTHER`.
fn build(request: &ComponentRequest, seen: &[PublishedComponent]) -> Result<BuiltComponent, Failure> {
    let name = request.key.component.as_str();
    let there = |other: &str| seen.iter().any(|one| one.key.component.as_str() == other);
    match name.split_once("-needs-") {
        None if name == "failing" => Err(Failure::user("does not compile")),
        Some((_, other)) if !there(other) => Err(Failure::user(format!("`{other}` is not there"))),
        None | Some(_) => {
            let nvr = format!("{name}-1-1.{}", request.module.release.as_str());
            Ok(BuiltComponent { rpms: vec![format!("{nvr}.noarch.rpm")], nvr, milliseconds: None, reused_from: None })
        }
    }
}

struct Factory {
    folder: tempfile::TempDir,
    clock: SimClock,
}

fn part(name: &str) -> Part {
    Part::named(name).expect("name")
}

#[async_trait]
impl BuilderFactory for Factory {
    async fn open(&self) -> Arc<dyn GenericBuilder> {
        Arc::new(FolderBuilder(Disk(self.folder.path().to_owned()), build))
    }

    fn clock(&self) -> Arc<dyn Clock> {
        Arc::new(self.clock.clone())
    }

    fn good(&self, number: u32) -> Part {
        part(&format!("good-{number}"))
    }

    fn failing(&self) -> Option<Part> {
        Some(part("failing"))
    }

    fn needing(&self, number: u32, other: &Part) -> Option<Part> {
        Some(part(&format!("{number}-needs-{}", other.name)))
    }

    async fn read_repo(&self, address: &str) -> Option<Result<RepoContent, String>> {
        let text = std::fs::read(address).map_err(|error| error.to_string());
        Some(text.and_then(|text| {
            let repo: Repo = serde_json::from_slice(&text).map_err(|error| error.to_string())?;
            let rpms = repo.components.into_iter().flat_map(|one| one.built.rpms).collect();
            Ok(RepoContent { rpms, modulemd: repo.modulemd.is_some() })
        }))
    }
}

#[test]
fn keeps_the_contract() {
    let factory = Factory { folder: tempfile::tempdir().expect("folder"), clock: SimClock::default() };
    let report = factory.clock.run(run_all(&factory)).expect("the suite ends");
    assert!(report.is_ok(), "{report}");
}
