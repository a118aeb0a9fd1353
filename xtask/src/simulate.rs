//! `simulate`: the engine against seeds, with optimisation.

use std::ffi::OsString;

use crate::command;
use crate::error::TaskError;

/// Runs the simulator; it reads and checks the options itself.
pub(crate) fn run(args: &[OsString]) -> Result<(), TaskError> {
    let mut cargo = command::cargo("run");
    cargo.args([
        "--quiet",
        "--release",
        "--package",
        "mbs-testkit",
        "--no-default-features",
        "--bin",
        "simulate",
        "--",
    ]);
    command::run(cargo.args(args))
}
