//! YAML below the documents: input, events, tape, emitter.
//!
//! ```text
//! bytes --input--> text --split--> chunks --events--> builder --> Tape (one per document)
//! ```
//!
//! Everything above this folder sees only the [`tape::Tape`]: whatever fills it is a detail of this folder.

pub(crate) mod builder;
pub(crate) mod emitter;
mod events;
pub(crate) mod input;
pub(crate) mod layout;
pub(crate) mod lines;
pub(crate) mod plain;
pub(crate) mod source;
pub(crate) mod tape;
