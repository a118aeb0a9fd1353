//! Builds.

use super::reference::{Ref, or_default};
use super::states::BuildState;
use super::tasks::QueryOptions;
use crate::rpc::client::Call;
use crate::rpc::xml::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A number that a hub calls `id` in some lists, `build_id` in others and both in the rest.
macro_rules! record {
    ($(#[$doc:meta])* $name:ident from $wire:ident { $($(#[doc = $text:literal])* $(#[serde $serde:tt])? pub $field:ident: $type:ty,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Deserialize)]
        #[serde(try_from = "Wire")]
        pub struct $name {
            /// Its number.
            pub id: i64,
            $($(#[doc = $text])* pub $field: $type,)*
        }

        #[derive(Deserialize)]
        struct $wire {
            #[serde(default)]
            id: Option<i64>,
            #[serde(default)]
            build_id: Option<i64>,
            $($(#[serde $serde])? $field: $type,)*
        }

        impl TryFrom<$wire> for $name {
            type Error = &'static str;

            fn try_from(wire: $wire) -> Result<Self, Self::Error> {
                let id = wire.build_id.or(wire.id).ok_or("missing field `build_id`")?;
                Ok(Self { id, $($field: wire.$field,)* })
            }
        }
    };
}

record! {
    /// A build.
    Build from Wire {
    /// Name of the package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its release.
    pub release: String,
    /// Its epoch.
    #[serde(default)]
    pub epoch: Option<i64>,
    /// All three with `-` between; empty in lists of untagged builds, see [`Build::nvr`].
    #[serde(default, rename = "nvr", deserialize_with = "or_default")]
    pub told_nvr: String,
    /// How it goes; none in lists of untagged builds.
    #[serde(default)]
    pub state: Option<BuildState>,
    /// The task that made it; none for an import.
    #[serde(default)]
    pub task_id: Option<i64>,
    /// Number of the package.
    #[serde(default)]
    pub package_id: Option<i64>,
    /// Who made it.
    #[serde(default)]
    pub owner_name: Option<String>,
    /// When it was made, in seconds since 1970.
    #[serde(default)]
    pub creation_ts: Option<f64>,
    /// When it was done.
    #[serde(default)]
    pub completion_ts: Option<f64>,
    /// Where it comes from; not in lists of a tag.
    #[serde(default)]
    pub source: Option<String>,
    /// What its maker keeps with it; not in lists of a tag.
    #[serde(default)]
    pub extra: Option<BTreeMap<String, Value>>,
    /// Name of the volume its files are on.
    #[serde(default)]
    pub volume_name: Option<String>,
    /// The tag, in lists of a tag.
    #[serde(default)]
    pub tag_name: Option<String>,
    /// The event it was tagged at, in lists of a tag.
    #[serde(default)]
    pub create_event: Option<i64>,
    }
}

impl Build {
    /// Name, version and release with `-` between.
    pub fn nvr(&self) -> String {
        format!("{}-{}-{}", self.name, self.version, self.release)
    }
}

/// A build; none if there is no such. A name that is no name-version-release is a fault.
pub fn get_build<'a>(build: impl Into<Ref<'a>>) -> Call<Option<Build>> {
    Call::read("getBuild").arg(build.into())
}

/// The builds that a task made: none before its source package is there, or if it failed before.
pub fn list_builds_of_task(task: i64) -> Call<Vec<Build>> {
    Call::read("listBuilds").keyword("taskID", task)
}

/// Builds of a package by a user, the newest first. The number of the package is needed: a hub takes none for all packages.
pub fn list_builds_of_package(
    package_id: i64,
    user_id: Option<i64>,
    state: Option<BuildState>,
    limit: i64,
) -> Call<Vec<Build>> {
    let options = QueryOptions { limit: Some(limit), order: Some("-build_id".to_owned()), ..QueryOptions::default() };
    Call::read("listBuilds")
        .keyword("packageID", package_id)
        .optional("userID", user_id)
        .optional("state", state)
        .keyword("queryOpts", options)
}

/// Complete builds of a package that are in no tag; without their state.
pub fn untagged_builds(package: &str) -> Call<Vec<Build>> {
    Call::read("untaggedBuilds").keyword("name", package)
}

/// Cancels a build; false if it has ended.
pub fn cancel_build<'a>(build: impl Into<Ref<'a>>) -> Call<bool> {
    Call::write("cancelBuild").arg(build.into())
}

/// Seconds that builds of a package took on average; none if there were none.
pub fn get_average_build_duration(package: &str) -> Call<Option<f64>> {
    Call::read("getAverageBuildDuration").arg(package)
}
