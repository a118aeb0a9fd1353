//! The smaller parts of a stream document.

use super::set::string_set;
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
    pub eol: Option<String>,
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

/// Whether a text is a date as the format takes it: year, month, day with `-` between, and in the calendar. What
/// follows the digits of the day is ignored.
pub(crate) fn is_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let (Some(year), Some(month), Some(day)) = (parts.next(), parts.next(), parts.next()) else { return false };
    let day = &day[..day.find(|c: char| !c.is_ascii_digit()).unwrap_or(day.len())];
    let (Ok(year), Ok(month), Ok(day)) = (year.parse::<u16>(), month.parse::<u32>(), day.parse::<u32>()) else {
        return false;
    };
    chrono::NaiveDate::from_ymd_opt(i32::from(year), month, day).is_some()
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_must_exist() {
        for good in ["2077-10-23", "2077-1-2T00:00Z", "2024-02-29"] {
            assert!(is_date(good), "{good}");
        }
        for bad in ["", "2077", "2077-10", "2077-13-01", "2023-02-29", "2077-0-1", "x-y-z", "-2077-1-1", "2077-1-"] {
            assert!(!is_date(bad), "{bad}");
        }
    }
}
