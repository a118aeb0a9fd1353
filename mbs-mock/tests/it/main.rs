//! Tests of the crate against the real programs.

mod dependencies;
mod host;
mod repository;
mod rpm_files;
mod workshop;
