//! The fast scanner: one document of the subset of YAML that modulemd documents are written in.
//!
//! ```text
//! document -> block (maps, lists) -> flow ([..], {..})
//!                  |                   |
//!                  +-- plain, quoted, literal (scalars) --> Tape
//! ```
//!
//! Inside the subset are block and flow collections and all five styles of scalars, with comments and all three line
//! ends. Outside are anchors, aliases, tags, directives, keys that are no scalars, tabs between tokens, characters
//! that are not printable, and everything that is not YAML.
//!
//! The scanner owns no error messages: what it does not know for certain it gives up, and the chunk is read again by
//! libyaml. So the one rule it has to obey is that what it accepts is accepted by libyaml with an equal tape; the
//! rules below are libyaml's, also where YAML has others.
//!
//! It looks at each byte a bounded number of times, whatever the text is, and recurses at most as deep as the limit
//! on nesting allows.

mod block;
mod cursor;
mod document;
mod flow;
mod literal;
mod plain;
mod printable;
mod quoted;

#[cfg(test)]
mod property;
#[cfg(test)]
mod tests;

pub(super) use document::{Scanned, scan};
