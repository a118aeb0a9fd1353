//! What the documents of an index cannot say, in a file beside it.
//!
//! A sidecar is a map in YAML or JSON, from the identity of a build to what there is to say about it:
//!
//! ```yaml
//! nodejs:18:3720230601120000:c0ffee42: garbage
//! perl:5.36:3720230701120000:c0ffee42:
//!   state: ready
//!   completed: 2023-07-01T13:00:00Z
//!   rebuild_strategy: only-changed
//!   scmurl: https://src.example.org/modules/perl.git?#0123456789abcdef0123456789abcdef01234567
//!   id: 1234
//! ```
//!
//! A single value is the state, by name or number (0 init, 1 wait, 2 build, 3 done, 4 failed, 5 ready, 6 garbage). In a map
//! every key may be left out: `state`, `completed` (RFC 3339, or seconds since 1970), `rebuild_strategy` (`all`,
//! `changed-and-after`, `only-changed`), `scmurl` (text) and `id` (a number from 1). A build that nobody says a state of
//! is ready. Anything else is an error, and so is a build that the index does not have: it would be a mistake that nobody
//! sees.

use chrono::{DateTime, Utc};
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{DecodeError, Limits, decode};
use mbs_core::resolve::BuildRecord;
use mbs_core::source::redact;
use mbs_core::{BuildId, NameError, Nsvc};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_yaml::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Most bytes of a sidecar.
pub(super) const MAX_BYTES: usize = 64 << 20;

/// Why a sidecar is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SidecarError {
    /// A sidecar that was named does not exist.
    #[error("the sidecar `{file}` does not exist")]
    Absent {
        /// The file.
        file: String,
    },
    /// Several sidecars lie beside an index.
    #[error("the index `{index}` has several sidecars: {}; keep one of them", .files.join(", "))]
    Several {
        /// The index.
        index: String,
        /// The sidecars.
        files: Vec<String>,
    },
    /// It cannot be unpacked.
    #[error("the sidecar `{file}` cannot be read: {source}")]
    Content {
        /// The file.
        file: String,
        /// What is wrong.
        source: DecodeError,
    },
    /// It is no map in YAML or JSON.
    #[error("the sidecar `{file}` is no map from builds to states: {problem}")]
    Syntax {
        /// The file.
        file: String,
        /// What is wrong, and where.
        problem: String,
    },
    /// A build stands in it twice.
    #[error("the sidecar `{file}` has the key `{key}` twice")]
    Twice {
        /// The file.
        file: String,
        /// The key.
        key: String,
    },
    /// A key is no identity.
    #[error("the sidecar `{file}`, key `{key}`: expected `NAME:STREAM:VERSION:CONTEXT`: {source}")]
    Identity {
        /// The file.
        file: String,
        /// The key.
        key: String,
        /// What is wrong.
        source: NameError,
    },
    /// A build that no index has.
    #[error("the sidecar `{file}` names the build `{key}`, which is not in {index}")]
    UnknownBuild {
        /// The file.
        file: String,
        /// The identity.
        key: Nsvc,
        /// Where it was looked for, in words.
        index: String,
    },
    /// A value that cannot stand there, or a key that does not exist.
    #[error("the sidecar `{file}`, key `{key}`: found {found}, expected {expected}")]
    Value {
        /// The file.
        file: String,
        /// The identity and, behind a blank, the key in its map.
        key: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        expected: &'static str,
    },
}

/// What a sidecar says about one build.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Statement {
    /// Its state.
    pub state: Option<ModuleState>,
    /// The rest.
    pub record: BuildRecord,
}

impl Statement {
    /// Takes over what another one says; what that does not say stays.
    pub(super) fn add(&mut self, other: &Self) {
        let (mine, its) = (&mut self.record, &other.record);
        self.state = other.state.or(self.state);
        mine.id = its.id.or(mine.id);
        mine.completed = its.completed.or(mine.completed);
        mine.rebuild_strategy = its.rebuild_strategy.or(mine.rebuild_strategy);
        mine.scmurl = its.scmurl.clone().or_else(|| mine.scmurl.take());
    }
}

/// What the documents of an index cannot say.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sidecar {
    file: String,
    statements: BTreeMap<Nsvc, Statement>,
}

