//! `fuzz`: libFuzzer over the targets of `mbs_testkit::fuzz`, on the stable toolchain.
//!
//! The package `fuzz` stands outside the workspace. It is built into `target/fuzz` with coverage; the machine-made
//! inputs stay there as well (`corpus/TARGET`), so that a later run goes on where this one ended. An input that showed
//! a defect is kept in `artifacts/TARGET`.

mod build;
mod options;
mod report;
mod run;
mod seeds;

pub(crate) use options::{FuzzOptions, parse};
pub(crate) use run::run;
