//! `NAME:STREAM:VERSION:CONTEXT:ARCH`, as far as it is known.

use crate::modulemd::model::ModuleStream;
use serde::de::{Deserialize, Deserializer};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Identity of a stream document (NSVCA), with parts that may be unset.
///
/// The text is `NAME:STREAM:VERSION:CONTEXT:ARCH`; version 0 and unset parts are empty, colons at the end are left
/// out. So `app:1`, `app:1:20` and `app:1:20::x86_64` are identities. A part that itself holds a colon makes a text
/// that does not read back. Ordered by name, stream, version, context, arch.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    /// Module name.
    pub name: String,
    /// Stream name.
    pub stream: String,
    /// Version; 0 is unset.
    pub version: u64,
    /// Context.
    pub context: Option<String>,
    /// Architecture.
    pub arch: Option<String>,
}

/// Why a text is no identity of a stream document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamIdError {
    /// There is no module name.
    #[error("`{text}` names no module; expected NAME:STREAM[:VERSION[:CONTEXT[:ARCH]]]")]
    NoName {
        /// The text.
        text: String,
    },
    /// There is no stream name.
    #[error("`{text}` names no stream; expected NAME:STREAM[:VERSION[:CONTEXT[:ARCH]]]")]
    NoStream {
        /// The text.
        text: String,
    },
    /// The version is no number.
    #[error("`{text}` has the version `{version}`, which is not a number below 2^64")]
    Version {
        /// The text.
        text: String,
        /// Its third part.
        version: String,
    },
    /// There are more than five parts.
    #[error("`{text}` has {found} parts, expected at most 5: NAME:STREAM[:VERSION[:CONTEXT[:ARCH]]]")]
    TooManyParts {
        /// The text.
        text: String,
        /// How many there are.
        found: usize,
    },
}

impl StreamId {
    /// The identity of a module's stream, without version, context and arch.
    pub fn new(name: impl Into<String>, stream: impl Into<String>) -> Self {
        Self { name: name.into(), stream: stream.into(), ..Self::default() }
    }

    /// The identity of a document; a name it does not have is empty.
    pub fn of(stream: &ModuleStream) -> Self {
        Self {
            name: stream.name.clone().unwrap_or_default(),
            stream: stream.stream.clone().unwrap_or_default(),
            version: stream.version,
            context: stream.context.clone(),
            arch: stream.arch.clone(),
        }
    }

    /// Whether a document fits: parts that are unset here fit everything.
    pub fn fits(&self, stream: &ModuleStream) -> bool {
        fn part(wanted: Option<&String>, found: Option<&String>) -> bool {
            wanted.is_none() || wanted == found
        }
        stream.name.as_ref() == Some(&self.name)
            && stream.stream.as_ref() == Some(&self.stream)
            && (self.version == 0 || self.version == stream.version)
            && part(self.context.as_ref(), stream.context.as_ref())
            && part(self.arch.as_ref(), stream.arch.as_ref())
    }
}

/// Writes the text of an identity into `out`, which is emptied first.
pub(crate) fn write_id(stream: &ModuleStream, out: &mut String) {
    out.clear();
    out.push_str(stream.name.as_deref().unwrap_or_default());
    out.push(':');
    out.push_str(stream.stream.as_deref().unwrap_or_default());
    out.push(':');
    if stream.version != 0 {
        out.push_str(&stream.version.to_string());
    }
    out.push(':');
    out.push_str(stream.context.as_deref().unwrap_or_default());
    out.push(':');
    out.push_str(stream.arch.as_deref().unwrap_or_default());
    trim(out);
}

/// Removes the colons at the end; one that is the whole text stays, as the format's other library leaves it.
fn trim(text: &mut String) {
    let length = text.trim_end_matches(':').len();
    text.truncate(length.max(1));
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let version = if self.version == 0 { String::new() } else { self.version.to_string() };
        let context = self.context.as_deref().unwrap_or_default();
        let arch = self.arch.as_deref().unwrap_or_default();
        let mut text = format!("{}:{}:{version}:{context}:{arch}", self.name, self.stream);
        trim(&mut text);
        f.pad(&text)
    }
}

