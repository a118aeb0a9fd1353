//! RPMs from rpm and rpmbuild alone, over the host's files.
//!
//! ```text
//!  host package, RPMs --create_tree, install--> tree/
//!  tree/ over the host's --source_rpm--> srpm/*.src.rpm    (what it requires: the caller finds packages for that)
//!  tree/ over the host's /usr, /etc, ... --build--> result/*.rpm
//! ```
//!
//! Every step runs in a [`crate::sandbox`]. Equal inputs give equal bytes: paths inside never change, times, owners,
//! modes of sources and host name are fixed.
//!
//! What it is not: a clean root of a distribution. Build requirements that the host fulfils by chance are not missed,
//! and libraries of the host decide which symbol versions packages require.

mod error;
mod failure;
mod layout;
mod macros;
mod steps;
mod tail;

pub use error::RunnerError;
pub use failure::{Blame, FailureKind, analyse, undefined_macro};
pub use steps::{BuildRequires, Built, Input, RpmBuild, Settings, StepContext};
pub use tail::{last_lines, read_tail};
