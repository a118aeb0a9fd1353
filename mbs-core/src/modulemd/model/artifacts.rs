//! What a module consists of after its build.

use super::set::string_set;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// `artifacts`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Artifacts {
    /// Packages as `NAME-EPOCH:VERSION-RELEASE.ARCH`.
    #[serde(deserialize_with = "string_set")]
    pub rpms: BTreeSet<String>,
    /// Digest name to checksum to package.
    #[serde(rename = "rpm-map")]
    pub rpm_map: BTreeMap<String, BTreeMap<String, RpmMapEntry>>,
}

impl Artifacts {
    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.rpms.is_empty() && self.rpm_map.is_empty()
    }
}

/// A package with its identity in parts. All keys are mandatory.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RpmMapEntry {
    /// Package name.
    pub name: String,
    /// Epoch; 0 where the package has none.
    pub epoch: u64,
    /// Version.
    pub version: String,
    /// Release.
    pub release: String,
    /// Architecture.
    pub arch: String,
    /// The identity as one text.
    pub nevra: String,
}

impl RpmMapEntry {
    /// The identity made from the parts.
    pub fn joined(&self) -> String {
        format!("{}-{}:{}-{}.{}", self.name, self.epoch, self.version, self.release, self.arch)
    }
}

/// Whether a text has the form `N-E:V-R.A`, checked from the right; the name may be empty, the epoch begins with a
/// digit.
pub(crate) fn is_nevra(text: &str) -> bool {
    epoch(text).is_some_and(|epoch| epoch.as_bytes().first().is_some_and(u8::is_ascii_digit))
}

/// Whether the epoch in a text of that form is a number. The format takes letters behind its digits.
pub(crate) fn has_number_as_epoch(text: &str) -> bool {
    epoch(text).is_some_and(|epoch| !epoch.is_empty() && epoch.bytes().all(|byte| byte.is_ascii_digit()))
}

fn epoch(text: &str) -> Option<&str> {
    let (nevr, _arch) = text.rsplit_once('.')?;
    let (nev, _release) = nevr.rsplit_once('-')?;
    let (ne, version) = nev.rsplit_once(':')?;
    let (_name, epoch) = ne.rsplit_once('-')?;
    (!version.contains('-')).then_some(epoch)
}

#[cfg(test)]
mod tests {
    use super::is_nevra;

    #[test]
    fn artifacts_have_an_epoch_and_an_arch() {
        for good in ["bash-0:4.2-1.x86_64", "a-b-1:2-3.fc29.noarch", "-0:1-1.src", "a-0x:1-2.x", "a--1:1-2.", "-0:-.x"]
        {
            assert!(is_nevra(good), "{good}");
        }
        for bad in [
            "",
            "bash",
            "bash-4.2-1.x86_64",
            "bash-x:1-1.x",
            "bash-0:1.x",
            "bash-:1-1.x",
            "a-+1:1-2.x",
            "a-x0:1-2.x",
            "0:1-2.x",
        ] {
            assert!(!is_nevra(bad), "{bad}");
        }
    }
}
