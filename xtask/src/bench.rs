//! `bench`: the one way to run a benchmark.

use crate::cli::BenchOptions;
use crate::error::TaskError;
use crate::{command, out, workspace};

/// Runs one benchmark with optimisation, or lists them.
pub(crate) fn run(options: &BenchOptions) -> Result<(), TaskError> {
    let known = names()?;
    let Some(name) = &options.name else {
        for name in &known {
            out::say(name);
        }
        return Ok(());
    };
    if !known.contains(name) {
        let there_is = if known.is_empty() { "none".to_owned() } else { known.join(", ") };
        return Err(TaskError::Usage(format!("no benchmark `{name}`; there is: {there_is}")));
    }
    let mut cargo = command::cargo("run");
    cargo.args(["--quiet", "--release", "--package", "mbs-benches", "--bin", name, "--", "--format"]);
    command::run(cargo.arg(&options.format).args(&options.args))
}

/// The benchmarks are the binaries of the package `benches`.
fn names() -> Result<Vec<String>, TaskError> {
    let folder = workspace::root().join("benches/src/bin");
    let mut names = Vec::new();
    if !folder.exists() {
        return Ok(names);
    }
    for entry in std::fs::read_dir(&folder).map_err(TaskError::io("list", &folder))? {
        let path = entry.map_err(TaskError::io("list", &folder))?.path();
        let is_binary = path.extension().is_some_and(|ext| ext == "rs") || path.join("main.rs").is_file();
        if is_binary && let Some(name) = path.file_stem().and_then(|name| name.to_str()) {
            names.push(name.to_owned());
        }
    }
    names.sort();
    Ok(names)
}
