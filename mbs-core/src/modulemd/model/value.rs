//! Free values: what stands under `xmd`.

use super::set::cautious;
use crate::modulemd::de::TYPED_VALUE;
use crate::modulemd::yaml::plain::looks_typed;
use litemap::LiteMap;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// A scalar with its text as written, and whether a typed reader may take it for something else than text.
///
/// The number `5.10` and the text `"5.10"` have the same text here and are not equal; both are written as they came.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Scalar {
    text: String,
    typed: bool,
}

impl Scalar {
    /// A text; gets quotes where it could be taken for something else.
    pub fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), typed: false }
    }

    /// A number, truth value, date or null in its written form. What no reader takes for one of these becomes a text.
    pub fn typed(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { typed: looks_typed(&text), text }
    }

    /// The text as written.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether it stood, and will be written, without quotes though readers take it for something else than text.
    pub fn is_typed(&self) -> bool {
        self.typed
    }
}

/// A map of values, ordered by the bytes of its keys.
///
/// The maps that programs keep under `xmd` are many and small, so they are sorted lists and not trees. Collecting pairs
/// is as fast as sorting them; inserting one by one takes a move of all that lie behind.
pub type ValueMap = LiteMap<String, Value>;

/// A value of any shape. Maps are ordered by the bytes of their keys; lists may mix kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A single value.
    Scalar(Scalar),
    /// A list.
    List(Vec<Value>),
    /// A map.
    Map(ValueMap),
}

impl Default for Value {
    fn default() -> Self {
        Self::Map(ValueMap::new())
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Scalar(Scalar::text(text))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Scalar(Scalar::text(text))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Scalar(Scalar::typed(if value { "true" } else { "false" }))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Scalar(Scalar::typed(value.to_string()))
    }
}

impl FromIterator<(String, Value)> for Value {
    /// The map of these pairs.
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(pairs: I) -> Self {
        Self::Map(pairs.into_iter().collect())
    }
}

impl From<BTreeMap<String, Value>> for Value {
    fn from(map: BTreeMap<String, Value>) -> Self {
        map.into_iter().collect()
    }
}

impl Value {
    /// The value under a key; nothing if there is none or this is no map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// The text of a scalar.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) => Some(scalar.as_str()),
            Self::List(_) | Self::Map(_) => None,
        }
    }

    /// A truth value: `true` or `false` in any case, quoted or not (the original's documents write `TRUE`).
    pub fn as_bool(&self) -> Option<bool> {
        let text = self.as_str()?;
        if text.eq_ignore_ascii_case("true") {
            Some(true)
        } else if text.eq_ignore_ascii_case("false") {
            Some(false)
        } else {
            None
        }
    }

    /// The items of a list.
    pub fn as_list(&self) -> Option<&[Value]> {
        match self {
            Self::List(items) => Some(items),
            Self::Scalar(_) | Self::Map(_) => None,
        }
    }

    /// The texts of a list; items that are no scalars are left out.
    pub fn texts(&self) -> Option<Vec<&str>> {
        Some(self.as_list()?.iter().filter_map(Value::as_str).collect())
    }

    /// The map.
    pub fn as_map(&self) -> Option<&ValueMap> {
        match self {
            Self::Map(map) => Some(map),
            Self::Scalar(_) | Self::List(_) => None,
        }
    }

    /// The map, for changing.
    pub fn as_map_mut(&mut self) -> Option<&mut ValueMap> {
        match self {
            Self::Map(map) => Some(map),
            Self::Scalar(_) | Self::List(_) => None,
        }
    }

    /// The map, for changing; what is no map is replaced by an empty one.
    pub fn make_map(&mut self) -> &mut ValueMap {
        if self.as_map().is_none() {
            *self = Self::default();
        }
        match self {
            Self::Map(map) => map,
            Self::Scalar(_) | Self::List(_) => unreachable!("made a map above"),
        }
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(TYPED_VALUE, ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::from(text))
    }

    fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<Value, E> {
        let text = std::str::from_utf8(bytes).map_err(E::custom)?;
        Ok(Value::Scalar(Scalar::typed(text)))
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::from(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Scalar(Scalar::typed(value.to_string())))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Value::Scalar(Scalar::typed(value.to_string())))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Scalar(Scalar::typed("null")))
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(Self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Value, A::Error> {
        let mut all = Vec::with_capacity(cautious(pairs.size_hint()));
        while let Some(pair) = pairs.next_entry()? {
            all.push(pair);
        }
        // Most of these maps have one or two keys, and a list grows by four.
        all.shrink_to_fit();
        let ascending = all.windows(2).all(|pair: &[(String, Value)]| pair[0].0 < pair[1].0);
        Ok(Value::Map(if ascending {
            ValueMap::from_sorted_store_unchecked(all)
        } else {
            // Sorts, and keeps the last one of equal keys.
            let mut pairs = all.into_iter().collect::<ValueMap>().into_tuple_vec();
            pairs.shrink_to_fit();
            ValueMap::from_sorted_store_unchecked(pairs)
        }))
    }
}

impl Serialize for Value {
    /// Typed scalars become truth values, whole numbers or nulls where their text says nothing more: `true`, `True` and
    /// `TRUE`, the same of false, `null` and `~`, and numbers of 64 bits in their plain decimal form. All else is text,
    /// so that `5.10`, `0x1F` and numbers that programs cannot hold keep what was written.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::List(items) => serializer.collect_seq(items),
            Self::Map(map) => serializer.collect_map(map),
            Self::Scalar(scalar) if !scalar.typed => serializer.serialize_str(&scalar.text),
            Self::Scalar(scalar) => match scalar.text.as_str() {
                "true" | "True" | "TRUE" => serializer.serialize_bool(true),
                "false" | "False" | "FALSE" => serializer.serialize_bool(false),
                "" | "~" | "null" | "Null" | "NULL" => serializer.serialize_unit(),
                text => match (text.parse::<i64>(), text.parse::<u64>()) {
                    (Ok(number), _) if number.to_string() == text => serializer.serialize_i64(number),
                    (_, Ok(number)) if number.to_string() == text => serializer.serialize_u64(number),
                    _ => serializer.serialize_str(text),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value as Json, json};

    #[test]
    fn programs_get_truth_values_nulls_and_plain_numbers_and_else_the_text() {
        let typed = |text: &str| serde_json::to_value(Value::Scalar(Scalar::typed(text))).expect("JSON");
        for (texts, wanted) in [
            (["true", "True", "TRUE"], json!(true)),
            (["false", "False", "FALSE"], json!(false)),
            (["null", "NULL", "~"], Json::Null),
            (["", "Null", "null"], Json::Null),
        ] {
            assert!(texts.iter().all(|text| typed(text) == wanted), "{texts:?}");
        }
        assert_eq!(typed("-9223372036854775808"), json!(i64::MIN));
        assert_eq!(typed("18446744073709551615"), json!(u64::MAX));
        for text in [
            "18446744073709551616",
            "-9223372036854775809",
            "5.10",
            "1234567e12",
            "0x1F",
            "+5",
            "05",
            "-0",
            ".inf",
            "yes",
        ] {
            assert_eq!(typed(text), json!(text));
        }
        assert_eq!(serde_json::to_value(Value::from("true")).expect("JSON"), json!("true"));
    }
}
