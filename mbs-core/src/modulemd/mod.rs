//! The modulemd documents: reading, checking, writing.
//!
//! ```text
//! bytes -> yaml (chunks, events) -> Tape -> de (serde) -> model -> validate
//!                                     |        |                      |
//!                                     +--------+---- problems --------+--> Diagnostics (all of them, placed)
//! model -> write -> text
//! ```
//!
//! * [`read`] takes any input, plain or compressed ([`read_from`] of a reader, [`read_file`] of a file), and gives every document that is free of errors, and every problem of all documents.
//!   A bad document never hides another.
//! * [`read_for_build`] takes the one document a build starts from.
//! * [`write()`] gives the canonical text of a document, [`to_value`] the same as a value for programs;
//!   [`final_document`] the text of a finished build.
//!
//! # How serde reads without stopping at the first problem
//! The model's types derive `Deserialize`. The deserializer over the tape is *total*: a value of the wrong kind is
//! noted as a problem with its place, and an empty value of the wanted kind is handed to the visitor instead, so that
//! reading goes on. Its map access knows the keys of the struct that is being read, notes and skips all others, and
//! hands on only the last value of a duplicate key. What a single value cannot know (rules between values) is checked on the finished model, whose
//! findings carry key paths that are looked up on the tape. A document with an error is never handed out, so no
//! stand-in value is ever seen by a caller.
//!
//! Only [`read_file`] opens a file; everything else works on what it is given and knows no time.
//!
//! ```
//! use mbs_core::modulemd::{ReadOptions, read, render_all};
//!
//! let text = "document: modulemd\nversion: 2\ndata:\n  sumary: A module\n  description: More\n  license: {module: [MIT]}\n";
//! let reading = read(text.as_bytes(), "app.yaml", &ReadOptions::strict());
//! assert!(reading.documents.is_empty());
//! let shown = render_all(&reading.diagnostics, text);
//! assert!(shown.contains("error[MD0201]: unknown key `sumary`"));
//! assert!(shown.contains("app.yaml:4:3"));
//! assert!(shown.contains("hint: did you mean `summary`?"));
//! assert!(shown.contains("error[MD0301]: `summary` is missing"));
//! ```

mod build_input;
mod convert;
mod de;
mod diagnostic;
mod document;
pub mod edit;
mod envelope;
mod final_doc;
#[cfg(any(test, feature = "fuzzing"))]
#[doc(hidden)]
pub mod fuzzing;
mod index;
mod input;
mod limits;
mod locate;
mod model;
mod nsvca;
mod own_document;
mod path;
mod read;
mod schema;
mod single;
mod validate;
mod write;
mod yaml;

#[cfg(test)]
mod tests;

pub use build_input::{BuildInput, BuildInputError, NeedsExpansion, read_for_build, read_for_inclusion};
pub(crate) use build_input::{Buildable, read_buildable};
pub use convert::{ConvertError, Converted, Expanded, Loss, RpmMapError, convert, to_stream};
pub use diagnostic::{Code, Diagnostic, Severity, explain, render_all};
pub use final_doc::{Artifact, FinalInput, final_document};
pub use index::{
    About, Added, Change, Conflict, DocumentChange, Entry, Extended, FieldChange, Found, IndexDiff, IndexMerger,
    IndexReading, Kept, Lives, MergeError, Merged, Module, ModuleDiff, ModuleIndex, ObsoletesChange, ObsoletesKey,
    Origin, Priority, PriorityError, Reason, Refused, RefusedReason, RpmMatch, Side, StreamChange, StreamLife,
    StreamQuery, TranslationsChange, diff, repeated_streams,
};
pub use input::{
    Compression, DecodeError, ReadFileError, decode, gather, named_kinds, read_file, read_from, source_text,
};
pub use limits::Limits;
pub use model::{
    Api, Artifacts, ArtifactsV1, BuildOpts, Components, Configuration, DefaultProfiles, Defaults, DependenciesV1,
    Dependency, Document, DocumentKind, Intent, License, Minute, MinuteError, ModuleComponent, ModuleStream,
    ObsoletedBy, Obsoletes, PackagerV2, PackagerV3, Profile, References, RpmBuildOpts, RpmComponent, RpmMapEntry,
    Scalar, ServiceLevel, StreamRule, StreamSet, StreamV1, Translation, Translations, UnknownDocument, UnknownKeys,
    Value, ValueMap,
};
pub use nsvca::{Glob, StreamId, StreamIdError};
pub(crate) use own_document::read_own;
pub use path::{KeyPath, KeyPathError, Step};
pub use read::{Located, ReadOptions, Reading, read};
pub use schema::schema;
pub use single::read_single;
pub use validate::{Finding, advise, validate};
pub use write::{DocumentRef, ToValueError, to_value, write, write_into, write_to};
pub use yaml::comments::comments;
