//! `modulemd` version 1.

use super::components::Components;
use super::parts::{Api, BuildOpts, License, Profile, References, ServiceLevel};
use super::set::string_set;
use super::unknown::UnknownKeys;
use super::value::Value;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// One stream of a module: the `data` of a `modulemd` version 1 document. Becomes a version 2 document with
/// [`ModuleStream::from`](super::ModuleStream).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct StreamV1 {
    /// Module name.
    pub name: Option<String>,
    /// Stream name.
    pub stream: Option<String>,
    /// Version; 0 is unset.
    pub version: u64,
    /// Context.
    pub context: Option<String>,
    /// Architecture.
    pub arch: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Some sentences.
    pub description: Option<String>,
    /// Service levels by name.
    pub servicelevels: BTreeMap<String, ServiceLevel>,
    /// End of life of the stream; the same as that of the service level `rawhide`.
    #[serde(deserialize_with = "super::time::day")]
    pub eol: Option<NaiveDate>,
    /// Licences.
    pub license: License,
    /// Free values for programs.
    pub xmd: Option<Value>,
    /// Needed modules, with one stream each.
    pub dependencies: DependenciesV1,
    /// Links.
    pub references: References,
    /// Profiles by name.
    pub profiles: BTreeMap<String, Profile>,
    /// Packages that others may rely on.
    pub api: Api,
    /// Packages that are built but not shipped.
    pub filter: Api,
    /// Options of the build.
    pub buildopts: BuildOpts,
    /// What is built.
    pub components: Components,
    /// What was built.
    pub artifacts: ArtifactsV1,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// `dependencies` of a version 1 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DependenciesV1 {
    /// Stream of each module needed to build.
    pub buildrequires: BTreeMap<String, String>,
    /// Stream of each module needed at run time.
    pub requires: BTreeMap<String, String>,
}

/// `artifacts` of a version 1 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ArtifactsV1 {
    /// Packages as `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    #[serde(deserialize_with = "string_set")]
    pub rpms: BTreeSet<String>,
}
