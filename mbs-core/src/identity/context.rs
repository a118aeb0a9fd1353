//! The hashes that tell apart builds of one stream with other dependencies.
//!
//! Each is the SHA-1 of a JSON text in one fixed spelling: `", "` and `": "` as separators, names in code point
//! order, everything outside printable ASCII escaped. Versions and contexts of the dependencies do not enter: a
//! rebuild against newer dependencies keeps its context.

use super::digest::{hex, sha1};
use crate::{Context, ModuleName, StreamName};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

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
    type Err = crate::NameError;

    fn from_str(text: &str) -> Result<Self, crate::NameError> {
        let bad = || crate::NameError {
            kind: "context hash",
            text: text.to_owned(),
            problem: "is not 40 lower-case hex digits",
        };
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
    ContextHash(sha1(&json))
}

/// The short context of 8 hex digits.
#[expect(clippy::missing_panics_doc, reason = "the expectation holds for every input")]
pub fn context(build: &ContextHash, runtime: &ContextHash) -> Context {
    let hash = sha1(&format!("{build}:{runtime}"));
    Context::new(hex(&hash[..4])).expect("8 hex digits are a context")
}

fn hash_streams<'a>(streams: impl Iterator<Item = (&'a ModuleName, &'a StreamName)>) -> ContextHash {
    let mut json = String::from("{");
    for (number, (name, stream)) in streams.enumerate() {
        separate(&mut json, number);
        quote(&mut json, name.as_str());
        json.push_str(": ");
        quote(&mut json, stream.as_str());
    }
    json.push('}');
    ContextHash(sha1(&json))
}

fn separate(json: &mut String, number: usize) {
    if number > 0 {
        json.push_str(", ");
    }
}

