//! A store as a provider follows the rules of providers.

use crate::place::Place;
use async_trait::async_trait;
use mbs_core::modulemd::write;
use mbs_core::resolve::Provider;
use mbs_core::store::StoreProvider;
use mbs_testkit::fixture::{moment, new_build, parse};
use mbs_testkit::provider::Sample;
use mbs_testkit::provider::conformance::{ProviderFactory, run_all};
use mbs_testkit::store::block_on;
use rusqlite::params;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

/// Stores; their folders stay until the end.
#[derive(Default)]
struct Stores(Mutex<Vec<Place>>);

#[async_trait]
impl ProviderFactory for Stores {
    async fn knowing(&self, builds: &[Sample]) -> Arc<dyn Provider> {
        let place = Place::new();
        let store = place.store();
        let mut seen = BTreeSet::new();
        // A store holds one build of an identity.
        let known: Vec<_> = builds.iter().filter(|sample| seen.insert(sample.nsvc())).collect();
        let new: Vec<_> = known
            .iter()
            .map(|sample| {
                let mut new = new_build("m", &[]);
                new.nsvc = sample.nsvc();
                Arc::make_mut(&mut new.request).modulemd = write(&sample.document);
                new
            })
            .collect();
        let created = store.create(&new, moment(0)).await.expect("stored");
        for (created, sample) in created.iter().zip(known) {
            // Some of the states are none that a build without components comes to.
            place
                .raw()
                .execute(
                    "UPDATE builds SET state = ?2 WHERE id = ?1",
                    params![i64::try_from(created.header.id.0).expect("few"), sample.state.number()],
                )
                .expect("the state is set");
        }
        self.0.lock().expect("nobody panics").push(place);
        Arc::new(StoreProvider::new(store, [parse("platform")]))
    }

    async fn failing(&self) -> Option<Arc<dyn Provider>> {
        let place = Place::new();
        let store = place.store();
        place.raw().execute_batch("DROP TABLE notes").expect("damage");
        self.0.lock().expect("nobody panics").push(place);
        Some(Arc::new(StoreProvider::new(store, [parse("platform")])))
    }
}

#[test]
fn a_store_follows_the_rules_of_providers() {
    block_on(run_all(&Stores::default()));
}
