//! The smaller parts of a stream document.

use super::set::string_set;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// `license`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct License {
    /// Licences of the module document itself.
    #[serde(deserialize_with = "string_set")]
    pub module: BTreeSet<String>,
    /// Licences of the packages, filled in by the build.
    #[serde(deserialize_with = "string_set")]
    pub content: BTreeSet<String>,
}

/// One entry of `servicelevels`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceLevel {
    /// Last day of this service level, `YYYY-MM-DD`.
    #[serde(deserialize_with = "super::time::day", skip_serializing_if = "Option::is_none")]
    pub eol: Option<NaiveDate>,
}

/// `references`: where people find more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct References {
    /// The upstream community.
    pub community: Option<String>,
    /// Documentation.
    pub documentation: Option<String>,
    /// Bug tracker.
    pub tracker: Option<String>,
}

impl References {
    /// Whether nothing is referred to.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// One entry of `profiles`: packages that are installed together.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// What the profile is for.
    pub description: Option<String>,
    /// Binary packages.
    #[serde(deserialize_with = "string_set")]
    pub rpms: BTreeSet<String>,
    /// Whether the profile is installed when none is named.
    pub default: bool,
}

/// `api`, `filter` and `demodularized`: a list of binary packages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Api {
    /// Names of binary packages.
    #[serde(deserialize_with = "string_set")]
    pub rpms: BTreeSet<String>,
}

/// `buildopts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BuildOpts {
    /// Options for building packages.
    pub rpms: RpmBuildOpts,
    /// Architectures the module is built on; empty means those of the build system.
    #[serde(deserialize_with = "string_set")]
    pub arches: BTreeSet<String>,
}

/// `buildopts.rpms`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RpmBuildOpts {
    /// RPM macros, verbatim lines.
    pub macros: Option<String>,
    /// Source packages that may be built beside the components.
    #[serde(deserialize_with = "string_set")]
    pub whitelist: BTreeSet<String>,
}
