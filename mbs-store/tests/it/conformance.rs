//! The rules that every store follows.

use crate::place::Place;
use mbs_core::store::MemoryStore;
use mbs_testkit::store::{block_on, stay_equal};

mbs_testkit::store_conformance!(crate::place::Place::new());

#[test]
fn it_stays_equal_to_the_memory_store_whatever_happens() {
    for seed in 0..24 {
        let place = Place::new();
        let (memory, store) = (MemoryStore::new(), place.store());
        block_on(stay_equal(&memory, store.as_ref(), seed, 60));
    }
}
