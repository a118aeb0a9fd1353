//! What every [`Store`](mbs_core::store::Store) has to do, as functions that anybody can run.
//!
//! Each function takes a [`StoreFactory`] over an empty place of its own and panics when the rule in its name is broken.
//! [`store_conformance!`](crate::store_conformance) makes a test of each:
//!
//! ```
//! mbs_testkit::store_conformance!(mbs_testkit::store::MemoryFactory::default());
//! ```
//!
//! [`stay_equal`] goes on where the rules end: it does the same random things to two stores and compares all they tell.
#![expect(clippy::missing_panics_doc, reason = "a conformance function panics when the rule in its name is broken")]

pub mod appending;
pub mod creating;
pub mod effects;
mod events;
mod factory;
pub mod finding;
pub mod leases;
mod macros;
pub mod modules;
mod racing;
pub mod reading;
pub mod removing;
mod session;
pub mod submitting;
#[cfg(test)]
mod tests;
mod twins;

pub use events::any_event;
pub use factory::{MemoryFactory, StoreFactory};
pub use session::{Session, check_projections};
pub use twins::{assert_same, stay_equal};

#[doc(hidden)]
pub use futures::executor::block_on;
