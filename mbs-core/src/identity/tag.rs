//! Names of tags and targets in a build system.

use super::digest::{hex, sha1};
use crate::{BuildId, NameError, Nsvc, TagName};

/// What tag names may start with (each followed by `-`) unless configured otherwise.
pub const DEFAULT_TAG_PREFIXES: [&str; 2] = ["module", "scrmod"];

/// Longest name of a tag in characters, with its `-build` suffix.
pub(super) const TAG_LIMIT: usize = 256;

/// Longest name of a target, counted as for tags: so that names up to 50 characters stay readable.
pub(super) const TARGET_LIMIT: usize = 56;

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

/// Stands for name, stream and version, or for the context too, where they would be too long for the name of a folder.
pub(crate) fn folder_hash(nsvc: &Nsvc, with_context: bool) -> String {
    let Nsvc { name, stream, version, context } = nsvc;
    let plain = format!("{name}.{stream}.{version}");
    let text = if with_context { format!("{plain}.{context}") } else { plain };
    hex(&sha1(&text)[..8])
}

/// Whether a tag name starts with one of the prefixes that the configuration allows.
pub fn allowed_tag<'a>(tag: &TagName, prefixes: impl IntoIterator<Item = &'a str>) -> bool {
    allowed_tags([tag], prefixes)
}

/// Whether several tags, used together, all start with the same one of the allowed prefixes; no tag at all is refused.
///
/// Builds of privileged and of base modules may use any tag: ask only for the others.
pub fn allowed_tags<'a, 't>(
    tags: impl IntoIterator<Item = &'t TagName>,
    prefixes: impl IntoIterator<Item = &'a str>,
) -> bool {
    let tags: Vec<&str> = tags.into_iter().map(TagName::as_str).collect();
    let starts = |tag: &str, prefix| tag.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('-'));
    !tags.is_empty() && prefixes.into_iter().any(|prefix| tags.iter().all(|tag| starts(tag, prefix)))
}

fn limited(nsvc: &Nsvc, scratch: Option<BuildId>, limit: usize) -> String {
    let Nsvc { name, stream, version, context } = nsvc;
    name_or_hash([name.as_str(), stream.as_str(), &version.to_string(), context.as_str()], scratch, limit)
}

/// Joins name, stream, version and context, or hashes them where the readable form would exceed the limit.
pub(super) fn name_or_hash(parts: [&str; 4], scratch: Option<BuildId>, limit: usize) -> String {
    let prefix = if scratch.is_some() { "scrmod-" } else { "module-" };
    let suffix = scratch.map(|id| format!("+{id}")).unwrap_or_default();
    let readable = format!("{prefix}{}{suffix}", parts.join("-"));
    if readable.chars().count() + BUILD_SUFFIX.len() <= limit {
        readable
    } else {
        format!("{prefix}{}{suffix}", hex(&sha1(&parts.join("."))[..8]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_readable_tag_has_room_for_the_build_suffix() {
        let at = |length: usize| {
            let fixed = "module-".len() + "-".len() + "-1-c".len() + 60;
            let text = format!("{}:{}:1:c", "n".repeat(60), "s".repeat(length - fixed));
            koji_tag(&text.parse().expect("identity"), None).expect("tag")
        };
        assert_eq!(at(250).as_str().len(), 250);
        assert_eq!(build_tag(&at(250)).expect("tag").as_str().len(), 256);
        assert_eq!(at(251).as_str().len(), "module-1cf457d452e54dda".len());
    }
}
