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

/// Chooses the marking: the first privileged module with a marking, else the first base module with its marking or
/// its stream.
///
/// `privileged` and `base` are names in the order of the configuration; `buildrequires` are those resolved
/// buildrequires that are known to the store.
pub fn disttag_marking<'a>(
    privileged: &[ModuleName],
    base: &[ModuleName],
    buildrequires: &'a BTreeMap<ModuleName, MarkingSource>,
) -> Option<&'a str> {
    let own = |name: &ModuleName| buildrequires.get(name).and_then(|source| source.marking.as_deref());
    let or_stream = |name: &ModuleName| own(name).or_else(|| buildrequires.get(name).map(|it| it.stream.as_str()));
    privileged.iter().find_map(own).or_else(|| base.iter().find_map(or_stream))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nsvc(text: &str) -> Nsvc {
        text.parse().expect("identity")
    }

    fn name(text: &str) -> ModuleName {
        ModuleName::new(text).expect("name")
    }

    #[test]
    fn tags_equal_the_known_ones() {
        let master = "testmodule:master:20170109091357:7c29193d";
        for (prefix, marking, index, identity, expected) in [
            (DEFAULT_DISTTAG_PREFIX, Some("f28"), 2, master, "module+f28+2+814cfa39"),
            (DEFAULT_DISTTAG_PREFIX, Some("fedora28"), 2, master, "module+fedora28+2+814cfa39"),
            (DEFAULT_DISTTAG_PREFIX, Some("product12"), 2, master, "module+product12+2+814cfa39"),
            (SCRATCH_DISTTAG_PREFIX, Some("f28"), 2, master, "scrmod+f28+2+814cfa39"),
            (DEFAULT_DISTTAG_PREFIX, None, 2, "nginx:1:2:00000000", "module+2+b8661ee4"),
            (
                DEFAULT_DISTTAG_PREFIX,
                Some("f28"),
                2,
                "testmodule:master:2820210211130027:9c690d0e",
                "module+f28+2+17375cf7",
            ),
            (
                SCRATCH_DISTTAG_PREFIX,
                Some("f28"),
                3,
                "testmodule:master:2820210211130027:9c690d0e_1",
                "scrmod+f28+3+dda63987",
            ),
            (
                SCRATCH_DISTTAG_PREFIX,
                Some("f28"),
                3,
                "testmodule:master:2820210211130027:9c690d0e_2",
                "scrmod+f28+3+8393cbd1",
            ),
        ] {
            let tag = Disttag::new(prefix, marking, BuildId(index), &nsvc(identity)).expect("tag");
            assert_eq!(tag.as_str(), expected);
            assert_eq!(tag.dist(), format!(".{expected}"));
        }
    }

    #[test]
    fn hashes_equal_the_known_ones() {
        for (identity, hash) in [
            ("testmodule:master:20170109091357:78e4a6fd", "d027b723"),
            ("testmodule:master:20170219191323:c40c156c", "b0a1d1f7"),
            ("postgressql:1:2:00000000", "0557c87d"),
        ] {
            assert_eq!(disttag_hash(&nsvc(identity)), hash);
        }
    }

    #[test]
    fn the_index_is_the_oldest_sibling() {
        assert_eq!(disttag_index(BuildId(7), [BuildId(9), BuildId(3)]), BuildId(3));
        assert_eq!(disttag_index(BuildId(7), []), BuildId(7));
    }

    #[test]
    fn privileged_markings_come_first_and_base_modules_fall_back_to_their_stream() {
        let source = |stream: &str, marking: Option<&str>| MarkingSource {
            stream: StreamName::new(stream).expect("stream"),
            marking: marking.map(str::to_owned),
        };
        let privileged = [name("plain"), name("product")];
        let base = [name("bootstrap"), name("platform")];
        let mut required = BTreeMap::from([(name("other"), source("1", Some("never")))]);
        assert_eq!(disttag_marking(&privileged, &base, &required), None);
        required.insert(name("platform"), source("f28", None));
        assert_eq!(disttag_marking(&privileged, &base, &required), Some("f28"));
        required.insert(name("platform"), source("f28", Some("fedora28")));
        assert_eq!(disttag_marking(&privileged, &base, &required), Some("fedora28"));
        required.insert(name("plain"), source("x", None));
        required.insert(name("product"), source("1.2", Some("product12")));
        assert_eq!(disttag_marking(&privileged, &base, &required), Some("product12"));
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
