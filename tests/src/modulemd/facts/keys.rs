//! What libmodulemd can only be asked for by key.

use serde_json::{Value, json};
use std::collections::BTreeSet;

/// The keys that occur in the facts of documents: rpm-map entries, intents, and streams that have translations.
pub fn keys(documents: &[Value]) -> Value {
    let mut rpm_map = BTreeSet::new();
    let mut intents = BTreeSet::new();
    let mut streams = BTreeSet::new();
    for one in documents {
        for (digest, checksums) in one["rpm_map"].as_object().into_iter().flatten() {
            rpm_map.extend(checksums.as_object().into_iter().flatten().map(|(sum, _)| (digest.clone(), sum.clone())));
        }
        intents.extend(one["intents"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
        streams.extend(one["stream"].as_str().map(str::to_owned));
    }
    json!({"rpm_map": rpm_map, "intents": intents, "streams": streams})
}
