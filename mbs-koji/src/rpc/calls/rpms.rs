//! RPMs.

use super::builds::Build;
use super::reference::{Ref, or_default};
use crate::rpc::client::Call;
use crate::rpc::xml::Value;
use serde::Deserialize;
use std::collections::BTreeMap;

/// An RPM.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Rpm {
    /// Its number.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its release.
    pub release: String,
    /// Its epoch.
    #[serde(default)]
    pub epoch: Option<i64>,
    /// Its architecture; `src` for a source package.
    pub arch: String,
    /// The build it is of.
    #[serde(default)]
    pub build_id: Option<i64>,
    /// Checksum of header and content together, in MD5.
    #[serde(default, deserialize_with = "or_default")]
    pub payloadhash: String,
    /// Bytes.
    #[serde(default, deserialize_with = "or_default")]
    pub size: i64,
}

impl Rpm {
    /// Name-epoch:version-release.arch; the epoch is always written.
    pub fn nevra(&self) -> String {
        format!("{}-{}:{}-{}.{}", self.name, self.epoch.unwrap_or(0), self.version, self.release, self.arch)
    }
}

/// The RPMs of a build.
pub fn list_build_rpms<'a>(build: impl Into<Ref<'a>>) -> Call<Vec<Rpm>> {
    Call::read("listBuildRPMs").arg(build.into())
}

/// The RPMs of the builds in a tag, and these builds; of each package only the one tagged last if `latest`.
pub fn list_tagged_rpms<'a>(tag: impl Into<Ref<'a>>, latest: bool, inherit: bool) -> Call<(Vec<Rpm>, Vec<Build>)> {
    Call::read("listTaggedRPMS").arg(tag.into()).keyword("latest", latest).keyword("inherit", inherit)
}

/// Fields of an RPM's header by their names in lower case; empty if the hub does not know the RPM.
pub fn get_rpm_headers(rpm: i64, headers: &[&str]) -> Call<BTreeMap<String, Value>> {
    Call::read("getRPMHeaders").keyword("rpmID", rpm).keyword("headers", headers)
}
