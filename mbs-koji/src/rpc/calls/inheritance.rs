//! Inheritance of tags.

use super::reference::{Nothing, Ref, or_default};
use crate::rpc::client::Call;
use serde::{Deserialize, Serialize};

/// A parent of a tag. Written with these members, a parent that is not named stays as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The parent's number.
    pub parent_id: i64,
    /// Its name; only read.
    #[serde(default, skip_serializing)]
    pub name: String,
    /// The order; the lowest wins. Two parents of one tag cannot have the same.
    pub priority: i64,
    /// How many levels further are followed; none for all.
    #[serde(default)]
    pub maxdepth: Option<i64>,
    /// Counts for this tag only, not for its children.
    #[serde(default, deserialize_with = "or_default")]
    pub intransitive: bool,
    /// Only packages are inherited, no settings.
    #[serde(default, deserialize_with = "or_default")]
    pub noconfig: bool,
    /// A pattern that names of packages must match; empty for all.
    #[serde(default, deserialize_with = "or_default")]
    pub pkg_filter: String,
}

impl Parent {
    /// A parent without restrictions.
    pub fn new(parent_id: i64, priority: i64) -> Self {
        let (intransitive, noconfig) = (false, false);
        Self {
            parent_id,
            name: String::new(),
            priority,
            maxdepth: None,
            intransitive,
            noconfig,
            pkg_filter: String::new(),
        }
    }
}

/// A parent that is to be removed.
#[derive(Serialize)]
struct Gone {
    parent_id: i64,
    #[serde(rename = "delete link")]
    delete_link: bool,
}

/// The direct parents of a tag.
pub fn get_inheritance<'a>(tag: impl Into<Ref<'a>>) -> Call<Vec<Parent>> {
    Call::read("getInheritanceData").arg(tag.into())
}

/// All ancestors of a tag, in the order in which they are looked at.
pub fn get_full_inheritance<'a>(tag: impl Into<Ref<'a>>, event: Option<i64>) -> Call<Vec<Parent>> {
    Call::read("getFullInheritance").arg(tag.into()).optional("event", event)
}

/// Adds and changes parents; with `only`, all others are removed.
pub fn set_inheritance<'a>(tag: impl Into<Ref<'a>>, parents: &[Parent], only: bool) -> Call<Nothing> {
    let call = Call::write("setInheritanceData").arg(tag.into()).arg(parents);
    if only { call.keyword("clear", true) } else { call }
}

/// Removes parents.
pub fn remove_parents<'a>(tag: impl Into<Ref<'a>>, parents: &[i64]) -> Call<Nothing> {
    let gone: Vec<Gone> = parents.iter().map(|parent_id| Gone { parent_id: *parent_id, delete_link: true }).collect();
    Call::write("setInheritanceData").arg(tag.into()).arg(gone)
}
