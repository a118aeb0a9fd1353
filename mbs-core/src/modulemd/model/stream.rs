//! `modulemd` version 2.

use super::artifacts::Artifacts;
use super::components::Components;
use super::dependencies::Dependency;
use super::parts::{Api, BuildOpts, License, Profile, References, ServiceLevel};
use super::unknown::UnknownKeys;
use super::value::{Value, ValueMap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One stream of a module: the `data` of a `modulemd` version 2 document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleStream {
    /// Module name; a packager may leave it to the build system.
    pub name: Option<String>,
    /// Stream name; a packager may leave it to the build system.
    pub stream: Option<String>,
    /// Version; 0 is unset.
    pub version: u64,
    /// Context.
    pub context: Option<String>,
    /// Whether the packager chose the context.
    pub static_context: bool,
    /// Architecture.
    pub arch: Option<String>,
    /// One line.
    pub summary: Option<String>,
    /// Some sentences.
    pub description: Option<String>,
    /// Service levels by name.
    pub servicelevels: BTreeMap<String, ServiceLevel>,
    /// Licences.
    pub license: License,
    /// Free values for programs; the build system keeps its own under `mbs`.
    pub xmd: Option<Value>,
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
    /// Options of the build.
    pub buildopts: BuildOpts,
    /// What is built.
    pub components: Components,
    /// What was built.
    pub artifacts: Artifacts,
    /// Keys that the format does not have.
    #[serde(skip_deserializing, skip_serializing_if = "UnknownKeys::is_empty")]
    pub unknown: UnknownKeys,
}

impl ModuleStream {
    /// The map under `xmd`, for adding entries such as `mbs`; made if absent.
    pub fn xmd_mut(&mut self) -> &mut ValueMap {
        self.xmd.get_or_insert_default().make_map()
    }

    /// `xmd.mbs`: what the build system noted.
    pub fn xmd_mbs(&self) -> Option<&Value> {
        self.xmd.as_ref()?.get("mbs")
    }

    /// A value of `xmd.mbs_options`: what the packager tells the build system.
    pub fn mbs_option(&self, key: &str) -> Option<&Value> {
        self.xmd.as_ref()?.get("mbs_options")?.get(key)
    }

    /// `xmd.mbs_options.repo_include_all`: whether every built package goes into the repository, also those of
    /// other architectures.
    pub fn repo_include_all(&self) -> bool {
        self.mbs_option("repo_include_all").and_then(Value::as_bool).unwrap_or(false)
    }

    /// `xmd.mbs_options.blocked_packages`: packages that must not come from the base.
    pub fn blocked_packages(&self) -> Vec<&str> {
        self.mbs_option("blocked_packages").and_then(Value::texts).unwrap_or_default()
    }
}
