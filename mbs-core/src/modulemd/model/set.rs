//! Reading sets of texts.

use crate::modulemd::de::STRING_SET;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::marker::PhantomData;

/// Most elements that memory is asked for before the first one was read.
const EXPECTED: usize = 10_000;

/// Whether so few elements are coming that collecting them first costs more than it saves.
fn few(hint: Option<usize>) -> bool {
    hint.is_some_and(|hint| (1..=4).contains(&hint))
}

/// How many elements to ask memory for.
pub(crate) fn cautious(hint: Option<usize>) -> usize {
    hint.unwrap_or(0).min(EXPECTED)
}

/// Collects the pairs of a map at once, which is faster than one by one, and leaves no gaps in it.
pub(crate) fn collect_map<'de, A: MapAccess<'de>, V: Deserialize<'de>>(
    mut pairs: A,
) -> Result<BTreeMap<String, V>, A::Error> {
    if few(pairs.size_hint()) {
        let mut map = BTreeMap::new();
        while let Some((key, value)) = pairs.next_entry()? {
            map.insert(key, value);
        }
        return Ok(map);
    }
    let mut all: Vec<(String, V)> = Vec::with_capacity(cautious(pairs.size_hint()));
    while let Some(pair) = pairs.next_entry()? {
        all.push(pair);
    }
    Ok(all.into_iter().collect())
}

/// Reads a map by [`collect_map`].
pub(crate) fn string_map<'de, D: Deserializer<'de>, V: Deserialize<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, V>, D::Error> {
    struct Map<V>(PhantomData<V>);

    impl<'de, V: Deserialize<'de>> Visitor<'de> for Map<V> {
        type Value = BTreeMap<String, V>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map")
        }

        fn visit_map<A: MapAccess<'de>>(self, pairs: A) -> Result<Self::Value, A::Error> {
            collect_map(pairs)
        }
    }

    deserializer.deserialize_map(Map(PhantomData))
}

/// Reads a set: a list of texts, or one text for a list of one.
pub(crate) fn string_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    struct Set;

    impl<'de> Visitor<'de> for Set {
        type Value = BTreeSet<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            // Mostly the items are in order already; made from all at once the set is found in order, and filled
            // without a gap.
            if few(items.size_hint()) {
                let mut set = BTreeSet::new();
                while let Some(item) = items.next_element()? {
                    set.insert(item);
                }
                return Ok(set);
            }
            let mut all: Vec<String> = Vec::with_capacity(cautious(items.size_hint()));
            while let Some(item) = items.next_element()? {
                all.push(item);
            }
            Ok(all.into_iter().collect())
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
            BTreeSet::deserialize(deserializer)
        }
    }

    deserializer.deserialize_newtype_struct(STRING_SET, Set)
}

/// A set inside a map.
#[derive(Default, serde::Deserialize)]
#[serde(transparent)]
struct InMap(#[serde(deserialize_with = "string_set")] BTreeSet<String>);

/// Reads a map of sets.
pub(crate) fn string_sets<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, BTreeSet<String>>, D::Error> {
    let sets: BTreeMap<String, InMap> = BTreeMap::deserialize(deserializer)?;
    Ok(sets.into_iter().map(|(key, set)| (key, set.0)).collect())
}