impl FromStr for StreamId {
    type Err = StreamIdError;

    fn from_str(text: &str) -> Result<Self, StreamIdError> {
        let mut parts = text.split(':');
        let mut part = || parts.next().filter(|part| !part.is_empty());
        let (name, stream, version, context, arch) = (part(), part(), part(), part(), part());
        let owned = || text.to_owned();
        let more = parts.count();
        if more > 0 {
            return Err(StreamIdError::TooManyParts { text: owned(), found: 5 + more });
        }
        let name = name.ok_or_else(|| StreamIdError::NoName { text: owned() })?;
        let stream = stream.ok_or_else(|| StreamIdError::NoStream { text: owned() })?;
        let version = match version {
            None => 0,
            // No sign, which the number's own reader would take.
            Some(digits) => digits
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| digits.parse().ok())
                .flatten()
                .ok_or_else(|| StreamIdError::Version { text: owned(), version: digits.to_owned() })?,
        };
        Ok(Self {
            name: name.to_owned(),
            stream: stream.to_owned(),
            version,
            context: context.map(str::to_owned),
            arch: arch.map(str::to_owned),
        })
    }
}

impl Serialize for StreamId {
    /// As its text.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unset_parts_are_empty_and_colons_at_the_end_go() {
        for text in ["app:1", "app:1:20", "app:1:20:c0ffee", "app:1:20:c0ffee:s390x", "app:1:::s390x", "app:1::c0ffee"]
        {
            let id: StreamId = text.parse().expect("an identity");
            assert_eq!(id.to_string(), text);
        }
        let trailing: StreamId = "app:1:0::".parse().expect("an identity");
        assert_eq!(trailing, StreamId::new("app", "1"));
        assert_eq!(StreamId::default().to_string(), ":");
        assert_eq!(StreamId::new("", "1").to_string(), ":1");
    }

    #[test]
    fn a_document_has_the_text_of_its_identity() {
        let mut stream = ModuleStream { name: Some("app".to_owned()), version: 7, ..ModuleStream::default() };
        stream.arch = Some("noarch".to_owned());
        let mut text = "left over".to_owned();
        write_id(&stream, &mut text);
        assert_eq!((text.as_str(), StreamId::of(&stream).to_string().as_str()), ("app::7::noarch", "app::7::noarch"));
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| text.parse::<StreamId>().expect_err(text).to_string();
        assert_eq!(error(""), "`` names no module; expected NAME:STREAM[:VERSION[:CONTEXT[:ARCH]]]");
        assert_eq!(error("app"), "`app` names no stream; expected NAME:STREAM[:VERSION[:CONTEXT[:ARCH]]]");
        assert_eq!(error("app:1:x"), "`app:1:x` has the version `x`, which is not a number below 2^64");
        assert_eq!(error("app:1:+2"), "`app:1:+2` has the version `+2`, which is not a number below 2^64");
        assert!(error("app:1:18446744073709551616").contains("below 2^64"));
        assert!(error("a:1:1:c:x:y").contains("has 6 parts"));
    }

    #[test]
    fn unset_parts_fit_everything() {
        let stream = ModuleStream {
            name: Some("app".to_owned()),
            stream: Some("1".to_owned()),
            version: 20,
            context: Some("c".to_owned()),
            ..ModuleStream::default()
        };
        for (text, fits) in [("app:1", true), ("app:1:20", true), ("app:1::c", true), ("app:1:21", false)] {
            assert_eq!(text.parse::<StreamId>().expect(text).fits(&stream), fits, "{text}");
        }
        assert!(!"app:1:20:c:x86_64".parse::<StreamId>().expect("identity").fits(&stream));
    }
}
