//! `module-build-macros`: the package that is built first and makes all others of the module modular.
//!
//! It installs one macro file with the dist tag, the module's identity and the packager's own macros, and conflicts
//! with the packages that a buildroot of this module must not hold. This folder makes its texts; [`crate::srpm`]
//! makes the source package, rpmbuild the rest.

mod conflict;
mod error;
mod package;
mod support;

pub use conflict::{ConflictSource, Conflicts};
pub use error::MacrosError;
pub use package::{MACROS_FILE, MACROS_SOURCE, MACROS_VERSION, MacrosInput, ModuleBuildMacros};
pub use support::{SUPPORT_MACROS, SupportMacro, support_macros, support_probe};
