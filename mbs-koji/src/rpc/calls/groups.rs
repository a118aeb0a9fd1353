//! Groups of packages that are installed into buildroots.

use super::reference::{Nothing, Ref, or_default};
use crate::rpc::client::Call;
use serde::Deserialize;

/// A group of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Group {
    /// Number of the group.
    pub group_id: i64,
    /// Its name, as `build`.
    pub name: String,
    /// The tag it comes from.
    pub tag_id: i64,
    /// Is it kept out?
    #[serde(default, deserialize_with = "or_default")]
    pub blocked: bool,
    /// Its packages.
    #[serde(default, rename = "packagelist", deserialize_with = "or_default")]
    pub packages: Vec<GroupPackage>,
}

/// A package of a group.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GroupPackage {
    /// Name of the package; the hub does not check it.
    pub package: String,
    /// Is it kept out?
    #[serde(default, deserialize_with = "or_default")]
    pub blocked: bool,
}

/// The groups of a tag, with those of its parents if `inherited`.
pub fn get_groups<'a>(tag: impl Into<Ref<'a>>, inherited: bool) -> Call<Vec<Group>> {
    Call::read("getTagGroups").arg(tag.into()).keyword("inherit", inherited)
}

/// Adds a group to a tag; without effect if it is there or inherited.
pub fn add_group<'a>(tag: impl Into<Ref<'a>>, group: &str) -> Call<Nothing> {
    Call::write("groupListAdd").arg(tag.into()).arg(group)
}

/// Adds a package to a group; without effect if it is there or inherited.
pub fn add_group_package<'a>(tag: impl Into<Ref<'a>>, group: &str, package: &str) -> Call<Nothing> {
    Call::write("groupPackageListAdd").arg(tag.into()).arg(group).arg(package)
}

/// Blocks a package in a group.
pub fn block_group_package<'a>(tag: impl Into<Ref<'a>>, group: &str, package: &str) -> Call<Nothing> {
    Call::write("groupPackageListBlock").arg(tag.into()).arg(group).arg(package)
}
