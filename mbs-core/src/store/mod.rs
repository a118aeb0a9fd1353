//! Where builds are kept: the log that is the truth, the effects that wait, and the slots that are taken.

mod error;
mod memory;
mod notes;
mod part;
mod place;
mod provider;
mod query;
mod retention;
mod store_trait;

pub use error::StoreError;
pub use memory::MemoryStore;
pub use notes::{ModuleNotes, StoredModule};
pub use part::SubmitPart;
pub use place::{Sibling, place};
pub use provider::StoreProvider;
pub use query::{BuildQuery, BuildSummary, Page};
pub use retention::expired;
pub use store_trait::{Append, Appended, Created, Lease, SlotToken, Slots, Store};
