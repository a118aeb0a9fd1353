//! The hashes that tell apart builds of one stream with other dependencies.
//!
//! Each is the SHA-1 of a JSON text in one fixed spelling: `", "` and `": "` as separators, names in code point
//! order, everything outside printable ASCII escaped. Versions and contexts of the dependencies do not enter: a
//! rebuild against newer dependencies keeps its context. The checked values stand in the specification that a test
//! of this folder reads.

use super::digest::{hex, sha1};
use crate::modulemd::Dependency;
use crate::{Context, ModuleName, NameError, StreamName};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

/// The context of modules that come from elsewhere and carry none.
pub const DEFAULT_CONTEXT: &str = "00000000";

/// A full context hash: SHA-1, shown as 40 lower-case hex digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContextHash([u8; 20]);

impl ContextHash {
    /// The bytes of the hash.
    pub fn as_bytes(&self) -> &[u8; 20] {
        &self.0
    }
}

impl fmt::Display for ContextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&hex(&self.0))
    }
}

impl fmt::Debug for ContextHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for ContextHash {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let bad =
            || NameError { kind: "context hash", text: text.to_owned(), problem: "is not 40 lower-case hex digits" };
        let digits = text.as_bytes();
        if digits.len() != 40 {
            return Err(bad());
        }
        let value = |digit: u8| match digit {
            b'0'..=b'9' => Ok(digit - b'0'),
            b'a'..=b'f' => Ok(digit - b'a' + 10),
            _ => Err(bad()),
        };
        let mut bytes = [0; 20];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = value(pair[0])? << 4 | value(pair[1])?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for ContextHash {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex(&self.0))
    }
}

impl<'de> Deserialize<'de> for ContextHash {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// All four context values of a module build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contexts {
    /// Hash over the resolved buildrequires.
    pub build: ContextHash,
    /// The same without base modules.
    pub build_no_bms: ContextHash,
    /// Hash over the requires of all dependency blocks.
    pub runtime: ContextHash,
    /// The short context made of the build and the runtime hash.
    pub context: Context,
}

impl Contexts {
    /// Computes all values.
    ///
    /// `buildrequires` are the resolved modules, also the ones that others pulled in; `requires` is the union over
    /// all dependency blocks of the document, excluded streams with their sign; `base_modules` are the names that count as base modules.
    pub fn compute(
        buildrequires: &BTreeMap<ModuleName, StreamName>,
        requires: &BTreeMap<ModuleName, BTreeSet<String>>,
        base_modules: &BTreeSet<ModuleName>,
    ) -> Self {
        let build = build_context(buildrequires);
        let runtime = runtime_context(requires);
        Self {
            build,
            build_no_bms: build_context_no_bms(buildrequires, base_modules),
            runtime,
            context: context(&build, &runtime),
        }
    }

    /// The values of a build whose context the packager set: the three hashes stay, for they decide about reuse.
    pub fn with_static_context(self, context: Context) -> Self {
        Self { context, ..self }
    }
}

/// What the runtime hash is made of: the streams of each required module, together over all dependency blocks.
///
/// A module that is named anywhere stays, also with no streams; excluded streams keep their sign.
///
/// # Errors
/// [`NameError`] for a required module whose name is not acceptable.
pub fn runtime_requires<'a>(
    blocks: impl IntoIterator<Item = &'a Dependency>,
) -> Result<BTreeMap<ModuleName, BTreeSet<String>>, NameError> {
    let mut union = BTreeMap::<_, BTreeSet<String>>::new();
    for (name, streams) in blocks.into_iter().flat_map(|block| &block.requires) {
        union.entry(ModuleName::new(name)?).or_default().extend(streams.0.iter().cloned());
    }
    Ok(union)
}

/// The hash over resolved buildrequires (name to stream).
pub fn build_context(buildrequires: &BTreeMap<ModuleName, StreamName>) -> ContextHash {
    hash_streams(buildrequires.iter())
}

/// The hash over resolved buildrequires without those that are base modules.
pub fn build_context_no_bms(
    buildrequires: &BTreeMap<ModuleName, StreamName>,
    base_modules: &BTreeSet<ModuleName>,
) -> ContextHash {
    hash_streams(buildrequires.iter().filter(|(name, _)| !base_modules.contains(*name)))
}

