//! Names of tags, targets and of the module itself in a build system.

use super::digest::{hex, sha1};
use crate::{BuildId, ModuleName, NameError, Nsvc, StreamName, TagName};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What tag names may start with (each followed by `-`) unless configured otherwise.
pub const DEFAULT_TAG_PREFIXES: [&str; 2] = ["module", "scrmod"];

/// The configured form of content-generator tags; `{}` stands for the base module's stream.
pub const DEFAULT_CG_TAG_TEMPLATE: &str = "{}-modular-updates-candidate";

/// Longest name of a tag in characters, with its `-build` suffix.
const TAG_LIMIT: usize = 256;

/// Longest name of a target, counted as for tags: so that names up to 50 characters stay readable.
const TARGET_LIMIT: usize = 56;

/// What turns a tag into its build tag.
const BUILD_SUFFIX: &str = "-build";

/// The destination tag of a module build; `scratch` is the build's id if it is a scratch build.
///
/// # Errors
/// [`NameError`] when the joined name is not acceptable.
pub fn koji_tag(nsvc: &Nsvc, scratch: Option<BuildId>) -> Result<TagName, NameError> {
    TagName::new(limited(nsvc, scratch, TAG_LIMIT))
}

/// The build tag that belongs to a destination tag.
///
/// # Errors
/// [`NameError`] when the name becomes too long.
pub fn build_tag(tag: &TagName) -> Result<TagName, NameError> {
    TagName::new(format!("{tag}{BUILD_SUFFIX}"))
}

/// The build target of a module build; `scratch` as for [`koji_tag`].
///
/// # Errors
/// [`NameError`] when the joined name is not acceptable.
pub fn koji_target(nsvc: &Nsvc, scratch: Option<BuildId>) -> Result<TagName, NameError> {
    TagName::new(limited(nsvc, scratch, TARGET_LIMIT))
}

/// The tag of a build on this machine, which also names its result folder.
///
/// The context is left out as in the original; `with_context` adds it where two contexts of one version would
/// otherwise share the name.
///
/// # Errors
/// [`NameError`] when the joined name is too long.
pub fn local_tag(nsvc: &Nsvc, with_context: bool) -> Result<TagName, NameError> {
    let Nsvc { name, stream, version, context } = nsvc;
    TagName::new(if with_context {
        format!("module-{name}-{stream}-{version}-{context}")
    } else {
        format!("module-{name}-{stream}-{version}")
    })
}

/// Whether a tag name starts with one of the prefixes that the configuration allows.
pub fn allowed_tag<'a>(tag: &TagName, prefixes: impl IntoIterator<Item = &'a str>) -> bool {
    prefixes.into_iter().any(|prefix| tag.as_str().strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-')))
}

/// The tag that the module itself gets when a content generator imports it: the template with `{}` replaced by the
/// stream of the base module.
///
/// # Errors
/// [`NameError`] when the result is not a tag name.
pub fn content_generator_tag(template: &str, base_stream: &StreamName) -> Result<TagName, NameError> {
    TagName::new(template.replace("{}", base_stream.as_str()))
}

fn limited(nsvc: &Nsvc, scratch: Option<BuildId>, limit: usize) -> String {
    let Nsvc { name, stream, version, context } = nsvc;
    name_or_hash([name.as_str(), stream.as_str(), &version.to_string(), context.as_str()], scratch, limit)
}

/// Joins name, stream, version and context, or hashes them where the readable form would exceed the limit.
fn name_or_hash(parts: [&str; 4], scratch: Option<BuildId>, limit: usize) -> String {
    let prefix = if scratch.is_some() { "scrmod-" } else { "module-" };
    let suffix = scratch.map(|id| format!("+{id}")).unwrap_or_default();
    let readable = format!("{prefix}{}{suffix}", parts.join("-"));
    if readable.chars().count() + BUILD_SUFFIX.len() <= limit {
        readable
    } else {
        format!("{prefix}{}{suffix}", hex(&sha1(&parts.join("."))[..8]))
    }
}

/// Name, version and release of the module itself as a build.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ModuleNvr {
    /// The module's name.
    pub name: ModuleName,
    /// Its stream with `_` for each `-`.
    pub version: String,
    /// Version and context, joined by a dot.
    pub release: String,
}

impl From<&Nsvc> for ModuleNvr {
    fn from(nsvc: &Nsvc) -> Self {
        Self {
            name: nsvc.name.clone(),
            version: nsvc.stream.as_str().replace('-', "_"),
            release: format!("{}.{}", nsvc.version, nsvc.context),
        }
    }
}

