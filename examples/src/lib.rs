//! Small programs that use mbs.
//!
//! - [`folder_builder`]: a builder of one's own, in one file.
//! - `build_a_module` (a program): a module build from its document to its end.

pub mod disk;
pub mod folder_builder;
pub mod repo;
pub mod submission;
