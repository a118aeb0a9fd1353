//! `modulemd-translations`: the texts of a stream in other languages.

use super::unknown::UnknownKeys;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The `data` of a `modulemd-translations` version 1 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Translations {
    /// Name of the module.
    pub module: String,
    /// Name of the stream.
    pub stream: String,
    /// When the document was changed; `YYYYMMDDHHMM` by custom, higher is newer, never 0.
    pub modified: u64,
    /// Texts by locale, such as `cs_CZ`.
    pub translations: BTreeMap<String, Translation>,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// The texts of one locale.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Translation {
    /// One line.
    pub summary: Option<String>,
    /// Some sentences.
    pub description: Option<String>,
    /// Descriptions of profiles by name.
    pub profiles: BTreeMap<String, String>,
}