impl fmt::Display for ModuleNvr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", self.name, self.version, self.release)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsvc(text: &str) -> Nsvc {
        text.parse().expect("identity")
    }

    #[test]
    fn tags_equal_the_known_ones() {
        for (identity, scratch, expected) in [
            ("testmodule:master:20170816080815:37c6c57", None, "module-testmodule-master-20170816080815-37c6c57"),
            (
                "testmodule:master:20170816080815:37c6c57",
                Some(1000),
                "scrmod-testmodule-master-20170816080815-37c6c57+1000",
            ),
            (
                "testmodule:master:2820210211130027:9c690d0e_1",
                Some(3),
                "scrmod-testmodule-master-2820210211130027-9c690d0e_1+3",
            ),
        ] {
            let tag = koji_tag(&nsvc(identity), scratch.map(BuildId)).expect("tag");
            assert_eq!(tag.as_str(), expected);
            assert_eq!(build_tag(&tag).expect("tag").as_str(), format!("{expected}-build"));
        }
    }

    #[test]
    fn overlong_tags_are_hashed_as_the_original_does() {
        let stream = format!("this-is-a-stream-with-very-looooong-name{}", "-blah".repeat(50));
        let parts = ["testmodule", &stream, "20170816080815", "37c6c57"];
        assert_eq!(name_or_hash(parts, None, TAG_LIMIT), "module-1cf457d452e54dda");
    }

    #[test]
    fn the_longest_readable_tag_has_room_for_the_build_suffix() {
        let at = |length: usize| {
            let fixed = "module-".len() + "-".len() + "-1-c".len() + 60;
            let text = format!("{}:{}:1:c", "n".repeat(60), "s".repeat(length - fixed));
            koji_tag(&nsvc(&text), None).expect("tag")
        };
        assert_eq!(at(250).as_str().len(), 250);
        assert_eq!(build_tag(&at(250)).expect("tag").as_str().len(), 256);
        assert_eq!(at(251).as_str().len(), "module-1cf457d452e54dda".len());
    }

    #[test]
    fn targets_equal_the_known_ones() {
        let long = "testmodule:master:2820180205135154:9c690d0e";
        for (identity, scratch, expected) in [
            (long, None, "module-testmodule-master-2820180205135154-9c690d0e"),
            (long, Some(1234), "scrmod-3dc4d96246fed054+1234"),
            ("postgresql:15:3820230913110000:9edba152", Some(1234), "scrmod-097063b13a6982ad+1234"),
            ("testmodule:master:20170816080815:37c6c57", Some(1234), "scrmod-0e86f18f148efa48+1234"),
            ("nginx:1:2:00000000", None, "module-nginx-1-2-00000000"),
            ("nginx:1:2:00000000", Some(2), "scrmod-nginx-1-2-00000000+2"),
        ] {
            let target = koji_target(&nsvc(identity), scratch.map(BuildId)).expect("target");
            assert_eq!(target.as_str(), expected);
        }
    }

    #[test]
    fn local_tags_hold_the_context_only_on_demand() {
        let nsvc = nsvc("greenhouse:1.0:20210211130027:9c690d0e");
        assert_eq!(local_tag(&nsvc, false).expect("tag").as_str(), "module-greenhouse-1.0-20210211130027");
        assert_eq!(local_tag(&nsvc, true).expect("tag").as_str(), "module-greenhouse-1.0-20210211130027-9c690d0e");
    }

    #[test]
    fn the_module_as_a_build_has_no_dash_in_its_version() {
        assert_eq!(ModuleNvr::from(&nsvc("a-b:c-d-e:3:f")).to_string(), "a-b-c_d_e-3.f");
    }

    #[test]
    fn only_configured_prefixes_are_allowed() {
        let allowed = |text: &str| allowed_tag(&TagName::new(text).expect("tag"), DEFAULT_TAG_PREFIXES);
        assert!(allowed("module-x") && allowed("scrmod-x"));
        assert!(!allowed("module") && !allowed("modulex-y") && !allowed("f28-build"));
    }

    #[test]
    fn content_generator_tags_follow_the_template() {
        let stream = StreamName::new("f28").expect("stream");
        let tag = content_generator_tag(DEFAULT_CG_TAG_TEMPLATE, &stream).expect("tag");
        assert_eq!(tag.as_str(), "f28-modular-updates-candidate");
    }
}
