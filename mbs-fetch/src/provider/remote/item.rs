//! One build of an answer.

use super::error::RemoteError;
use chrono::{DateTime, Utc};
use mbs_core::build::ModuleState;
use mbs_core::modulemd::{Document, ModuleStream, ReadOptions, read};
use mbs_core::resolve::{BuildRecord, KnownBuild, ModuleFacts};
use mbs_core::{BuildId, Context, ModuleName, NameError, Nsvc, StreamName, Version};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// A build as the service tells it.
pub(super) struct Item {
    pub(super) nsvc: Nsvc,
    pub(super) id: u64,
    /// Scratch builds can never be dependencies.
    pub(super) scratch: bool,
    state: ModuleState,
    koji_tag: Option<String>,
    virtual_streams: BTreeSet<String>,
    modulemd: String,
    record: BuildRecord,
}

/// A value of an answer and where it stands.
struct Field<'a> {
    address: &'a str,
    path: &'a str,
    item: &'a Value,
}

impl Field<'_> {
    fn bad(&self, key: &str, expected: &'static str) -> RemoteError {
        let found = self.item.get(key).map_or_else(|| "absent".to_owned(), describe);
        RemoteError::Shape { address: self.address.to_owned(), key: format!("{}.{key}", self.path), found, expected }
    }

    fn text(&self, key: &str) -> Result<&str, RemoteError> {
        self.item.get(key).and_then(Value::as_str).ok_or_else(|| self.bad(key, "a text"))
    }

    /// A text that may be null or absent, which an empty one counts as.
    fn optional(&self, key: &str) -> Result<Option<&str>, RemoteError> {
        match self.item.get(key) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.bad(key, "a text or null")),
        }
    }
}

/// What a JSON value is, for messages.
pub(super) fn describe(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => format!("`{value}`"),
        Value::Number(number) => format!("`{number}`"),
        Value::String(text) => format!("the text `{}`", text.chars().take(40).collect::<String>().escape_debug()),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "an object".to_owned(),
    }
}

impl Item {
    /// Reads a build of the verbose form; `path` is where it stands in the answer.
    pub(super) fn parse(item: &Value, address: &str, path: &str) -> Result<Self, RemoteError> {
        let field = Field { address, path, item };
        if !item.is_object() {
            let found = describe(item);
            let (address, key) = (address.to_owned(), path.to_owned());
            return Err(RemoteError::Shape { address, key, found, expected: "an object" });
        }
        let named =
            |source: NameError| RemoteError::Identity { address: address.to_owned(), key: path.to_owned(), source };
        // A text in all releases; a number is as clear.
        let version = match item.get("version") {
            Some(Value::String(text)) => text.parse().ok(),
            Some(Value::Number(number)) => number.as_u64(),
            _ => None,
        };
        let state = item.get("state").and_then(Value::as_u64).and_then(|state| u8::try_from(state).ok());
        let id = item.get("id").and_then(Value::as_u64).ok_or_else(|| field.bad("id", "a number"))?;
        let completed = match field.optional("time_completed")? {
            None => None,
            Some(text) => Some(time(text).ok_or_else(|| field.bad("time_completed", "a time in UTC"))?),
        };
        let virtual_streams = match item.get("virtual_streams") {
            None | Some(Value::Null) => BTreeSet::new(),
            Some(Value::Array(list)) => list
                .iter()
                .map(|value| value.as_str().map(str::to_owned))
                .collect::<Option<_>>()
                .ok_or_else(|| field.bad("virtual_streams", "a list of texts"))?,
            Some(_) => return Err(field.bad("virtual_streams", "a list of texts")),
        };
        Ok(Self {
            nsvc: Nsvc {
                name: ModuleName::new(field.text("name")?).map_err(named)?,
                stream: StreamName::new(field.text("stream")?).map_err(named)?,
                version: Version(version.ok_or_else(|| field.bad("version", "a number below 2^64 as text"))?),
                context: Context::new(field.text("context")?).map_err(named)?,
            },
            id,
            scratch: item.get("scratch").and_then(Value::as_bool).unwrap_or(false),
            state: state
                .and_then(ModuleState::from_number)
                .ok_or_else(|| field.bad("state", "the number of a state, from 0 to 6"))?,
            koji_tag: field.optional("koji_tag")?.map(str::to_owned),
            virtual_streams,
            modulemd: field.text("modulemd")?.to_owned(),
            record: BuildRecord {
                id: Some(BuildId(id)),
                completed,
                // A strategy that is not known here cannot be compared with, as none.
                rebuild_strategy: field.optional("rebuild_strategy")?.and_then(|text| text.parse().ok()),
                scmurl: field.optional("scmurl")?.map(str::to_owned),
            },
        })
    }

    /// What is known of the build.
    ///
    /// Name, state and tag are those of the service; a document that was stored before the build got its context lacks it.
    ///
    /// # Errors
    /// Why the document is of no use, in words.
    pub(super) fn known(self, bases: &BTreeSet<ModuleName>, options: &ReadOptions) -> Result<KnownBuild, String> {
        let mut reading = read(self.modulemd.as_bytes(), &self.nsvc.to_string(), options);
        let count = reading.documents.len();
        let mut document: ModuleStream = match (reading.documents.pop().map(|located| located.value), count) {
            (Some(Document::Stream(document)), 1) => *document,
            (Some(Document::StreamV1(document)), 1) => (*document).into(),
            (Some(other), 1) => return Err(format!("its document is a `{}`", other.title())),
            (Some(_), count) => return Err(format!("it has {count} documents")),
            (None, _) => {
                let first = reading.diagnostics.iter().find(|diagnostic| diagnostic.is_error());
                let problem = first.map_or("it is empty", |first| first.message.as_str());
                return Err(format!("its document cannot be read: {problem}"));
            }
        };
        document.name = Some(self.nsvc.name.to_string());
        document.stream = Some(self.nsvc.stream.to_string());
        document.version = self.nsvc.version.0;
        document.context = Some(self.nsvc.context.to_string());
        let mut facts = ModuleFacts::from_document(&document, self.state, bases).map_err(|error| error.to_string())?;
        facts.koji_tag = self.koji_tag.or(facts.koji_tag);
        facts.virtual_streams.extend(self.virtual_streams);
        Ok(KnownBuild { facts: Arc::new(facts), document: Arc::new(document), record: self.record })
    }
}

/// A time as services write it: UTC, with `Z` or without.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc3339(&format!("{text}Z")));
    Some(zoned.ok()?.to_utc())
}
