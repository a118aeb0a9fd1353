//! What many calls share.

use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A thing by its name or its number; builds have their name-version-release as name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ref<'a> {
    /// By name.
    Name(&'a str),
    /// By number.
    Id(i64),
}

impl<'a> From<&'a str> for Ref<'a> {
    fn from(name: &'a str) -> Self {
        Self::Name(name)
    }
}

impl<'a> From<&'a String> for Ref<'a> {
    fn from(name: &'a String) -> Self {
        Self::Name(name)
    }
}

impl From<i64> for Ref<'_> {
    fn from(id: i64) -> Self {
        Self::Id(id)
    }
}

impl Serialize for Ref<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Name(name) => serializer.serialize_str(name),
            Self::Id(id) => serializer.serialize_i64(*id),
        }
    }
}

/// The result of a call that gives none; whatever comes is passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Nothing;

impl<'de> Deserialize<'de> for Nothing {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}

/// The default where a hub sends nil.
pub(super) fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}
