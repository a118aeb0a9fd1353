//! What becomes of builds and repositories.

use mbs_koji::rpc::xml::Value;
use serde::Deserialize;
use std::collections::{BTreeMap, VecDeque};

/// How the work on tasks comes out. As JSON: member names as here, all optional.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of a hub of its own")]
pub struct Script {
    /// What becomes of a package that has no plan of its own.
    pub usual: Outcome,
    /// Plans by package name; the first is taken by the next build of the package, the last one stays.
    pub packages: BTreeMap<String, VecDeque<Outcome>>,
    /// How many polls a new repository takes.
    pub repo_polls: u32,
    /// How many of the next new repositories fail.
    pub repo_failures: u32,
    /// How often a failed repository of a request is tried again.
    pub repo_retries: u32,
    /// How many of the next taggings fail with a fault of the hub.
    pub tag_failures: u32,
    /// May clients ask for new repositories themselves? (`AllowNewRepo`)
    pub allow_new_repo: bool,
    /// Are sessions in the query string accepted? (the contrary of `DisableURLSessions`)
    pub url_sessions: bool,
    /// Does a certificate of an unknown user make one? (`LoginCreatesUser`)
    pub login_creates_user: bool,
    /// Age in minutes at which a session expires. (`SessionRenewalTimeout`)
    pub session_minutes: i64,
    /// Longest body of a call in bytes. (`MaxRequestLength`)
    pub max_request: usize,
    /// Nobody but admins may call. (`LockOut`)
    pub lock_out: bool,
    /// May only admins build from an uploaded source package? (policy `build_from_srpm`)
    pub srpm_only_admin: bool,
}

impl Default for Script {
    fn default() -> Self {
        Self {
            usual: Outcome::default(),
            packages: BTreeMap::new(),
            repo_polls: 1,
            repo_failures: 0,
            repo_retries: 3,
            tag_failures: 0,
            allow_new_repo: true,
            url_sessions: true,
            login_creates_user: true,
            session_minutes: 1440,
            max_request: 4 << 20,
            lock_out: false,
            srpm_only_admin: false,
        }
    }
}

impl Script {
    /// Takes the plan of the next build of a package.
    pub(super) fn take(&mut self, package: &str) -> Outcome {
        let Some(plans) = self.packages.get_mut(package) else { return self.usual.clone() };
        if plans.len() > 1 { plans.pop_front() } else { plans.front().cloned() }.unwrap_or_else(|| self.usual.clone())
    }
}

/// What becomes of one build.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Outcome {
    /// The end.
    pub end: End,
    /// How many polls it takes once its repository is there, at least 1.
    pub polls: u32,
    /// Version of the source package.
    pub version: String,
    /// Release of the source package before the part that the macros add.
    pub release: String,
    /// Epoch of all packages.
    pub epoch: Option<i64>,
    /// The binary packages; none: one of the name of the source package.
    pub rpms: Vec<Binary>,
    /// `ExclusiveArch` of the source package.
    pub exclusive_arch: Vec<String>,
    /// `ExcludeArch` of the source package.
    pub exclude_arch: Vec<String>,
    /// Licence of all packages.
    pub license: Option<String>,
    /// Has every binary package of an arch one with debug information beside it?
    pub debuginfo: bool,
    /// Last lines of the log of a failed build.
    pub log: String,
}

impl Default for Outcome {
    fn default() -> Self {
        Self {
            end: End::Complete,
            polls: 1,
            version: "1.0".to_owned(),
            release: "1".to_owned(),
            epoch: None,
            rpms: Vec::new(),
            exclusive_arch: Vec::new(),
            exclude_arch: Vec::new(),
            license: Some("MIT".to_owned()),
            debuginfo: false,
            log: "error: Bad exit status from build (%build)\n".to_owned(),
        }
    }
}

impl Outcome {
    /// A build that ends so.
    pub fn ends(end: End) -> Self {
        Self { end, ..Self::default() }
    }

    /// The headers of the source package, as far as they can be asked for.
    pub(super) fn headers(&self, source: bool) -> BTreeMap<String, Value> {
        let list = |items: &[String]| Value::Array(items.iter().map(|item| item.as_str().into()).collect());
        let mut headers = BTreeMap::from([
            ("exclusivearch".to_owned(), list(if source { &self.exclusive_arch } else { &[] })),
            ("excludearch".to_owned(), list(if source { &self.exclude_arch } else { &[] })),
        ]);
        if let Some(license) = &self.license {
            headers.insert("license".to_owned(), license.as_str().into());
        }
        headers
    }
}

/// How a build ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum End {
    /// Well.
    #[default]
    Complete,
    /// A build on an arch fails.
    Fails,
    /// No source package can be made, so that there is no build at all.
    SrpmFails,
    /// Never.
    Hangs,
    /// The task ends well, but with no build: what a hub without its database would show.
    NoBuild,
}

/// A binary package of a build.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Binary {
    /// Its name.
    pub name: String,
    /// Only on these; none: on all arches of the tag.
    pub arches: Vec<String>,
    /// Is it for all arches at once?
    pub noarch: bool,
}
