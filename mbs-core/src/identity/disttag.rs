//! The dist tag, which makes releases of modular packages unique per module build.

use super::digest::{hex, sha1};
use crate::{BuildId, ModuleName, Nsvc, StreamName};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What dist tags start with unless configured otherwise.
pub const DEFAULT_DISTTAG_PREFIX: &str = "module+";

/// What dist tags of scratch builds start with.
pub const SCRATCH_DISTTAG_PREFIX: &str = "scrmod+";

/// Why no dist tag can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DisttagError {
    /// The result would not be a valid part of an RPM release.
    #[error(
        "dist tag `{tag}` holds `{found}`, but an RPM release holds only letters, digits, `.`, `_`, `+`, `~` and `^`",
        tag = tag.escape_debug(),
        found = found.escape_debug()
    )]
    IllegalCharacter {
        /// The tag as it would be.
        tag: String,
        /// The first character that is refused.
        found: char,
    },
}

/// A dist tag without its leading dot, such as `module+f28+2+814cfa39`; safe as part of an RPM release.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Disttag(String);

impl Disttag {
    /// Puts a dist tag together.
    ///
    /// `prefix` is [`SCRATCH_DISTTAG_PREFIX`] for scratch builds, else the configured one; `marking` comes from
    /// [`disttag_marking`], `index` from [`disttag_index`].
    ///
    /// # Errors
    /// [`DisttagError::IllegalCharacter`] when prefix or marking hold what a release cannot hold, such as `-`.
    pub fn new(prefix: &str, marking: Option<&str>, index: BuildId, nsvc: &Nsvc) -> Result<Self, DisttagError> {
        let marking = marking.map(|text| format!("{text}+")).unwrap_or_default();
        Self::checked(format!("{prefix}{marking}{index}+{}", disttag_hash(nsvc)))
    }

    fn checked(tag: String) -> Result<Self, DisttagError> {
        let legal = |found: char| found.is_ascii_alphanumeric() || "._+~^".contains(found);
        match tag.chars().find(|found| !legal(*found)) {
            Some(found) => Err(DisttagError::IllegalCharacter { tag, found }),
            None => Ok(Self(tag)),
        }
    }

    /// The tag as it ends releases, without leading dot.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The value of the RPM macro `dist`: the tag with a leading dot.
    pub fn dist(&self) -> String {
        format!(".{}", self.0)
    }
}

impl fmt::Display for Disttag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl<'de> Deserialize<'de> for Disttag {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        Self::checked(String::deserialize(d)?).map_err(serde::de::Error::custom)
    }
}

/// The last part of a dist tag: the first 8 hex digits of the SHA-1 of `name.stream.version.context`.
pub fn disttag_hash(nsvc: &Nsvc) -> String {
    hex(&sha1(&format!("{}.{}.{}.{}", nsvc.name, nsvc.stream, nsvc.version, nsvc.context))[..4])
}

/// The number in a dist tag: the smallest id among a build and its siblings (same name, stream, version and scratch
/// flag, any context).
pub fn disttag_index(own: BuildId, siblings: impl IntoIterator<Item = BuildId>) -> BuildId {
    siblings.into_iter().fold(own, BuildId::min)
}

/// What a buildrequired module may put into the dist tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MarkingSource {
    /// Its stream.
    pub stream: StreamName,
    /// Its own marking, if it sets one.
    pub marking: Option<String>,
}

/// Chooses the marking: goes over the privileged names, then over the base modules. The first one that sets a
/// marking, or that is a base module, decides; a base module without marking gives its stream.
///
/// `privileged` and `base` are names in the order of the configuration; `buildrequires` are those resolved
/// buildrequires that are known to the store. A base module that is listed as privileged too is asked at that place.
pub fn disttag_marking<'a>(
    privileged: &[ModuleName],
    base: &[ModuleName],
    buildrequires: &'a BTreeMap<ModuleName, MarkingSource>,
) -> Option<&'a str> {
    privileged.iter().chain(base).find_map(|name| {
        let source = buildrequires.get(name)?;
        source.marking.as_deref().or_else(|| base.contains(name).then(|| source.stream.as_str()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsvc(text: &str) -> Nsvc {
        text.parse().expect("identity")
    }

    #[test]
    fn a_marking_that_no_release_can_hold_is_refused() {
        for bad in ["f28-beta", "a b", "a%b", "a\nb", "é"] {
            let error = Disttag::new("module+", Some(bad), BuildId(1), &nsvc("a:1:2:c")).expect_err(bad);
            assert!(error.to_string().contains("an RPM release holds only"), "{error}");
        }
        assert!(serde_json::from_str::<Disttag>("\"module+a-b\"").is_err());
    }
}
