//! Programs that are measured: this one again, and the peers.

use crate::build;
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

/// By how many bytes a process grew.
#[derive(Debug, Clone, Copy)]
pub struct Growth {
    /// The most it held resident.
    pub peak: f64,
    /// What it still held in the end and had made itself.
    pub own: f64,
    /// What it still held in the end of its program and its libraries.
    pub files: f64,
}

/// The argument that makes this program do a job instead of measuring one.
pub(super) const SERVE: &str = "--job";

impl Program {
    /// This program.
    pub fn ours() -> std::io::Result<Self> {
        Ok(Self { name: "mbs", path: std::env::current_exe()?, first: Some(SERVE) })
    }

    /// The small one that knows only the job `memory`; it is built if it is not yet.
    pub fn ours_for_memory() -> Result<Self, Box<dyn Error>> {
        Ok(Self { name: "mbs", path: build("mbs-benches", "modulemd-memory")?, first: None })
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

    /// By how much a fresh process grows when it reads a file into memory and makes an index of it.
    pub fn memory(&self, file: &Path) -> Result<Growth, Box<dyn Error>> {
        let figures = self.ask("memory", &Effort { warm_up: 0, at_least: 1, milliseconds: 0 }, &[file])?;
        let [peak, _result, own, files] = figures.as_slice() else {
            return Err(format!("`{}` answered {figures:?} to `memory`", self.name).into());
        };
        Ok(Growth { peak: *peak, own: *own, files: *files })
    }

    /// The version of the library that a peer links.
    pub fn version(&self) -> Result<String, Box<dyn Error>> {
        self.output(&["version".into()]).map(|text| text.trim().to_owned())
    }

    fn ask(&self, job: &str, effort: &Effort, files: &[&Path]) -> Result<Vec<f64>, Box<dyn Error>> {
        let numbers = [effort.warm_up, effort.at_least, effort.milliseconds];
        let mut arguments = vec![OsString::from(job)];
        arguments.extend(numbers.map(|number| OsString::from(number.to_string())));
        arguments.extend(files.iter().map(OsString::from));
        let text = self.output(&arguments).map_err(|error| format!("`{}` failed at `{job}`: {error}", self.name))?;
        Ok(text.split_whitespace().map(str::parse).collect::<Result<_, _>>()?)
    }

    #[expect(clippy::disallowed_methods, reason = "each job is measured in a process of its own")]
    fn output(&self, arguments: &[OsString]) -> Result<String, Box<dyn Error>> {
        let output = Command::new(&self.path).args(self.first).args(arguments).stdin(Stdio::null()).output()?;
        if output.status.success() {
            return Ok(String::from_utf8(output.stdout)?);
        }
        Err(String::from_utf8(output.stderr)?.trim().into())
    }
}
