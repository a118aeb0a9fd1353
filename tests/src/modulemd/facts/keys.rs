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

/// Gives every defaults document an answer for each of these intents and for those of all others: what
/// libmodulemd says about an intent that a document does not have.
pub fn with_intents(mut documents: Vec<Value>, intents: &[&str]) -> Vec<Value> {
    let mut names: BTreeSet<String> = intents.iter().map(|name| (*name).to_owned()).collect();
    for one in &documents {
        names.extend(one["intents"].as_object().into_iter().flatten().map(|(name, _)| name.clone()));
    }
    for one in &mut documents {
        let general = json!({"stream": one["stream"], "profiles": one["profiles"]});
        if let Some(intents) = one.get_mut("intents").and_then(Value::as_object_mut) {
            for name in &names {
                intents.entry(name.clone()).or_insert_with(|| general.clone());
            }
        }
    }
    documents
}
