//! Reading sets of texts.

use crate::modulemd::de::STRING_SET;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// Reads a set: a list of texts, or one text for a list of one.
pub(crate) fn string_set<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeSet<String>, D::Error> {
    struct Set;

    impl<'de> Visitor<'de> for Set {
        type Value = BTreeSet<String>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
            let mut set = BTreeSet::new();
            while let Some(item) = items.next_element()? {
                set.insert(item);
            }
            Ok(set)
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
