//! Building a program that is measured.

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Builds a program of the workspace with optimisation; it lies beside this one then.
///
/// # Errors
/// It does not compile, or cargo cannot be started.
#[expect(clippy::disallowed_methods, reason = "the compiler of the programs that are measured")]
pub fn build(package: &str, program: &str) -> Result<PathBuf, Box<dyn Error>> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.args(["build", "--quiet", "--release", "--package", package, "--bin", program]);
    let output = build.current_dir(env!("CARGO_MANIFEST_DIR")).stdin(Stdio::null()).output()?;
    if !output.status.success() {
        return Err(format!("`{program}` does not build: {}", String::from_utf8(output.stderr)?).into());
    }
    Ok(std::env::current_exe()?.with_file_name(program))
}
