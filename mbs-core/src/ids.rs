//! Newtypes for everything that names something.
//!
//! A value of these types has been checked once, at the border: code behind it may use the text in file names,
//! tags, URLs and command lines without looking again.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// Why a text is not an acceptable name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} `{shown}` {problem}", shown = text.escape_debug())]
pub struct NameError {
    /// What the text should have named, for example `component name`.
    pub kind: &'static str,
    /// The text as found.
    pub text: String,
    /// What is wrong with it; reads on after the text.
    pub problem: &'static str,
}

/// The longest accepted name in bytes: file systems stop at 255 and names get suffixes.
const MAX_NAME: usize = 200;

/// The longest accepted stream in bytes: tags and folders of longer ones are hashed.
const MAX_STREAM: usize = 1024;

/// The longest accepted tag in bytes: what build systems store.
const MAX_TAG: usize = 256;

/// Checks a text that becomes part of file names, tags and command lines.
fn check(kind: &'static str, text: &str, colon: bool, max: usize) -> Result<(), NameError> {
    // Nearly all names are nothing but these.
    let mut before = b'-';
    let simple = |byte: u8| {
        let first = std::mem::replace(&mut before, byte);
        byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'+' || (first != byte && matches!(byte, b'-' | b'.'))
    };
    if (1..=max).contains(&text.len()) && text.bytes().all(simple) && text != "." {
        return Ok(());
    }
    let problem = if text.is_empty() {
        "is empty"
    } else if text.len() > max {
        "is longer than 200 bytes (1024 for streams, 256 for tags)"
    } else if text.starts_with('-') {
        "starts with `-`"
    } else if text == "." || text == ".." || text.contains("..") {
        "contains `..`"
    } else if text.contains('/') || text.contains('\\') {
        "contains a slash"
    } else if text.chars().any(char::is_control) {
        "contains a control character"
    } else if text.chars().any(char::is_whitespace) {
        "contains white space"
    } else if !colon && text.contains(':') {
        "contains `:`"
    } else {
        return Ok(());
    };
    Err(NameError { kind, text: text.to_owned(), problem })
}

macro_rules! name_type {
    ($(#[$doc:meta])* $name:ident, $kind:literal, colon: $colon:literal, max: $max:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Checks and wraps a text.
            ///
            /// # Errors
            /// [`NameError`] for an empty or overlong text, a slash, `..`, a leading `-`, white space or a control
            /// character.
            pub fn new(text: impl AsRef<str>) -> Result<Self, NameError> {
                Self::check(text.as_ref())?;
                Ok(Self(Arc::from(text.as_ref())))
            }

            /// What [`Self::new`] says about a text, for those who do not need the name.
            ///
            /// # Errors
            /// As [`Self::new`].
            pub fn check(text: &str) -> Result<(), NameError> {
                check($kind, text, $colon, $max)
            }

            /// The text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&*self.0, f)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;
            fn from_str(text: &str) -> Result<Self, NameError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                Self::new(text).map_err(serde::de::Error::custom)
            }
        }
    };
}

name_type!(
    /// Name of a module, such as `nodejs`.
    ModuleName, "module name", colon: false, max: MAX_NAME
);
name_type!(
    /// Name of a stream, such as `18` in `nodejs:18`.
    StreamName, "stream name", colon: false, max: MAX_STREAM
);
name_type!(
    /// Context of a module build: 8 hex digits, or a text set by the packager.
    Context, "context", colon: false, max: MAX_NAME
);
name_type!(
    /// Name of a source package that is listed as a component.
    ComponentName, "component name", colon: false, max: MAX_NAME
);
name_type!(
    /// Name of a tag in the build system.
    TagName, "tag name", colon: false, max: MAX_TAG
);
name_type!(
    /// Machine architecture as RPM spells it, such as `x86_64` or `noarch`.
    Arch, "architecture", colon: false, max: MAX_NAME
);
name_type!(
    /// Name of the account that asked for a build.
    Owner, "owner", colon: true, max: MAX_NAME
);

/// Version of a module build: a decimal number over the full 64-bit range that orders builds of one stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(pub u64);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Number of a module build in its store, counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BuildId(pub u64);

impl fmt::Display for BuildId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// Identity of a module build: name, stream, version, context.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Nsvc {
    /// Module name.
    pub name: ModuleName,
    /// Stream.
    pub stream: StreamName,
    /// Version.
    pub version: Version,
    /// Context.
    pub context: Context,
}

impl fmt::Display for Nsvc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}:{}", self.name, self.stream, self.version, self.context)
    }
}

impl FromStr for Nsvc {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let bad = |problem| NameError { kind: "module identity", text: text.to_owned(), problem };
        let mut parts = text.split(':');
        let (Some(n), Some(s), Some(v), Some(c), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(bad("is not NAME:STREAM:VERSION:CONTEXT"));
        };
        let version = v.parse().map_err(|_| bad("has a version that is not a number below 2^64"))?;
        Ok(Self {
            name: ModuleName::new(n)?,
            stream: StreamName::new(s)?,
            version: Version(version),
            context: Context::new(c)?,
        })
    }
}

/// Identity of a module build on one architecture.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Nsvca {
    /// The build.
    pub nsvc: Nsvc,
    /// The architecture.
    pub arch: Arch,
}

impl fmt::Display for Nsvca {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.nsvc, self.arch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_leave_their_folder_or_look_like_options_are_refused() {
        for bad in ["", "a/b", "..", "a..b", "-rf", "a b", "a\nb", "a\u{7}b", "a:b"] {
            assert!(ComponentName::new(bad).is_err(), "{bad:?}");
        }
        for good in ["perl-List-Compare", "gcc-c++", "lib32", "a.b", "python3.11", "x_y~1"] {
            assert_eq!(ComponentName::new(good).expect("good").as_str(), good);
        }
    }

    #[test]
    fn the_error_shows_the_text_escaped() {
        let error = ComponentName::new("a\nb").expect_err("control character");
        assert_eq!(error.to_string(), "component name `a\\nb` contains a control character");
    }

    #[test]
    fn nsvc_reads_what_it_writes_up_to_the_largest_version() {
        let text = "nodejs:18:18446744073709551615:9c690d0e";
        let nsvc: Nsvc = text.parse().expect("identity");
        assert_eq!(nsvc.version, Version(u64::MAX));
        assert_eq!(nsvc.to_string(), text);
        assert!("nodejs:18:18446744073709551616:c".parse::<Nsvc>().is_err());
        assert!("nodejs:18:1".parse::<Nsvc>().is_err());
        assert!("a:b:1:c:d".parse::<Nsvc>().is_err());
    }
}
