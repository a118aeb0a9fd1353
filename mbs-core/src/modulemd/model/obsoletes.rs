//! `modulemd-obsoletes`: the end of a stream's life, and what comes after.

use super::time::Minute;
use super::unknown::UnknownKeys;
use serde::{Deserialize, Deserializer, Serialize};

/// The `data` of a `modulemd-obsoletes` version 1 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Obsoletes {
    /// When the document was changed; later ones win.
    pub modified: Minute,
    /// Whether earlier obsoletes of the stream are taken back.
    pub reset: bool,
    /// Name of the module.
    pub module: String,
    /// Name of the stream.
    pub stream: String,
    /// Context; absent means all contexts.
    pub context: Option<String>,
    /// From when on this holds; absent means at once.
    pub eol_date: Option<Minute>,
    /// What people are told.
    pub message: String,
    /// The stream to go to.
    #[serde(deserialize_with = "successor")]
    pub obsoleted_by: Option<ObsoletedBy>,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// `obsoleted_by`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct ObsoletedBy {
    /// Name of the module.
    pub module: String,
    /// Name of the stream.
    pub stream: String,
}

/// Reads `obsoleted_by`; a map without anything names no stream.
fn successor<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ObsoletedBy>, D::Error> {
    Option::deserialize(deserializer).map(|found| found.filter(|next| *next != ObsoletedBy::default()))
}

impl Obsoletes {
    /// Whether the document holds at a time. One that takes back holds at once.
    pub fn is_active(&self, now: Minute) -> bool {
        self.eol_date.is_none_or(|from| from <= now)
    }
}
