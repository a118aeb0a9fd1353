//! Faults, with the numbers of the hub.

use mbs_koji::rpc::xml::{Value, WireFault};

/// A call that did not end well.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("fault {code}: {text}")]
pub struct Fault {
    /// Number of the kind.
    pub code: i64,
    /// Text for people.
    pub text: String,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal),*) => {
        impl Fault {
            $($(#[$doc])* pub fn $name(text: impl Into<String>) -> Self {
                Self { code: $code, text: text.into() }
            })*
        }
    };
}

kinds! {
    /// An exception of another kind.
    other = 1,
    /// Something does not exist, exists already, or has no good name.
    generic = 1000,
    /// A login failed, a session is closed, or access to a content generator is missing.
    auth = 1002,
    /// A build cannot be tagged or untagged.
    tag = 1003,
    /// A permission is missing.
    not_allowed = 1004,
    /// A build failed.
    build = 1005,
    /// Another session of the user is exclusive.
    locked = 1006,
    /// The session is too old.
    expired = 1007,
    /// The call number is too low.
    sequence = 1008,
    /// A call with this number was committed.
    retry = 1009,
    /// The hub is offline.
    offline = 1014,
    /// Wrong arguments.
    parameter = 1019
}

impl From<Fault> for WireFault {
    fn from(fault: Fault) -> Self {
        Self { code: fault.code, text: fault.text }
    }
}

/// A value as Python writes it into a message.
pub(super) fn repr(value: &Value) -> String {
    match value {
        Value::Nil => "None".to_owned(),
        Value::Int(number) => number.to_string(),
        Value::Bool(value) => if *value { "True" } else { "False" }.to_owned(),
        Value::Double(number) => format!("{number:?}"),
        Value::Text(text) => quoted(text),
        Value::Bytes(bytes) => format!("<{} bytes>", bytes.len()),
        Value::Array(items) => format!("[{}]", items.iter().map(repr).collect::<Vec<_>>().join(", ")),
        Value::Struct(members) => {
            let members: Vec<_> = members.iter().map(|(name, value)| format!("'{name}': {}", repr(value))).collect();
            format!("{{{}}}", members.join(", "))
        }
    }
}

/// A text as Python writes it into a message.
pub(super) fn quoted(text: &str) -> String {
    if text.contains('\'') && !text.contains('"') {
        return format!("\"{text}\"");
    }
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