impl Sidecar {
    /// Reads a sidecar: YAML or JSON, plain or compressed. `file` names it in errors.
    ///
    /// # Errors
    /// [`SidecarError`], naming file and key, what was found and what was expected.
    pub fn parse(bytes: &[u8], file: &str) -> Result<Self, SidecarError> {
        let limits = Limits::default().with_bytes(MAX_BYTES);
        let text = decode(bytes, &limits).map_err(|source| SidecarError::Content { file: file.to_owned(), source })?;
        let syntax = |problem: String| SidecarError::Syntax { file: file.to_owned(), problem };
        let text =
            std::str::from_utf8(&text).map_err(|error| syntax(format!("byte {} is not UTF-8", error.valid_up_to())))?;
        // Nearly all JSON is YAML, but not all of it. An empty file says nothing.
        let json = if text.trim_start().starts_with('{') { serde_json::from_str(text).ok() } else { None };
        let entries: Option<Entries> = match json {
            Some(entries) => Some(entries),
            None => serde_yaml::from_str(text).map_err(|error| syntax(error.to_string()))?,
        };
        let mut statements = BTreeMap::new();
        for (key, value) in entries.map(|entries| entries.0).unwrap_or_default() {
            let place = Place { file, key: &key };
            let nsvc = key.parse::<Nsvc>().map_err(|source| SidecarError::Identity {
                file: file.to_owned(),
                key: key.escape_debug().to_string(),
                source,
            })?;
            let statement = place.statement(&value)?;
            if statements.insert(nsvc, statement).is_some() {
                return Err(SidecarError::Twice { file: file.to_owned(), key });
            }
        }
        Ok(Self { file: file.to_owned(), statements })
    }

    /// The builds that it speaks of.
    pub fn builds(&self) -> impl ExactSizeIterator<Item = &Nsvc> {
        self.statements.keys()
    }

    /// What it says, by build.
    pub fn statements(&self) -> impl ExactSizeIterator<Item = (&Nsvc, &Statement)> {
        self.statements.iter()
    }

    /// The error that a build is not in an index.
    pub(super) fn unknown(&self, nsvc: &Nsvc, index: &str) -> SidecarError {
        SidecarError::UnknownBuild { file: self.file.clone(), key: nsvc.clone(), index: format!("`{index}`") }
    }

    /// The error that a build is in none of the indexes.
    pub(super) fn unknown_everywhere(&self, nsvc: &Nsvc) -> SidecarError {
        let index = "any index that is read".to_owned();
        SidecarError::UnknownBuild { file: self.file.clone(), key: nsvc.clone(), index }
    }
}

/// The entries of a map in their order, repeated keys too.
struct Entries(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map from `NAME:STREAM:VERSION:CONTEXT` to a state or a map")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

const STATE: &str = "a state: `init`, `wait`, `build`, `done`, `failed`, `ready`, `garbage`, or its number from 0 to 6";
const ENTRY: &str = "a state, or a map with `state`, `completed`, `rebuild_strategy`, `scmurl`, `id`";
const TIME: &str = "a time as in `2024-05-01T12:00:00Z`, or seconds since 1970";
const STRATEGY: &str = "`all`, `changed-and-after` or `only-changed`";

/// Where in a sidecar a value stands.
struct Place<'a> {
    file: &'a str,
    key: &'a str,
}

impl Place<'_> {
    fn bad(&self, inner: Option<&str>, value: &Value, expected: &'static str) -> SidecarError {
        let key = inner.map_or_else(|| self.key.to_owned(), |inner| format!("{} {inner}", self.key));
        SidecarError::Value { file: self.file.to_owned(), key, found: show(value), expected }
    }

    fn statement(&self, value: &Value) -> Result<Statement, SidecarError> {
        let mut statement = Statement::default();
        let map = match value {
            Value::Mapping(map) => map,
            Value::String(_) | Value::Number(_) => {
                statement.state = Some(state(value).ok_or_else(|| self.bad(None, value, STATE))?);
                return Ok(statement);
            }
            other => return Err(self.bad(None, other, ENTRY)),
        };
        let record = &mut statement.record;
        for (key, value) in map {
            let Some(name) = key.as_str() else { return Err(self.bad(None, key, ENTRY)) };
            let wrong = |expected| self.bad(Some(name), value, expected);
            match name {
                "state" => statement.state = Some(state(value).ok_or_else(|| wrong(STATE))?),
                "completed" => record.completed = Some(time(value).ok_or_else(|| wrong(TIME))?),
                "rebuild_strategy" => {
                    let strategy = value.as_str().and_then(|text| text.parse().ok());
                    record.rebuild_strategy = Some(strategy.ok_or_else(|| wrong(STRATEGY))?);
                }
                "scmurl" => {
                    let text = value.as_str().filter(|text| !text.is_empty());
                    record.scmurl = Some(text.ok_or_else(|| wrong("the address of the sources"))?.to_owned());
                }
                "id" => {
                    let id = value.as_u64().filter(|id| *id > 0);
                    record.id = Some(BuildId(id.ok_or_else(|| wrong("a number from 1"))?));
                }
                _ => {
                    return Err(self.bad(
                        None,
                        key,
                        "one of the keys `state`, `completed`, `rebuild_strategy`, `scmurl`, `id`",
                    ));
                }
            }
        }
        Ok(statement)
    }
}

fn state(value: &Value) -> Option<ModuleState> {
    match value {
        Value::Number(number) => ModuleState::from_number(u8::try_from(number.as_u64()?).ok()?),
        other => ModuleState::from_name(other.as_str()?),
    }
}

