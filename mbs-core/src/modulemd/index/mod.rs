//! The documents of a repository, together.
//!
//! ```text
//! text --read--> documents --extend--> ModuleIndex --add--> IndexMerger --merge--> ModuleIndex --write--> text
//!                                        |      |                |
//!                                     Refused  Conflict       Conflict
//! ```
//!
//! * A [`ModuleIndex`] holds the documents by [`Module`]. What cannot enter is [`Refused`]; where two documents disagree
//!   and one of them counts, that is a [`Conflict`]: both name where the documents came from.
//! * An [`IndexMerger`] merges indexes by [`Priority`].
//! * [`diff()`] tells what changed between two indexes.
//!
//! Documents are moved, never copied, and looked up by parts of their identities that are compared in place.

mod add;
mod conflict;
mod diff;
mod diff_text;
mod differs;
mod entry;
mod life;
mod merge;
mod merge_defaults;
mod merger;
mod model;
mod module;
mod origin;
mod repeated;
mod search;
mod write;

#[cfg(test)]
mod tests;

pub use add::{Added, Extended, IndexReading, Refused, RefusedReason};
pub use conflict::{About, Conflict, Kept, Reason, Side};
pub use diff::{
    DocumentChange, IndexDiff, ModuleDiff, ObsoletesChange, ObsoletesKey, StreamChange, TranslationsChange, diff,
};
pub use differs::{Change, FieldChange};
pub use entry::Entry;
pub use life::{Lives, StreamLife};
pub use merger::{IndexMerger, MergeError, Merged, Priority, PriorityError};
pub use model::ModuleIndex;
pub use module::{Found, Module};
pub use origin::Origin;
pub use repeated::repeated_streams;
pub use search::{RpmMatch, StreamQuery};
