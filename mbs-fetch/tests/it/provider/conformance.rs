//! Every provider keeps the contract.

use super::options;
use super::service;
use super::web::{Answer, Web};
use async_trait::async_trait;
use mbs_core::repodata::attach_modules;
use mbs_core::resolve::Provider;
use mbs_fetch::provider::{IndexProvider, RemoteProvider, RepositoryProvider, Sidecar, open_provider};
use mbs_testkit::provider::conformance::{LayeredFactory, ProviderFactory, run_all};
use mbs_testkit::provider::{Sample, index_text, sidecar_text};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

struct Index;

#[async_trait]
impl ProviderFactory for Index {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let sidecar = Sidecar::parse(sidecar_text(builds).as_bytes(), "s").expect("sidecar");
        let text = index_text(builds);
        Arc::new(IndexProvider::from_bytes(text.as_bytes(), "m", Some(&sidecar), &options()).expect("index"))
    }
}

/// Indexes in files, with their sidecars beside them, opened by looking.
struct Files(TempDir, Mutex<u32>);

#[async_trait]
impl ProviderFactory for Files {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let folder = {
            let mut number = self.1.lock().expect("number");
            *number += 1;
            self.0.path().join(number.to_string())
        };
        std::fs::create_dir(&folder).expect("folder");
        let mut places = Vec::new();
        // The second half first: it is not the order that decides.
        for (number, half) in builds.chunks(builds.len().div_ceil(2).max(1)).enumerate() {
            let path = folder.join(format!("{number}.yaml"));
            std::fs::write(&path, index_text(half)).expect("index");
            std::fs::write(path.with_extension("states.yaml"), sidecar_text(half)).expect("sidecar");
            places.insert(0, path.to_str().expect("text").to_owned());
        }
        Arc::new(open_provider(&places, &options()).await.expect("index"))
    }
}

/// Repositories on a server.
#[derive(Default)]
struct Repository(Mutex<Vec<Web>>);

#[async_trait]
impl ProviderFactory for Repository {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let made = attach_modules("<repomd><data type='primary'/></repomd>", &index_text(builds)).expect("list");
        let states = sidecar_text(builds);
        let server = Web::start(move |asked, _| match asked.target.as_str() {
            "/os/repodata/repomd.xml" => Answer::new(200, made.repomd.clone()),
            "/states.yaml" => Answer::new(200, states.clone()),
            path if path == format!("/os/repodata/{}", made.file_name) => Answer::new(200, made.file.clone()),
            _ => Answer::new(404, ""),
        });
        let server = server.await;
        let mut options = options();
        options.sidecars = vec![format!("{}/states.yaml", server.url)];
        let provider = RepositoryProvider::open(&format!("{}/os", server.url), &options).await.expect("repository");
        self.0.lock().expect("servers").push(server);
        Arc::new(provider)
    }
}

/// A build service.
struct Service(&'static str);

#[async_trait]
impl ProviderFactory for Service {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let server = service::start(builds, self.0, 3).await;
        let address = format!("{}/module-build-service/{}/", server.url, self.0);
        Arc::new(RemoteProvider::new(&address, &options()).expect("address"))
    }

    async fn failing(&self) -> Option<Arc<dyn Provider>> {
        let server = Web::start(|_, _| Answer::new(500, "")).await;
        Some(Arc::new(RemoteProvider::new(&format!("mbs+{}", server.url), &options()).expect("address")))
    }
}

#[tokio::test]
async fn an_index_passes() {
    run_all(&Index).await;
}

#[tokio::test]
async fn files_that_are_opened_by_looking_pass() {
    run_all(&Files(tempfile::tempdir().expect("folder"), Mutex::default())).await;
}

#[tokio::test]
async fn a_repository_passes() {
    run_all(&Repository::default()).await;
}

#[tokio::test]
async fn a_build_service_passes() {
    run_all(&Service("1")).await;
    run_all(&Service("2")).await;
}

#[tokio::test]
async fn layers_pass() {
    run_all(&LayeredFactory(Index)).await;
    run_all(&LayeredFactory(Service("2"))).await;
}
