//! Names of commits: refs as packagers write them, and full hashes.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Why a text is not an acceptable ref or hash.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} `{shown}` {problem}", shown = text.escape_debug())]
pub struct RefError {
    /// What the text should have been: `git ref` or `commit hash`.
    pub kind: &'static str,
    /// The text as found.
    pub text: String,
    /// What is wrong with it; reads on after the text.
    pub problem: &'static str,
}

/// A branch, tag or (shortened) commit hash as written by a packager; safe on a git command line.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GitRef(Arc<str>);

impl GitRef {
    /// Checks a text by git's own rules for names of refs.
    ///
    /// # Errors
    /// [`RefError`] for texts that git could take for an option, a range or an expression.
    pub fn new(text: impl AsRef<str>) -> Result<Self, RefError> {
        Self::check(text.as_ref())?;
        Ok(Self(Arc::from(text.as_ref())))
    }

    /// What [`GitRef::new`] says about a text, for those who do not need the ref.
    ///
    /// # Errors
    /// As [`GitRef::new`].
    pub fn check(text: &str) -> Result<(), RefError> {
        // Hashes and nearly all branches and tags are nothing but these.
        if (1..=250).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
            return Ok(());
        }
        let problem = if text.is_empty() {
            "is empty"
        } else if text.len() > 250 {
            "is longer than 250 bytes"
        } else if text.starts_with('-') {
            "starts with `-`"
        } else if text.contains("..") || text.contains("@{") || text == "@" {
            "contains `..` or `@`, which git reads as an expression"
        } else if text.chars().any(|c| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c)) {
            "contains a blank, a control character or one of `~^:?*[\\`"
        } else if text.starts_with('/') || text.ends_with('/') || text.ends_with('.') || text.contains("//") {
            "starts or ends with a separator"
        } else if text.split('/').any(|part| part.starts_with('.') || is_lock_name(part)) {
            "has a part that starts with `.` or ends with `.lock`"
        } else {
            return Ok(());
        };
        Err(RefError { kind: "git ref", text: text.to_owned(), problem })
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The commit this names when it is a full hash.
    pub fn as_commit(&self) -> Option<CommitHash> {
        CommitHash::new(&self.0).ok()
    }

    /// Whether it can be the start of a commit hash: 4 to 63 hex digits.
    pub fn may_be_short_hash(&self) -> bool {
        (4..64).contains(&self.0.len()) && self.0.bytes().all(|b| b.is_ascii_hexdigit())
    }
}

/// git keeps these names for its lock files, in lower case only.
fn is_lock_name(part: &str) -> bool {
    part.strip_suffix(".lock").is_some()
}

/// Full hash of a commit in lower case: 40 hex digits, or 64 in a SHA-256 repository.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitHash(Arc<str>);

impl CommitHash {
    /// Checks a text and turns it to lower case.
    ///
    /// # Errors
    /// [`RefError`] unless it is 40 or 64 hex digits.
    pub fn new(text: impl AsRef<str>) -> Result<Self, RefError> {
        let text = text.as_ref();
        if matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Ok(Self(Arc::from(text.to_ascii_lowercase())));
        }
        Err(RefError { kind: "commit hash", text: text.to_owned(), problem: "is not 40 or 64 hex digits" })
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the repository names its objects by SHA-256.
    pub fn is_sha256(&self) -> bool {
        self.0.len() == 64
    }
}

macro_rules! text_type {
    ($type:ty) => {
        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
        impl fmt::Debug for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }
        impl FromStr for $type {
            type Err = RefError;
            fn from_str(text: &str) -> Result<Self, RefError> {
                Self::new(text)
            }
        }
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }
        impl<'de> Deserialize<'de> for $type {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                Self::new(String::deserialize(d)?).map_err(serde::de::Error::custom)
            }
        }
    };
}
text_type!(GitRef);
text_type!(CommitHash);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refs_that_git_would_read_as_something_else_are_refused() {
        for bad in [
            "", "-x", "--all", "a..b", "a b", "HEAD~1", "a^", "a:b", "@", "a@{1}", "a\n", "/a", "a/", "a//b", "a.lock",
            ".a", "x/.y",
        ] {
            assert!(GitRef::new(bad).is_err(), "{bad:?}");
        }
        for good in ["main", "stream-18.0-rhel-9", "refs/heads/x", "v1.0", "HEAD", "5.10", "private-bob@home"] {
            assert_eq!(GitRef::new(good).expect(good).as_str(), good);
        }
    }

    #[test]
    fn a_full_hash_is_a_commit_and_a_part_of_it_may_be_one() {
        let full = "ABCDEF0123456789abcdef0123456789abcdef01";
        assert_eq!(GitRef::new(full).expect("ref").as_commit().expect("hash").as_str(), full.to_lowercase());
        assert!(GitRef::new("abcdef0").expect("ref").may_be_short_hash());
        assert!(!GitRef::new("abc").expect("ref").may_be_short_hash());
        assert!(!GitRef::new("main").expect("ref").may_be_short_hash());
        assert!(CommitHash::new("abcdef0").is_err());
    }
}
