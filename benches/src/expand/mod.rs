//! What the benchmark `expand` is made of: universes of module builds, and a document to expand over each.

mod case;
mod document;
mod world;

pub use case::{CASES, Case};
pub use document::{BuildRequires, document};
pub use world::{World, document_of};
