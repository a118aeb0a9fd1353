//! Look-aside files: finding them in a cache, keeping one verified copy, putting them beside the spec.

mod at_commit;
mod layout;
mod list;
mod store;

pub(crate) use layout::candidates;
pub(crate) use list::read_lists;
pub(crate) use store::{Store, blocking};
