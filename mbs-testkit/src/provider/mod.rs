//! What every [`Provider`](mbs_core::resolve::Provider) has to do, and builds to try it with.

pub mod conformance;
mod sample;

pub use sample::{Sample, index_text, rest_item, sample, sidecar_text};
