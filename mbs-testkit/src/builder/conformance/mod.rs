//! The contract of [`GenericBuilder`](mbs_core::builder::GenericBuilder), one function for each rule of it.
//!
//! A builder is handed over as a [`BuilderFactory`]. [`run_all`] runs every rule; each is also there as a function of its
//! own, over a [`Suite`]. What a builder cannot do is skipped, and the [`Report`] says why.
//!
//! Every rule is checked twice: as it stands, and with [`Suite::dropping`], where the future of every call is dropped at
//! each of its await points, one after the other, and a newly opened instance goes on. The end must be the same. Calls
//! that fail for a passing reason are repeated, so the suite also runs over a
//! [`FaultyBuilder`](super::FaultyBuilder).
//!
//! The suite runs on any executor. It waits by asking, with the clock of the factory.

pub mod cancel;
pub mod connect;
mod factory;
pub mod finalize;
pub mod publish;
pub mod queries;
pub mod recover;
mod report;
pub mod reuse;
mod run;
pub mod status;
pub mod submit;
mod suite;
pub mod wakeups;

pub use factory::{BuilderFactory, Part, RepoContent};
pub use report::{Checked, Report, Stop, Verdict};
pub use run::{Ended, Run};
pub use suite::{Suite, run_all};
