//! The modulemd reader beside libmodulemd: the same texts to both, the same facts from both.
//!
//! ```text
//! text -> mbs_core::modulemd -> model -> facts -+
//!                                               +-> equal, or a deliberate difference with an id
//! text -> libmodulemd (child) -> getters -> facts -+
//! ```
//!
//! The facts of a document are plain JSON: one member for each value that a getter of libmodulemd gives.

pub mod difference;
pub mod explain;
pub mod facts;
pub mod mutate;
pub mod ours;
pub mod peer;
pub mod rules;
