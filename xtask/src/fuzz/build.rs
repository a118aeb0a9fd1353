//! Building the program with coverage.

use std::path::PathBuf;

use crate::error::TaskError;
use crate::{command, workspace};

/// What `cargo fuzz` would pass, without the address sanitizer, which the stable toolchain does not have: edges of the
/// control flow counted in a byte each, the table that names them, and compared values told to the fuzzer.
const COVERAGE: &str = "-Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares --cfg fuzzing";

/// Everything that fuzzing makes.
pub(super) fn folder() -> PathBuf {
    workspace::target_dir().join("fuzz")
}

/// Builds the program and returns where it is.
pub(super) fn run() -> Result<PathBuf, TaskError> {
    // With `--target` the flags do not reach build scripts and macros.
    let version = command::output(command::program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.ok_or_else(|| TaskError::Check("`rustc -vV` names no host".into()))?;
    let mut cargo = command::cargo("build");
    cargo.args(["--quiet", "--release", "--manifest-path", "fuzz/Cargo.toml", "--target", host]);
    cargo.arg("--target-dir").arg(folder()).env("RUSTFLAGS", COVERAGE);
    command::run(&mut cargo)?;
    Ok(folder().join(host).join("release/fuzz"))
}