fn time(value: &Value) -> Option<DateTime<Utc>> {
    match value {
        Value::Number(number) => DateTime::from_timestamp(number.as_i64()?, 0),
        other => Some(DateTime::parse_from_rfc3339(other.as_str()?).ok()?.to_utc()),
    }
}

/// A value for a message: short, and without credentials.
fn show(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) => {
            let short: String = redact(text).chars().take(60).collect();
            format!("`{}`", short.escape_debug())
        }
        Value::Sequence(_) => "a list".to_owned(),
        Value::Mapping(_) => "a map".to_owned(),
        Value::Tagged(_) => "a value with a tag".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_core::reuse::RebuildStrategy;

    fn refused(text: &str) -> String {
        Sidecar::parse(text.as_bytes(), "s.yaml").expect_err(text).to_string()
    }

    #[test]
    fn states_and_records_are_read_from_yaml_and_json() {
        let yaml = "a:1:1:c: garbage\na:1:2:c: 4\na:2:1:c:\n  state: 3\n  completed: 2024-05-01T14:00:00+02:00\n  \
                    rebuild_strategy: only-changed\n  scmurl: https://h/a?#0\n  id: 7\na:2:2:c: {completed: 60}\n";
        let json = "{\"a:1:1:c\": \"garbage\", \"a:1:2:c\": 4, \"a:2:1:c\": {\"state\": \"done\", \"completed\": 1714564800,\
                    \"rebuild_strategy\": \"only-changed\", \"scmurl\": \"https://h/a?#0\", \"id\": 7},\
                    \"a:2:2:c\": {\"completed\": \"1970-01-01T00:01:00Z\"}}";
        let read = |text: &str| Sidecar::parse(text.as_bytes(), "s").expect(text);
        assert_eq!(read(yaml), read(json));
        let sidecar = read(yaml);
        let said: Vec<_> = sidecar.statements().map(|(nsvc, said)| (nsvc.to_string(), said.clone())).collect();
        let state = |state| Statement { state: Some(state), ..Statement::default() };
        assert_eq!(said[0], ("a:1:1:c".to_owned(), state(ModuleState::Garbage)));
        assert_eq!(said[1], ("a:1:2:c".to_owned(), state(ModuleState::Failed)));
        assert_eq!(said[2].1.state, Some(ModuleState::Done));
        assert_eq!(said[2].1.record.rebuild_strategy, Some(RebuildStrategy::OnlyChanged));
        assert_eq!(said[2].1.record.completed, DateTime::from_timestamp(1_714_564_800, 0));
        assert_eq!(
            (said[2].1.record.id, said[2].1.record.scmurl.as_deref()),
            (Some(BuildId(7)), Some("https://h/a?#0"))
        );
        assert_eq!(said[3].1.state, None);
        for nothing in ["", "{}", "# nothing yet\n"] {
            assert_eq!(read(nothing).builds().len(), 0);
        }
    }

    #[test]
    fn what_is_refused_is_named_with_its_place() {
        for (text, expected) in [
            ("a:1:1:c: redy", "key `a:1:1:c`: found `redy`, expected a state: `init`,"),
            ("a:1:1:c: 7", "key `a:1:1:c`: found `7`, expected a state"),
            ("a:1:1:c: [ready]", "key `a:1:1:c`: found a list, expected a state, or a map"),
            ("a:1:1:c:", "key `a:1:1:c`: found nothing, expected a state, or a map"),
            ("a:1:1:c: {state: Ready}", "key `a:1:1:c state`: found `Ready`, expected a state"),
            ("a:1:1:c: {stat: ready}", "key `a:1:1:c`: found `stat`, expected one of the keys `state`, `completed`"),
            ("a:1:1:c: {completed: yesterday}", "key `a:1:1:c completed`: found `yesterday`, expected a time as in"),
            ("a:1:1:c: {rebuild_strategy: none}", "`a:1:1:c rebuild_strategy`: found `none`, expected `all`, `changed"),
            ("a:1:1:c: {id: 0}", "key `a:1:1:c id`: found `0`, expected a number from 1"),
            ("a:1:1:c: {scmurl: 7}", "key `a:1:1:c scmurl`: found `7`, expected the address"),
            ("a:1:1: ready", "key `a:1:1`: expected `NAME:STREAM:VERSION:CONTEXT`: module identity `a:1:1` is not"),
            ("a:1:1:c: ready\na:1:1:c: failed", "has the key `a:1:1:c` twice"),
            ("a:1:1:c: ready\n'a:1:01:c': failed", "has the key `a:1:01:c` twice"),
            ("- a:1:1:c", "is no map from builds to states"),
            ("a:1:1:c: {", "is no map from builds to states"),
        ] {
            let error = refused(text);
            assert!(error.starts_with("the sidecar `s.yaml`"), "{error}");
            assert!(error.contains(expected), "{text:?}: {error}");
        }
        assert!(!refused("a:1:1:c: https://ann:secret@h/x").contains("secret"));
    }
}
