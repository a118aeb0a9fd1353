//! Tags.

use super::reference::{Nothing, Ref, or_default};
use crate::rpc::client::Call;
use crate::rpc::xml::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A tag.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Tag {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Architectures with blanks between; empty if it has none of its own.
    #[serde(default, deserialize_with = "or_default")]
    pub arches: String,
    /// Refuses to be tagged into.
    #[serde(default, deserialize_with = "or_default")]
    pub locked: bool,
    /// The permission that tagging needs.
    #[serde(default)]
    pub perm: Option<String>,
    /// The number of that permission.
    #[serde(default)]
    pub perm_id: Option<i64>,
    /// Settings.
    #[serde(default, deserialize_with = "or_default")]
    pub extra: BTreeMap<String, Value>,
}

impl Tag {
    /// The architectures one by one.
    pub fn arches(&self) -> impl Iterator<Item = &str> {
        self.arches.split_whitespace()
    }
}

/// What to set on a tag; what is none or empty is left as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TagChange {
    /// Architectures with blanks between.
    pub arches: Option<String>,
    /// The permission that tagging needs, by name.
    pub perm: Option<String>,
    /// Whether tagging is refused.
    pub locked: Option<bool>,
    /// Settings to set.
    pub extra: BTreeMap<String, Value>,
    /// Settings to remove; removing one that is not there is a fault.
    pub remove_extra: Vec<String>,
}

/// A permission.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Permission {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: Option<String>,
}

/// A tag; none if there is no such.
pub fn get_tag<'a>(tag: impl Into<Ref<'a>>) -> Call<Option<Tag>> {
    Call::read("getTag").arg(tag.into())
}

/// Makes a tag with everything at once and gives its number. A fault if it exists.
pub fn create_tag(name: &str, with: &TagChange) -> Call<i64> {
    let extra = (!with.extra.is_empty()).then_some(&with.extra);
    Call::write("createTag")
        .arg(name)
        .optional("arches", with.arches.as_ref())
        .optional("perm", with.perm.as_ref())
        .optional("locked", with.locked)
        .optional("extra", extra)
}

/// Changes a tag. Equal values take no event.
pub fn edit_tag<'a>(tag: impl Into<Ref<'a>>, change: &TagChange) -> Call<Nothing> {
    Call::write("editTag2")
        .arg(tag.into())
        .optional("arches", change.arches.as_ref())
        .optional("perm", change.perm.as_ref())
        .optional("locked", change.locked)
        .optional("extra", (!change.extra.is_empty()).then_some(&change.extra))
        .optional("remove_extra", (!change.remove_extra.is_empty()).then_some(&change.remove_extra))
}

/// Removes a tag.
pub fn delete_tag<'a>(tag: impl Into<Ref<'a>>) -> Call<Nothing> {
    Call::write("deleteTag").arg(tag.into())
}

/// All permissions there are.
pub fn get_all_perms() -> Call<Vec<Permission>> {
    Call::read("getAllPerms")
}

/// The tags that a build is in.
pub fn list_tags_of_build<'a>(build: impl Into<Ref<'a>>) -> Call<Vec<Tag>> {
    Call::read("listTags").keyword("build", build.into())
}

/// A tag with what it inherits of architectures and settings; none if there is no such.
pub fn get_build_config<'a>(tag: impl Into<Ref<'a>>) -> Call<Option<Tag>> {
    Call::read("getBuildConfig").arg(tag.into())
}
