//! Dependencies between RPMs: what a requirement means, and which RPMs of a module meet it.
//!
//! The rules are those rpm itself checks with when it installs a package or starts a build, so what [`closure`]
//! accepts rpm accepts too:
//!
//! - a requirement is met by a package (or the host) that offers an overlapping version of the same name;
//! - boolean expressions (`and`, `or`, `if`, `unless`, `with`, `without`) are evaluated over the installed set;
//! - a requirement that begins with `/` is also met by a file of that path;
//! - `rpmlib(...)` asks for a feature of rpm itself and is left to rpm.
//!
//! What is not done: nothing is ever installed with dependencies switched off, and weak dependencies (`Recommends`
//! and the like) are ignored.

mod capability;
mod closure;
mod encode;
mod explain;
mod requirement;
mod sat;
mod universe;
mod version;

#[cfg(test)]
mod tests;

pub use capability::{Capability, CapabilityError};
pub use closure::{Because, Chosen, Closure, closure};
pub use explain::{Offer, Step, Unresolvable};
pub use requirement::{Requirement, RequirementError, RichError};
pub use universe::{Universe, UniverseError};
pub use version::{Evr, VersionRange};
