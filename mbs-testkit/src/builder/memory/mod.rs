//! A builder that builds nothing.
//!
//! ```text
//!   MemoryBuilder --+                      scripts: what becomes of each component
//!   reopened     ---+--> one shared world: tasks by key, what is tagged, what is in each repository
//!   its clones   --+                       hints to whoever listens
//! ```

mod builder;
mod hints;
mod inspect;
mod module;
mod script;
mod task;
mod world;

pub use builder::MemoryBuilder;
pub use inspect::{MemoryRepo, MemoryTask};
pub use script::{Ends, Outcome, Script};
