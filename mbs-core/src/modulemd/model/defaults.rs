//! `modulemd-defaults`: which stream and which profiles are installed when none is named.

use super::set::string_sets;
use super::unknown::UnknownKeys;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Profiles that are installed by default, by stream.
pub type DefaultProfiles = BTreeMap<String, BTreeSet<String>>;

/// The `data` of a `modulemd-defaults` version 1 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Defaults {
    /// Name of the module.
    pub module: String,
    /// When the document was changed; `YYYYMMDDHHMM` by custom, higher is newer.
    pub modified: u64,
    /// The default stream.
    pub stream: Option<String>,
    /// Default profiles by stream.
    #[serde(deserialize_with = "string_sets")]
    pub profiles: DefaultProfiles,
    /// Other defaults for machines of a certain purpose; deprecated.
    pub intents: BTreeMap<String, Intent>,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// One entry of `intents`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Intent {
    /// The default stream for this purpose; an empty text means that there is none.
    pub stream: Option<String>,
    /// Default profiles by stream for this purpose.
    #[serde(deserialize_with = "string_sets")]
    pub profiles: DefaultProfiles,
}

impl Defaults {
    /// The default stream, for a purpose if one is given: the purpose's own if it has one, else the general one.
    pub fn default_stream(&self, intent: Option<&str>) -> Option<&str> {
        let own = intent.and_then(|name| self.intents.get(name)).and_then(|intent| intent.stream.as_deref());
        own.or(self.stream.as_deref()).filter(|stream| !stream.is_empty())
    }

    /// The default profiles of a stream, for a purpose if one is given: the purpose's own if it has some, else the
    /// general ones.
    pub fn default_profiles(&self, stream: &str, intent: Option<&str>) -> Option<&BTreeSet<String>> {
        let own = intent.and_then(|name| self.intents.get(name)).and_then(|intent| intent.profiles.get(stream));
        own.or_else(|| self.profiles.get(stream))
    }
}
