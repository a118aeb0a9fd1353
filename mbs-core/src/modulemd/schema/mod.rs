//! A JSON Schema (draft 2020-12) for each kind of document, for editors and for other programs.
//!
//! ```text
//! model types --serde--> probe (which keys, which kinds of values) --+--> schema
//! texts that describe the keys, rules on single values --------------+
//!                          \--> shapes --> the editor: where a new key goes, how its value is written
//! ```
//!
//! What keys there are and of which kind is asked of the very code that reads documents, so that the two cannot drift
//! apart; the order of its keys is the writer's, which another test sees to. A test fails when a key has no description,
//! or a description no key. The schema describes a document as any YAML reader loads it, before this reader's rules
//! between values: whatever strict reading accepts is valid, and of what it refuses only that which breaks rules between
//! values, or the calendar.

mod describe;
mod probe;
mod render;
mod rules;
mod shapes;

#[cfg(test)]
mod tests;

pub use render::schema;

pub(crate) use probe::Shape;
pub(crate) use shapes::shapes;
