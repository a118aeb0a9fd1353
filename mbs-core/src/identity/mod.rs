//! Pure functions that compute what identifies a module build: contexts, versions, the dist tag and tag names.
//!
//! Every value here equals the one that the original service computes for the same input, because tags, component
//! reuse and update paths of existing distributions depend on it. `docs/context-specification.md` defines each of them;
//! a test compares its tables with these functions.

mod content_generator;
mod context;
pub(crate) mod digest;
mod disttag;
mod scratch;
mod stream_version;
mod tag;
mod version;

#[cfg(test)]
mod specification;

pub use content_generator::{DEFAULT_CG_TAG, DEFAULT_CG_TAG_TEMPLATE, ModuleNvr, content_generator_tag};
pub use context::{
    ContextHash, Contexts, DEFAULT_CONTEXT, build_context, build_context_no_bms, context, runtime_context,
    runtime_requires,
};
pub use disttag::{
    DEFAULT_DISTTAG_PREFIX, Disttag, DisttagError, MarkingSource, SCRATCH_DISTTAG_PREFIX, disttag_hash, disttag_index,
    disttag_marking,
};
pub use scratch::{scratch_context, scratch_number};
pub use stream_version::{Padding, StreamVersion};
pub(crate) use tag::folder_hash;
pub use tag::{DEFAULT_TAG_PREFIXES, allowed_tag, allowed_tags, build_tag, koji_tag, koji_target, local_tag};
pub use version::{
    Prefix, PrefixedVersion, VersionError, base_stream, prefixed_version, source_epoch, timestamp_version, version_time,
};
