//! The list of packages of a tag.

use super::reference::{Nothing, Ref, or_default};
use crate::rpc::client::Call;
use serde::Deserialize;

/// An entry of a tag's list of packages.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ListedPackage {
    /// Number of the package.
    pub package_id: i64,
    /// Its name.
    pub package_name: String,
    /// Name of the tag whose entry this is.
    #[serde(default, deserialize_with = "or_default")]
    pub tag_name: String,
    /// Who answers for it there.
    #[serde(default)]
    pub owner_name: Option<String>,
    /// Is it kept out?
    #[serde(default, deserialize_with = "or_default")]
    pub blocked: bool,
}

/// The list of packages of a tag, with those of its parents if `inherited`.
pub fn list_packages(tag_id: i64, inherited: bool) -> Call<Vec<ListedPackage>> {
    Call::read("listPackages").keyword("tagID", tag_id).keyword("inherited", inherited)
}

/// Adds a package to a tag's list; without effect on one that is there, also on a blocked one.
pub fn add_package<'a>(tag: impl Into<Ref<'a>>, package: &str, owner: &str) -> Call<Nothing> {
    Call::write("packageListAdd").arg(tag.into()).arg(package).arg(owner)
}

/// Blocks a package in a tag. A fault if the package is unknown or in no list of the tag.
pub fn block_package<'a>(tag: impl Into<Ref<'a>>, package: &str) -> Call<Nothing> {
    Call::write("packageListBlock").arg(tag.into()).arg(package)
}

/// Takes a block back. A fault if the package is not blocked in this very tag.
pub fn unblock_package<'a>(tag: impl Into<Ref<'a>>, package: &str) -> Call<Nothing> {
    Call::write("packageListUnblock").arg(tag.into()).arg(package)
}

/// The number of a package; none if the hub does not know it.
pub fn get_package_id(package: &str) -> Call<Option<i64>> {
    Call::read("getPackageID").arg(package)
}