/// The hash over requires (name to streams, the union over all dependency blocks; "any stream" is the empty set).
pub fn runtime_context(requires: &BTreeMap<ModuleName, BTreeSet<String>>) -> ContextHash {
    ContextHash(sha1(&requires_text(requires)))
}

/// The short context of 8 hex digits.
#[expect(clippy::missing_panics_doc, reason = "the expectation holds for every input")]
pub fn context(build: &ContextHash, runtime: &ContextHash) -> Context {
    let hash = sha1(&format!("{build}:{runtime}"));
    Context::new(hex(&hash[..4])).expect("8 hex digits are a context")
}

fn hash_streams<'a>(streams: impl Iterator<Item = (&'a ModuleName, &'a StreamName)>) -> ContextHash {
    ContextHash(sha1(&streams_text(streams)))
}

/// The text behind the build hashes.
pub(super) fn streams_text<'a>(streams: impl Iterator<Item = (&'a ModuleName, &'a StreamName)>) -> String {
    let mut json = String::from("{");
    for (number, (name, stream)) in streams.enumerate() {
        separate(&mut json, number);
        quote(&mut json, name.as_str());
        json.push_str(": ");
        quote(&mut json, stream.as_str());
    }
    json.push('}');
    json
}

/// The text behind the runtime hash.
pub(super) fn requires_text(requires: &BTreeMap<ModuleName, BTreeSet<String>>) -> String {
    let mut json = String::from("{");
    for (number, (name, streams)) in requires.iter().enumerate() {
        separate(&mut json, number);
        quote(&mut json, name.as_str());
        json.push_str(": [");
        for (number, stream) in streams.iter().enumerate() {
            separate(&mut json, number);
            quote(&mut json, stream);
        }
        json.push(']');
    }
    json.push('}');
    json
}

fn separate(json: &mut String, number: usize) {
    if number > 0 {
        json.push_str(", ");
    }
}

/// Appends a JSON string that holds only printable ASCII.
pub(super) fn quote(json: &mut String, text: &str) {
    use fmt::Write as _;
    json.push('"');
    for found in text.chars() {
        match found {
            '"' => json.push_str("\\\""),
            '\\' => json.push_str("\\\\"),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\u{8}' => json.push_str("\\b"),
            '\u{c}' => json.push_str("\\f"),
            ' '..='~' => json.push(found),
            _ => {
                // Characters above U+FFFF take two escapes, as in UTF-16.
                for unit in found.encode_utf16(&mut [0; 2]) {
                    write!(json, "\\u{unit:04x}").expect("writing to a string does not fail");
                }
            }
        }
    }
    json.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    fn streams(text: &str) -> BTreeMap<ModuleName, StreamName> {
        text.split_whitespace()
            .map(|pair| {
                let (name, stream) = pair.split_once('=').expect("name=stream");
                (ModuleName::new(name).expect("name"), StreamName::new(stream).expect("stream"))
            })
            .collect()
    }

    #[test]
    fn texts_outside_printable_ascii_are_escaped_as_utf16() {
        let mut json = String::new();
        quote(&mut json, "a\"b\\c\n\r\t\u{8}\u{c}\u{1}\u{7f}é\u{ffff}\u{1f600}~");
        assert_eq!(json, r#""a\"b\\c\n\r\t\b\f\u0001\u007f\u00e9\uffff\ud83d\ude00~""#);
    }

    #[test]
    fn names_sort_by_code_point_and_not_by_utf16_unit() {
        let map = streams("\u{ff5e}=1 \u{1f600}=2 z=3 Z=4");
        let names: Vec<&str> = map.keys().map(ModuleName::as_str).collect();
        assert_eq!(names, ["Z", "z", "\u{ff5e}", "\u{1f600}"]);
    }

    #[test]
    fn hashes_read_what_they_write() {
        let hash = build_context(&BTreeMap::new());
        let json = serde_json::to_string(&hash).expect("json");
        assert_eq!(json, "\"bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f\"");
        assert_eq!(serde_json::from_str::<ContextHash>(&json).expect("hash"), hash);
        assert!("BF21".parse::<ContextHash>().is_err());
        assert!("é".repeat(20).parse::<ContextHash>().is_err());
    }
}