/// Appends a JSON string that holds only printable ASCII.
fn quote(json: &mut String, text: &str) {
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

    fn requires(text: &str) -> BTreeMap<ModuleName, BTreeSet<String>> {
        text.split_whitespace()
            .map(|item| {
                let (name, list) = item.strip_suffix(']').expect("]").split_once('[').expect("[");
                let streams = list.split(',').filter(|stream| !stream.is_empty());
                (ModuleName::new(name).expect("name"), streams.map(str::to_owned).collect())
            })
            .collect()
    }

    #[test]
    fn contexts_equal_the_known_ones() {
        for (br, r, build, runtime, short) in [
            (
                "base-runtime=f28 fluffy=foo zebra=2.0",
                "base-runtime[master] fidget[spinner] glass[water] silly[puddy]",
                "089df24993c037e10174f3fa7342ab4dc191a4d4",
                "bbc84c7b817ab3dd54916c0bcd6c6bdf512f7f9c",
                "3ee22b28",
            ),
            (
                "gtk=1 platform=f28",
                "gtk[1]",
                "ea432acebd83f89698537294e1c5e7e9a167c397",
                "447cde819b80a198563c098bd8d4ceda0a19ceca",
                "e1e005fb",
            ),
            (
                "gtk=2 platform=f28",
                "gtk[2]",
                "b613fe68c2411f10bc232d4c75bd02d4d74da838",
                "e93bb244dde57827ff4e71649b148fca22b9c47b",
                "ce132a1e",
            ),
            (
                "platform=f28",
                "platform[f28]",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201",
                "3a484dfa1afb31e4a0df5d6bce64aa4cce13cab9",
                "9c690d0e",
            ),
            (
                "platform=f29",
                "platform[f29]",
                "ef25c801bb4d5799a1453bd2d5798d3a597b9061",
                "d64e1e812ab9b003a6055ee0ba3da6d3e6237ed7",
                "6c81f848",
            ),
            (
                "platform=f28",
                "platform[]",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201",
                "f266bc2ae4e404c01b3975a58531d7a9b737da17",
                "90da547c",
            ),
            (
                "platform=f30",
                "platform[f30,f29]",
                "6cddf71369379dcbfb64cd5cf5d6677282a3544d",
                "a26e83589a1e99fbb260bbecc28150c700406d7e",
                "6e4cc1ac",
            ),
            (
                "",
                "",
                "bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f",
                "bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f",
                "6a6c3e52",
            ),
            (
                "gtk=é platform=f28",
                "gtk[é]",
                "6ccea6c624e48a4541e565a11f313184d92acc62",
                "6d9ba4219d8817cbfbfcbb26bc46e7c82301b41f",
                "3a1ca5d2",
            ),
            // Builds with a context set by the packager have these long hashes too.
            (
                "platform=f28",
                "platform[f28] gtk[1]",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201",
                "cb33fa81bc376a8767a887f4cb5b45a67520f772",
                "",
            ),
            (
                "platform=f28",
                "platform[f28] gtk[2]",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201",
                "df4306c2bfd24fca495452b6b1867cdccf7aa776",
                "",
            ),
            (
                "platform=f28",
                "platform[f28] nginx[1]",
                "f4bfd8304625d3f2835a5176ee910f50e86cc201",
                "b442a8057c5b16c25414d6d6909ace9f5487576f",
                "",
            ),
            (
                "platform=f29.2.0",
                "platform[f29]",
                "deb2cfe4e81122798c05a31f6b4bbf153a4dfe54",
                "d64e1e812ab9b003a6055ee0ba3da6d3e6237ed7",
                "",
            ),
        ] {
            let found = Contexts::compute(&streams(br), &requires(r), &BTreeSet::new());
            assert_eq!(found.build.to_string(), build, "{br}");
            assert_eq!(found.runtime.to_string(), runtime, "{r}");
            if !short.is_empty() {
                assert_eq!(found.context.as_str(), short, "{br} / {r}");
            }
        }
    }

    #[test]
    fn expanded_documents_get_the_known_contexts() {
        for (br, r, short) in [
            ("gtk=1 platform=f28", "gtk[1,2]", "e6475530"),
            ("gtk=1 platform=f28", "platform[f28] gtk[1]", "00a23e75"),
            ("gtk=1 platform=f29", "platform[f29] gtk[1]", "05c9e0d2"),
            ("gtk=2 platform=f28", "platform[f28] gtk[2]", "83292f3a"),
            ("gtk=2 platform=f29", "platform[f29] gtk[2]", "e1d3a346"),
            ("platform=f29", "platform[f28,f29]", "d57884de"),
            ("gtk=1 platform=f28", "gtk[1] foo[2]", "c1851b84"),
            ("foo=2 platform=f29", "gtk[1] foo[2]", "a64280f5"),
            ("app=1 platform=f29", "", "a6551637"),
            ("gtk=1 platform=f28", "gtk[]", "2bc054d2"),
            ("gtk=1 platform=f29.0.0", "platform[f29]", "f4de35d9"),
            ("gtk=1 platform=f29.1.0", "platform[f29]", "5f19e05f"),
            ("gtk=1 platform=f29.2.0", "platform[f29]", "0f67b988"),
        ] {
            let found = Contexts::compute(&streams(br), &requires(r), &BTreeSet::new());
            assert_eq!(found.context.as_str(), short, "{br} / {r}");
        }
    }

    #[test]
    fn base_modules_leave_the_hash_without_them() {
        let bases = BTreeSet::from([ModuleName::new("platform").expect("name")]);
        for (br, hash) in [
            ("platform=f28", "bf21a9e8fbc5a3846fb05b4fa0859e0917b2202f"),
            ("gtk=1 platform=f28", "f4460b2a34382dfda6442f78b2586828e81ef875"),
            ("gtk=2 platform=f29", "404f0f57f4ea4916f90fb523432db48ff617cc31"),
            ("base-runtime=f28 fluffy=foo zebra=2.0", "089df24993c037e10174f3fa7342ab4dc191a4d4"),
        ] {
            assert_eq!(build_context_no_bms(&streams(br), &bases).to_string(), hash, "{br}");
        }
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
