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
//! To repeat a submission: read the lock, let the expansion see only what [`PinnedProvider`] lets through, take commits
//! from [`Pins::commit`] instead of resolving refs, make a lock of what came out, and [`Lock::check`] it.

mod check;
mod error;
mod make;
mod model;
mod parse;
mod pins;
#[cfg(test)]
mod tests;
mod write;

pub use check::LockDifference;
pub use error::{LockError, LockProblem, MakeLockError};
pub use make::LockInput;
pub use model::{FORMAT, Lock, LockedBuild, LockedComponent, LockedFile, LockedModule};
pub use pins::{PinnedProvider, Pins};
