//! What was changed, for telling it.

use crate::modulemd::model::Value;
use crate::modulemd::path::KeyPath;
use crate::modulemd::yaml::tape::shorten;
use crate::source::redact;
use std::fmt;

/// One change; shown as `data.components.rpms.libgauge.ref: main -> 1.2`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// What was changed.
    pub path: KeyPath,
    /// Its line, from 1: in the new file, for what was removed in the old one.
    pub line: u32,
    /// The value before; nothing for what was added.
    pub before: Option<Value>,
    /// The value now; nothing for what was removed.
    pub after: Option<Value>,
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(f, "{} -> {}", brief(before), brief(after)),
            (None, Some(after)) => write!(f, "added {}", brief(after)),
            (Some(before), None) => write!(f, "removed {}", brief(before)),
            (None, None) => f.write_str("unchanged"),
        }
    }
}

/// A value on one line, cut where it is long.
fn brief(value: &Value) -> String {
    match value {
        Value::Scalar(scalar) if scalar.as_str().is_empty() => "``".to_owned(),
        // A credential in an address is nobody else's business; other texts with an `@` stay readable.
        Value::Scalar(scalar) if scalar.as_str().contains("://") => shorten(&redact(scalar.as_str())),
        Value::Scalar(scalar) => shorten(scalar.as_str()),
        Value::List(items) => {
            let texts: Vec<String> = items.iter().take(5).map(brief).collect();
            let more = if items.len() > 5 { ", ..." } else { "" };
            format!("[{}{more}]", texts.join(", "))
        }
        Value::Map(map) => {
            let keys: Vec<String> = map.keys().take(8).map(|key| shorten(key)).collect();
            let more = if map.len() > 8 { ", ..." } else { "" };
            format!("{{{}{more}}}", keys.join(", "))
        }
    }
}
