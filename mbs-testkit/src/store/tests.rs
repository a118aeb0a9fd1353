//! The memory store passes.

crate::store_conformance!(crate::store::MemoryFactory::default());

use crate::store::{MemoryFactory, StoreFactory, block_on, stay_equal};

#[test]
fn two_memory_stores_stay_equal_whatever_happens() {
    for seed in 0..50 {
        block_on(async {
            let (left, right) = (MemoryFactory::default().open().await, MemoryFactory::default().open().await);
            stay_equal(left.as_ref(), right.as_ref(), seed, 60).await;
        });
    }
}
