//! Builds, their packages and files.

use chrono::{DateTime, Utc};
use mbs_koji::rpc::xml::Value;

/// State of a build, with the numbers of the hub. Nothing here deletes builds, which is 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::koji) enum BuildState {
    Building = 0,
    Complete = 1,
    Failed = 3,
    Canceled = 4,
}

impl BuildState {
    /// The word of the hub.
    pub(in crate::koji) fn word(self) -> &'static str {
        match self {
            Self::Building => "BUILDING",
            Self::Complete => "COMPLETE",
            Self::Failed => "FAILED",
            Self::Canceled => "CANCELED",
        }
    }
}

/// A build.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Build {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) package: i64,
    pub(in crate::koji) name: String,
    pub(in crate::koji) version: String,
    pub(in crate::koji) release: String,
    pub(in crate::koji) epoch: Option<i64>,
    pub(in crate::koji) state: BuildState,
    pub(in crate::koji) owner: i64,
    pub(in crate::koji) task: Option<i64>,
    pub(in crate::koji) source: Value,
    pub(in crate::koji) extra: Value,
    pub(in crate::koji) event: i64,
    pub(in crate::koji) start: Option<DateTime<Utc>>,
    pub(in crate::koji) completion: Option<DateTime<Utc>>,
    /// The content generator and its key of the reservation.
    pub(in crate::koji) generator: Option<i64>,
    pub(in crate::koji) token: Option<String>,
    pub(in crate::koji) draft: bool,
    /// Kinds of content: `rpm`, `module`.
    pub(in crate::koji) types: Vec<String>,
}

impl Build {
    /// Name, version and release.
    pub(in crate::koji) fn nvr(&self) -> String {
        format!("{}-{}-{}", self.name, self.version, self.release)
    }
}

/// A package file of a build.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Rpm {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) build: i64,
    pub(in crate::koji) name: String,
    pub(in crate::koji) version: String,
    pub(in crate::koji) release: String,
    pub(in crate::koji) epoch: Option<i64>,
    pub(in crate::koji) arch: String,
    pub(in crate::koji) buildroot: i64,
    pub(in crate::koji) payloadhash: String,
    pub(in crate::koji) size: i64,
    pub(in crate::koji) buildtime: i64,
    /// What `getRPMHeaders` can tell: `license`, `exclusivearch` and so on.
    pub(in crate::koji) headers: std::collections::BTreeMap<String, Value>,
}

impl Rpm {
    /// Name, version, release and arch.
    pub(in crate::koji) fn nvra(&self) -> String {
        format!("{}-{}-{}.{}", self.name, self.version, self.release, self.arch)
    }
}

/// Another file of a build.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Archive {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) build: i64,
    pub(in crate::koji) filename: String,
    pub(in crate::koji) size: i64,
    pub(in crate::koji) checksum: String,
    pub(in crate::koji) checksum_type: i64,
    pub(in crate::koji) extra: Value,
    pub(in crate::koji) btype: String,
    pub(in crate::koji) bytes: Vec<u8>,
    /// Ids of the packages it lists that are known.
    pub(in crate::koji) rpms: Vec<i64>,
}

/// Name, version and release out of their joined form.
pub(in crate::koji) fn split_nvr(nvr: &str) -> Option<(&str, &str, &str)> {
    let (rest, release) = nvr.rsplit_once('-')?;
    let (name, version) = rest.rsplit_once('-')?;
    (!name.is_empty() && !version.is_empty() && !release.is_empty()).then_some((name, version, release))
}
