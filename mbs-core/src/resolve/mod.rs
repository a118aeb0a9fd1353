//! Which builds a document makes: stream expansion.
//!
//! ```text
//! provider --gather--> Universe ----\
//!                                    +--> expand --> Expansion (documents, contexts, picks, warnings)
//! document --static_documents--> ---/           \-> ExpandError (who needs what, who stands against it)
//! ```
//!
//! # How it is done
//! 1. *Lists*: the streams of each dependency are expanded: none, or only excluded ones, mean all with a ready build.
//! 2. *Base modules*: of each block the first base module counts, with all that share a virtual stream.
//! 3. *Candidates*: for each major number of base modules, the newest base stream that has any build of a wanted
//!    stream gives the newest version of it, in all contexts. What these require is followed the same way, each
//!    stream once, so that circles end.
//! 4. *Combinations*: every combination of what is build-required that has all it needs is a result, one for each
//!    combination of streams.
//! 5. *Documents*: the solved block gets one stream each, `xmd.mbs` notes the builds, and the context is computed.
//!
//! # Which build is taken of several
//! Of combinations with the same streams the one with the smallest sum of ranks wins; the rank of a build is the
//! number of newer ones of its stream among the candidates, where of two contexts of one version the one on the base
//! module with the higher major number is the newer, then the smaller by bytes. What the document does not build-require itself does not take
//! part in the choice; it follows from it:
//!
//! * a need that only one candidate can still meet goes first; a candidate is out when another one of its module is
//!   taken, or when one of its own needs can no longer be met;
//! * of several candidates of one stream (or base modules with a common virtual stream) the newest is taken, of
//!   several streams the smallest identity as text `name:stream:version:context`, so stream `10` goes before `9`;
//! * what leads into a dead end is taken back, the last choice first.
//!
//! The streams picked so enter the context. The rules were found by comparing with the original over random universes;
//! they are what its solver does in nearly all of them. Its order of choices that depend on each other is not copied.
//!
//! Everything here is pure; only [`gather`] waits, for its provider.

mod bases;
mod candidates;
mod combine;
mod conflict;
mod document;
mod error;
mod expand;
mod expansion;
mod explain;
mod facts;
mod input;
mod known;
mod layered;
mod near;
mod options;
mod pool;
mod provider;
mod search;
mod static_contexts;
mod streams;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod universe;

pub use crate::identity::DEFAULT_CONTEXT;
pub(crate) use bases::collect_bases;
pub use conflict::Conflict;
pub use error::{ExpandError, Missing, Unsettled, UnsolvableBlock, Unusable};
pub use expand::{expand, missing_names};
pub use expansion::{ExpandWarning, Expanded, Expansion, Pick};
pub use explain::{
    BuildNote, Explanation, FailureNote, LeftNote, LeftReason, ModuleNote, Other, PickNote, ProblemNote, ResultNote,
    WarningNote, Why, WhyResults, explain,
};
pub use facts::{FactsSource, ModuleFacts};
pub(crate) use input::Block;
pub use known::{BuildRecord, DocumentProvider, KnownBuild};
pub use layered::LayeredProvider;
pub use options::{DEFAULT_LIMIT, ExpandOptions};
pub use provider::{MemoryProvider, Provider, ProviderError, gather};
pub use static_contexts::{StaticContextError, packager_documents, static_documents};
pub use universe::Universe;
