//! A difference between two indexes, for people.

use super::diff::{DocumentChange, IndexDiff, ModuleDiff, ObsoletesChange, StreamChange, TranslationsChange};
use super::differs::{Change, FieldChange};
use crate::modulemd::model::Scalar;
use serde_json::Value as Json;
use std::fmt;

/// The longest value shown, in characters.
const LONGEST: usize = 60;

impl fmt::Display for IndexDiff {
    /// One line per document, `+` for what came, `-` for what went, `~` for what changed; below it what changed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for module in &self.modules {
            write!(f, "{module}")?;
        }
        for (sign, documents) in [('-', &self.unknown_removed), ('+', &self.unknown_added)] {
            for document in documents {
                writeln!(f, "{sign} unknown document {} {}", document.kind.escape_debug(), document.version)?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for ModuleDiff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match (self.added, self.removed) {
            (true, _) => '+',
            (_, true) => '-',
            _ => '~',
        };
        writeln!(f, "{sign} module {}", self.module.escape_debug())?;
        if let Some(change) = &self.defaults {
            document(f, change, "defaults")?;
        }
        for ObsoletesChange { key, change } in &self.obsoletes {
            let context = key.context.as_ref().map(|context| format!(" context {context}")).unwrap_or_default();
            document(f, change, &format!("obsoletes of {}{context}, {}", key.stream, key.modified))?;
        }
        for TranslationsChange { stream, change } in &self.translations {
            document(f, change, &format!("translations of {stream}"))?;
        }
        self.streams.iter().try_for_each(|change| write!(f, "{change}"))
    }
}

fn document(f: &mut fmt::Formatter<'_>, change: &DocumentChange, title: &str) -> fmt::Result {
    let title = title.escape_debug();
    match change {
        DocumentChange::Added => writeln!(f, "  + {title}"),
        DocumentChange::Removed => writeln!(f, "  - {title}"),
        DocumentChange::Changed { fields } => {
            writeln!(f, "  ~ {title}")?;
            fields.iter().try_for_each(|field| write!(f, "{field}"))
        }
    }
}

impl fmt::Display for StreamChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |id: &dyn ToString| id.to_string().escape_debug().to_string();
        let fields = match self {
            Self::Added { id } => return writeln!(f, "  + {}", shown(id)),
            Self::Removed { id } => return writeln!(f, "  - {}", shown(id)),
            Self::Updated { id, from, fields } => {
                writeln!(f, "  ~ {} (was version {from})", shown(id))?;
                fields
            }
            Self::Changed { id, fields } => {
                writeln!(f, "  ~ {}", shown(id))?;
                fields
            }
        };
        fields.iter().try_for_each(|field| write!(f, "{field}"))
    }
}

impl fmt::Display for FieldChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = &self.path;
        match &self.change {
            Change::Added { new } => writeln!(f, "      {path}: + {}", Short(new)),
            Change::Removed { old } => writeln!(f, "      {path}: - {}", Short(old)),
            Change::Changed { old, new } => {
                writeln!(f, "      {path}: {} -> {}", Short(old), Short(new))
            }
            Change::Form { old, new } => {
                writeln!(f, "      {path}: {} -> {} (another form)", Written(old), Written(new))
            }
            Change::Set { added, removed } => {
                writeln!(f, "      {path}:")?;
                for (sign, texts) in [('-', removed), ('+', added)] {
                    for text in texts {
                        writeln!(f, "        {sign} {}", text.escape_debug())?;
                    }
                }
                Ok(())
            }
        }
    }
}

/// A value as JSON, cut when it is long.
struct Short<'v>(&'v Json);

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        cut(f, &self.0.to_string())
    }
}

/// A scalar with quotes or without, as it stood in its document.
struct Written<'v>(&'v Scalar);

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_str();
        if self.0.is_typed() { cut(f, text) } else { cut(f, &Json::from(text).to_string()) }
    }
}

fn cut(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    match text.char_indices().nth(LONGEST) {
        None => f.write_str(text),
        Some((end, _)) => write!(f, "{}...", &text[..end]),
    }
}
