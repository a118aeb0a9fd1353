//! Two documents that say different things about the same.

use super::origin::Origin;
use crate::modulemd::nsvca::StreamId;
use crate::modulemd::path::KeyPath;
use serde::{Serialize, Serializer};
use std::fmt;

/// Two documents that say different things about the same, and which of them counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Conflict {
    /// Name of the module.
    pub module: String,
    /// What they disagree about.
    pub about: About,
    /// The document that was there first, and what it says.
    pub first: Side,
    /// The document that came after it, and what it says.
    pub second: Side,
    /// Which one counts.
    pub kept: Kept,
    /// Why.
    pub reason: Reason,
}

/// One of two documents.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Side {
    /// Where the document came from.
    #[serde(flatten)]
    pub origin: Origin,
    /// What it says, where that is short: a stream, profiles, a time of change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub says: Option<String>,
}

/// What two documents disagree about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[non_exhaustive]
pub enum About {
    /// The content of a stream document.
    Stream {
        /// Its identity.
        id: StreamId,
        /// Where the two differ.
        #[serde(serialize_with = "paths")]
        differs: Vec<KeyPath>,
    },
    /// The defaults of the module as a whole: one document takes the place of the other.
    Defaults,
    /// The default stream; of a purpose, if one is named.
    DefaultStream {
        /// Name of the purpose.
        #[serde(skip_serializing_if = "Option::is_none")]
        intent: Option<String>,
    },
    /// The default profiles of a stream; of a purpose, if one is named.
    Profiles {
        /// Name of the stream.
        stream: String,
        /// Name of the purpose.
        #[serde(skip_serializing_if = "Option::is_none")]
        intent: Option<String>,
    },
    /// The texts of a stream in other languages.
    Translations {
        /// Name of the stream.
        stream: String,
    },
    /// The end of a stream, in documents that are equally new.
    Obsoletes {
        /// Name of the stream.
        stream: String,
        /// Its context.
        #[serde(skip_serializing_if = "Option::is_none")]
        context: Option<String>,
    },
}

/// Which of two documents counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kept {
    /// The one that was there.
    First,
    /// The one that came after it.
    Second,
    /// None of them.
    Neither,
}

/// Why a document counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// Its `modified` is higher.
    Newer,
    /// Its index has the higher priority.
    Priority,
    /// It was there first, and nothing else decides.
    First,
    /// It came later, and nothing else decides.
    Later,
    /// Both are equally new, so that none counts.
    Tie,
    /// Earlier documents were a tie, after which the next one counts, however old it is.
    AfterTie,
    /// Earlier documents were a tie, and the merger keeps it so.
    Undecided,
}

impl Conflict {
    /// Whether something that no rule ranks lower was left out: everything but a newer document or a higher priority.
    pub fn is_loss(&self) -> bool {
        !matches!(self.reason, Reason::Newer | Reason::Priority)
    }
}

fn paths<S: Serializer>(paths: &[KeyPath], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(paths.iter().map(KeyPath::to_string))
}

impl fmt::Display for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.says {
            Some(says) => write!(f, "`{}` in {}", says.escape_debug(), self.origin),
            None => write!(f, "{}", self.origin),
        }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Newer => "it is newer",
            Self::Priority => "its index has the higher priority",
            Self::First => "it came first",
            Self::Later => "it came later",
            Self::Tie => "both are equally new",
            Self::AfterTie => "the ones before it were a tie",
            Self::Undecided => "the ones before were a tie, which is kept",
        })
    }
}

impl fmt::Display for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn of(f: &mut fmt::Formatter<'_>, intent: Option<&String>) -> fmt::Result {
            match intent {
                Some(intent) => write!(f, " for the intent `{}`", intent.escape_debug()),
                None => Ok(()),
            }
        }
        match self {
            Self::Stream { id, differs } => {
                const SHOWN: usize = 3;
                write!(f, "the stream `{}` differs", id.to_string().escape_debug())?;
                for (number, path) in differs.iter().take(SHOWN).enumerate() {
                    write!(f, "{}`{path}`", if number == 0 { " in " } else { ", " })?;
                }
                if differs.len() > SHOWN {
                    write!(f, " and {} more places", differs.len() - SHOWN)?;
                }
                Ok(())
            }
            Self::Defaults => f.write_str("the defaults differ"),
            Self::DefaultStream { intent } => {
                f.write_str("the default stream")?;
                of(f, intent.as_ref())?;
                f.write_str(" differs")
            }
            Self::Profiles { stream, intent } => {
                write!(f, "the default profiles of the stream `{}`", stream.escape_debug())?;
                of(f, intent.as_ref())?;
                f.write_str(" differ")
            }
            Self::Translations { stream } => write!(f, "the translations of `{}` differ", stream.escape_debug()),
            Self::Obsoletes { stream, context } => {
                write!(f, "the obsoletes of `{}`", stream.escape_debug())?;
                if let Some(context) = context {
                    write!(f, " with the context `{}`", context.escape_debug())?;
                }
                f.write_str(" of the same time differ")
            }
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { module, about, first, second, kept, reason } = self;
        write!(f, "module `{}`: {about}: ", module.escape_debug())?;
        match kept {
            Kept::First => write!(f, "{first} is kept, {second} is left out: {reason}"),
            Kept::Second => write!(f, "{second} is kept, {first} is left out: {reason}"),
            Kept::Neither => write!(f, "neither {first} nor {second} counts: {reason}"),
        }
    }
}
