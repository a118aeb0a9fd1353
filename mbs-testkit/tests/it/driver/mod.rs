//! The driver of the core over the memory builder and the memory store.

mod bench;
mod failures;
mod limits;
mod order;
mod outside;
mod reuse;
