//! Where the provider under test comes from.

use crate::provider::Sample;
use async_trait::async_trait;
use mbs_core::build::ModuleState;
use mbs_core::resolve::{LayeredProvider, MemoryProvider, ModuleFacts, Provider, ProviderError};
use mbs_core::{ModuleName, Nsvc};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Makes providers of one kind.
#[async_trait]
pub trait ProviderFactory: Send + Sync {
    /// A provider that knows these builds and no others.
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider>;

    /// A provider that cannot answer any more; none if that cannot be brought about.
    async fn failing(&self) -> Option<Arc<dyn Provider>> {
        None
    }

    /// Removes from facts what depends on this kind of provider alone, such as where packages are.
    fn normalize(&self, facts: &mut ModuleFacts) {
        facts.repository = None;
    }
}

/// Makes providers over memory.
#[derive(Debug, Clone, Copy, Default)]
pub struct MemoryFactory;

#[async_trait]
impl ProviderFactory for MemoryFactory {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        Arc::new(MemoryProvider::new(builds.iter().map(Sample::facts)))
    }
}

/// Makes layered providers: two of another factory that know half of the builds each and a few both, the second of
/// them wrongly.
#[derive(Debug, Clone, Copy, Default)]
pub struct LayeredFactory<F>(pub F);

#[async_trait]
impl<F: ProviderFactory> ProviderFactory for LayeredFactory<F> {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let (mut near, mut far) = (Vec::new(), Vec::new());
        // Documents of one build stay together.
        let identities: BTreeSet<Nsvc> = builds.iter().map(Sample::nsvc).collect();
        let numbers: BTreeMap<Nsvc, usize> = identities.into_iter().zip(0..).collect();
        for sample in builds {
            let number = numbers[&sample.nsvc()];
            if number.is_multiple_of(2) {
                near.push(sample.clone());
            } else {
                far.push(sample.clone());
            }
            if number.is_multiple_of(6) {
                far.push(Sample { state: ModuleState::Failed, ..sample.clone() });
            }
        }
        let (near, far) = (self.0.knowing(&near).await, self.0.knowing(&far).await);
        Arc::new(LayeredProvider::new().with("near", near).with("far", far))
    }

    async fn failing(&self) -> Option<Arc<dyn Provider>> {
        let good = self.0.knowing(&[]).await;
        Some(Arc::new(LayeredProvider::new().with("good", good).with("bad", Arc::new(Failing) as Arc<dyn Provider>)))
    }

    fn normalize(&self, facts: &mut ModuleFacts) {
        self.0.normalize(facts);
    }
}

/// Never knows.
#[derive(Debug)]
struct Failing;

#[async_trait]
impl Provider for Failing {
    async fn builds(&self, name: &ModuleName) -> Result<Vec<Arc<ModuleFacts>>, ProviderError> {
        Err(ProviderError { name: name.clone(), problem: "out of order".to_owned(), source: None })
    }
}
