//! What a module is built from.

use super::set::{string_map, string_set};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `components`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Components {
    /// Source packages by key; the key is the package name unless [`RpmComponent::name`] says otherwise.
    #[serde(deserialize_with = "string_map")]
    pub rpms: BTreeMap<String, RpmComponent>,
    /// Included modules by name.
    pub modules: BTreeMap<String, ModuleComponent>,
}

impl Components {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rpms.is_empty() && self.modules.is_empty()
    }
}

/// A source package.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RpmComponent {
    /// Why it is in the module.
    pub rationale: Option<String>,
    /// Name of the source package, if it is not the key.
    pub name: Option<String>,
    /// URL of the git repository; the builder's configuration gives a default.
    pub repository: Option<String>,
    /// URL of the look-aside cache; the builder's configuration gives a default.
    pub cache: Option<String>,
    /// Branch, tag or commit; absent means the default branch.
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// Whether its packages go into the base build root of all later components.
    pub buildroot: bool,
    /// The same for the build root in which source packages are made.
    #[serde(rename = "srpm-buildroot")]
    pub srpm_buildroot: bool,
    /// Place in the build order; lower goes first, equal goes together.
    pub buildorder: i64,
    /// Keys of the components that must be built before.
    #[serde(deserialize_with = "string_set")]
    pub buildafter: BTreeSet<String>,
    /// Whether its packages serve the build only and are left out of the finished module.
    pub buildonly: bool,
    /// Architectures it is built on; empty means all.
    #[serde(deserialize_with = "string_set")]
    pub arches: BTreeSet<String>,
    /// Architectures on which its packages of the sister architecture are shipped too.
    #[serde(deserialize_with = "string_set")]
    pub multilib: BTreeSet<String>,
}

impl RpmComponent {
    /// The name of the source package of the component with this key.
    pub fn package<'c>(&'c self, key: &'c str) -> &'c str {
        self.name.as_deref().unwrap_or(key)
    }
}

/// An included module.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ModuleComponent {
    /// Why it is included.
    pub rationale: Option<String>,
    /// URL of the git repository of its modulemd file.
    pub repository: Option<String>,
    /// Branch, tag or commit.
    #[serde(rename = "ref")]
    pub git_ref: Option<String>,
    /// Place in the build order.
    pub buildorder: i64,
    /// Whether its packages serve the build only.
    pub buildonly: bool,
}
