//! Pure functions that compute what identifies a module build: contexts, versions, the dist tag and tag names.
//!
//! Every value here equals the one that the original service computes for the same input, because tags, component
//! reuse and update paths of existing distributions depend on it.

mod context;
pub(crate) mod digest;
mod disttag;
mod stream_version;
mod tag;
mod version;

pub use context::{ContextHash, Contexts, build_context, build_context_no_bms, context, runtime_context};
pub use disttag::{
    DEFAULT_DISTTAG_PREFIX, Disttag, DisttagError, MarkingSource, SCRATCH_DISTTAG_PREFIX, disttag_hash, disttag_index,
    disttag_marking,
};
pub use stream_version::{Padding, StreamVersion};
pub use tag::{
    DEFAULT_CG_TAG_TEMPLATE, DEFAULT_TAG_PREFIXES, ModuleNvr, allowed_tag, build_tag, content_generator_tag, koji_tag,
    koji_target, local_tag,
};
pub use version::{
    Prefix, PrefixedVersion, VersionError, prefixed_version, source_epoch, timestamp_version, version_time,
};
