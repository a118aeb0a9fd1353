//! Lock files: every choice of a submission, so that it can be made again.
//!
//! ```text
//!   document, builds, digests, look-aside files --Lock::of--> Lock --Display--> text (YAML, always in the same order)
//!                                                              ^                 |
//!                                             Lock::parse -----+-----------------+
//!
//!   Lock --pins--> Pins: the only builds an expansion may pick, the commits that replace refs
//!   Lock --check(what was chosen now)--> nothing, or every difference by its key
//! ```
//!
//! A lock holds the checksum of the document it was made from, the builds with what each is built against, and for each
//! component its repository, ref, commit and look-aside files. Credentials are never in it.
//!
//! To repeat a submission: read the lock, see with [`Lock::check_inputs`] whether everything is there that it needs, give a
//! document without history the locked time ([`Lock::document_time`]), let the expansion see only what [`PinnedProvider`]
//! lets through, take commits from a [`PinnedSource`] instead of resolving refs, and compare what came out:
//! [`Locking::compare`].

mod check;
mod error;
mod locking;
mod make;
mod model;
mod parse;
mod pins;
#[cfg(test)]
mod tests;
mod write;

pub use check::LockDifference;
pub use error::{LockError, LockProblem, LockingError, MakeLockError, NotAsLocked};
pub use locking::{Locking, LookasideLists};
pub use make::LockInput;
pub use model::{FORMAT, Lock, LockedBuild, LockedComponent, LockedFile, LockedModule};
pub use pins::{PinnedProvider, PinnedSource, Pins};
