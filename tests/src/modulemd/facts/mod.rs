//! What a document says, as plain JSON: one member for each value that a getter of libmodulemd gives.

mod compare;
mod document;
mod index;
mod keys;
mod parts;
mod stream;
mod xmd;

pub use compare::{first_difference, sorted};
pub use document::document;
pub use index::index;
pub use keys::{keys, with_intents};
