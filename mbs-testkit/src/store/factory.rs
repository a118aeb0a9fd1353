//! Where the store under test comes from.

use async_trait::async_trait;
use mbs_core::store::{MemoryStore, Store};
use std::sync::Arc;

/// One place that holds a store, empty at first.
#[async_trait]
pub trait StoreFactory: Send + Sync {
    /// Opens the store of this place. Every opening shows the same content, beside an earlier one and after it.
    async fn open(&self) -> Arc<dyn Store>;
}

/// The place of a [`MemoryStore`].
#[derive(Debug, Clone, Default)]
pub struct MemoryFactory {
    store: MemoryStore,
}

#[async_trait]
impl StoreFactory for MemoryFactory {
    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(self.store.clone())
    }
}
