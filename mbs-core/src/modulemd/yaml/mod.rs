//! YAML below the documents: input, events, tape, emitter.
//!
//! ```text
//! bytes --input--> chunks --+--> scan (fast, a subset) ------------------------> Tape (one document at a time)
//!                           +--> guard --> events (libyaml, all of YAML) --> builder --^
//! ```
//!
//! Everything above this folder sees only the [`tape::Tape`]: whatever fills it is a detail of this folder.

pub(crate) mod builder;
pub(crate) mod comments;
#[cfg(any(test, feature = "fuzzing"))]
pub(crate) mod compare;
pub(crate) mod documents;
pub(crate) mod emitter;
mod events;
pub(crate) mod guard;
pub(crate) mod input;
pub(crate) mod layout;
pub(crate) mod lines;
pub(crate) mod plain;
pub(crate) mod quote;
mod scan;
pub(crate) mod source;
pub(crate) mod tape;
