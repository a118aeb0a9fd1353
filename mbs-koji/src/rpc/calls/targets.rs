//! Targets: which tag is built from and which is built for.

use super::reference::{Nothing, Ref};
use crate::rpc::client::Call;
use serde::Deserialize;

/// A target.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Target {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Number of the tag whose packages builds see.
    pub build_tag: i64,
    /// Name of that tag.
    pub build_tag_name: String,
    /// Number of the tag that builds go into.
    pub dest_tag: i64,
    /// Name of that tag.
    pub dest_tag_name: String,
}

/// A target; none if there is no such.
pub fn get_target<'a>(target: impl Into<Ref<'a>>) -> Call<Option<Target>> {
    Call::read("getBuildTarget").arg(target.into())
}

/// All targets.
pub fn get_targets() -> Call<Vec<Target>> {
    Call::read("getBuildTargets")
}

/// Makes a target. A fault if it exists.
pub fn create_target<'a>(name: &str, build_tag: impl Into<Ref<'a>>, dest_tag: impl Into<Ref<'a>>) -> Call<Nothing> {
    Call::write("createBuildTarget").arg(name).arg(build_tag.into()).arg(dest_tag.into())
}

/// Removes a target. A fault if there is no such.
pub fn delete_target<'a>(target: impl Into<Ref<'a>>) -> Call<Nothing> {
    Call::write("deleteBuildTarget").arg(target.into())
}
