//! `modulemd-packager`: what a packager writes, without what the build system fills in.

use super::components::Components;
use super::dependencies::{Dependency, StreamSet};
use super::parts::{Api, BuildOpts, License, Profile, References};
use super::unknown::UnknownKeys;
use super::value::Value;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The `data` of a `modulemd-packager` version 2 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackagerV2 {
    /// Whether the packager chose the context.
    pub static_context: bool,
    /// One line.
    pub summary: Option<String>,
    /// Some sentences.
    pub description: Option<String>,
    /// Licences; those of the content are filled in by the build.
    #[serde(deserialize_with = "own_license")]
    pub license: License,
    /// Alternatives of needed modules.
    pub dependencies: Vec<Dependency>,
    /// Links.
    pub references: References,
    /// Profiles by name.
    pub profiles: BTreeMap<String, Profile>,
    /// Packages that others may rely on.
    pub api: Api,
    /// Packages that are built but not shipped.
    pub filter: Api,
    /// Packages that left the module.
    pub demodularized: Api,
    /// What is built.
    pub components: Components,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// Reads the licences of a packager's document, which has none of the content.
fn own_license<'de, D: Deserializer<'de>>(deserializer: D) -> Result<License, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct OwnLicense {
        #[serde(deserialize_with = "super::set::string_set")]
        module: BTreeSet<String>,
    }
    let OwnLicense { module } = OwnLicense::deserialize(deserializer)?;
    Ok(License { module, content: BTreeSet::new() })
}

/// The `data` of a `modulemd-packager` version 3 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PackagerV3 {
    /// Module name.
    pub name: Option<String>,
    /// Stream name.
    pub stream: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Some sentences.
    pub description: Option<String>,
    /// Licences of the module document; none means `MIT`.
    #[serde(deserialize_with = "super::set::string_set")]
    pub license: BTreeSet<String>,
    /// Free values for programs.
    pub xmd: Option<Value>,
    /// The builds to make, each with its own context.
    pub configurations: Vec<Configuration>,
    /// Links.
    pub references: References,
    /// Profiles by name.
    pub profiles: BTreeMap<String, Profile>,
    /// Packages that others may rely on.
    pub api: Api,
    /// Packages that are built but not shipped.
    pub filter: Api,
    /// Packages that left the module.
    pub demodularized: Api,
    /// What is built.
    pub components: Components,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

/// One item of `configurations`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Configuration {
    /// Context of this build.
    pub context: Option<String>,
    /// Stream of the platform it is built for and runs on.
    pub platform: Option<String>,
    /// Modules needed to build, with exactly one stream each.
    pub buildrequires: BTreeMap<String, StreamSet>,
    /// Modules needed at run time, with exactly one stream each.
    pub requires: BTreeMap<String, StreamSet>,
    /// Options of the build.
    pub buildopts: BuildOpts,
}
