//! The providers of the core pass, and the suite notices what is broken.

use super::{LayeredFactory, MemoryFactory, ProviderFactory, run_all};
use crate::provider::Sample;
use async_trait::async_trait;
use futures::executor::block_on;
use futures::future::FutureExt as _;
use mbs_core::ModuleName;
use mbs_core::build::ModuleState;
use mbs_core::resolve::{ModuleFacts, Provider, ProviderError};
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

#[test]
fn memory_passes() {
    block_on(run_all(&MemoryFactory));
}

#[test]
fn layers_pass() {
    block_on(run_all(&LayeredFactory(MemoryFactory)));
    block_on(run_all(&LayeredFactory(LayeredFactory(MemoryFactory))));
}

/// How a provider is broken.
#[derive(Debug, Clone, Copy)]
enum Fault {
    OnlyReady,
    Prefixes,
    Twice,
    Silent,
}

#[derive(Debug)]
struct Broken(Arc<dyn Provider>, Fault);

#[async_trait]
impl Provider for Broken {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        let mut builds = self.0.builds(name).await?;
        match self.1 {
            Fault::OnlyReady => builds.retain(|facts| facts.state == ModuleState::Ready),
            Fault::Twice => builds.extend_from_within(..),
            Fault::Prefixes if name.as_str() == "assum" => {
                builds = self.0.builds(&ModuleName::new("assumed").expect("name")).await?;
            }
            Fault::Prefixes | Fault::Silent => {}
        }
        Ok(builds)
    }
}

struct BrokenFactory(Fault);

#[async_trait]
impl ProviderFactory for BrokenFactory {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        Arc::new(Broken(MemoryFactory.knowing(builds).await, self.0))
    }

    async fn failing(&self) -> Option<Arc<dyn Provider>> {
        match self.0 {
            Fault::Silent => Some(MemoryFactory.knowing(&[]).await),
            _ => None,
        }
    }
}

#[test]
fn broken_providers_do_not_pass() {
    for fault in [Fault::OnlyReady, Fault::Prefixes, Fault::Twice, Fault::Silent] {
        let factory = BrokenFactory(fault);
        let outcome = block_on(AssertUnwindSafe(run_all(&factory)).catch_unwind());
        assert!(outcome.is_err(), "{fault:?} passes");
    }
}
