//! Programs that are measured: this one again, and the peers.

use std::error::Error;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// How long a job is repeated.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Iterations before the measured ones.
    pub warm_up: u64,
    /// Iterations at least.
    pub at_least: u64,
    /// Processor time to spend at least.
    pub milliseconds: u64,
}

/// Something to start with a job as its arguments.
#[derive(Debug, Clone)]
pub struct Program {
    /// What it is called in the table.
    pub name: &'static str,
    path: PathBuf,
    first: Option<&'static str>,
}

/// What a measured loop costs per iteration.
#[derive(Debug, Clone, Copy)]
pub struct Answer {
    /// Milliseconds in user mode, the mean of the loop.
    pub user: f64,
    /// Milliseconds of the fastest iteration, time in the kernel included.
    pub best: f64,
    /// Instructions in user mode; `None` where they cannot be counted.
    pub instructions: Option<f64>,
}

/// The argument that makes this program do a job instead of measuring one.
pub(super) const SERVE: &str = "--job";

impl Program {
    /// This program.
    pub fn ours() -> std::io::Result<Self> {
        Ok(Self { name: "mbs", path: std::env::current_exe()?, first: Some(SERVE) })
    }

    /// Another one that takes the same jobs.
    pub(super) fn peer(name: &'static str, path: PathBuf) -> Self {
        Self { name, path, first: None }
    }

    /// This program in the place of a peer.
    pub(super) fn ours_as(name: &'static str) -> std::io::Result<Self> {
        Ok(Self { name, ..Self::ours()? })
    }

    /// Repeats a job in a process of its own.
    pub fn run(&self, job: &str, effort: &Effort, files: &[&Path]) -> Result<Answer, Box<dyn Error>> {
        let figures = self.ask(job, effort, files)?;
        let [user, best, instructions, _result] = figures.as_slice() else {
            return Err(format!("`{}` answered {figures:?} to `{job}`", self.name).into());
        };
        let instructions = (*instructions > 0.0).then_some(*instructions);
        Ok(Answer { user: user / 1e6, best: best / 1e6, instructions })
    }

    /// By how many bytes a fresh process grows.
    pub fn memory(&self, file: &Path) -> Result<f64, Box<dyn Error>> {
        let figures = self.ask("memory", &Effort { warm_up: 0, at_least: 1, milliseconds: 0 }, &[file])?;
        figures.first().copied().ok_or_else(|| format!("`{}` did not answer", self.name).into())
    }

    #[expect(clippy::disallowed_methods, reason = "each job is measured in a process of its own")]
    fn ask(&self, job: &str, effort: &Effort, files: &[&Path]) -> Result<Vec<f64>, Box<dyn Error>> {
        let mut command = Command::new(&self.path);
        command.args(self.first).arg(job).stdin(Stdio::null());
        let numbers = [effort.warm_up, effort.at_least, effort.milliseconds];
        command.args(numbers.map(|number| OsString::from(number.to_string()))).args(files);
        let output = command.output()?;
        if !output.status.success() {
            let told = String::from_utf8(output.stderr)?;
            return Err(format!("`{}` failed at `{job}`: {}", self.name, told.trim()).into());
        }
        let text = String::from_utf8(output.stdout)?;
        Ok(text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
    }
}
