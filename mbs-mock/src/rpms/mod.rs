//! What an RPM file says about itself, read in this process.
//!
//! [`read_facts`] opens one file and keeps the header fields that the embedded backend decides with; no `rpm`
//! program is started and the payload is not touched. [`RpmFacts`] can be stored in a manifest and read back.

mod facts;
mod read;
mod relation;
mod source_reader;

pub use facts::RpmFacts;
pub use read::{RpmReadError, read_facts};
pub use relation::{Comparison, Relation, RelationFlags};
pub use source_reader::SourceRpms;
