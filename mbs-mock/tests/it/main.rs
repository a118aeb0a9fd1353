//! Tests of the crate against the real programs: what a sandbox holds off and lets through, and what is made in it.

#![expect(clippy::panic, clippy::print_stderr, reason = "helpers of tests fail loudly and say what they skip")]

mod conformance;
mod death;
mod dependencies;
mod host;
mod modules;
mod ordinary;
mod repository;
mod rpm_files;
mod rpmbuild;
mod sandbox;
mod support;
mod workshop;
