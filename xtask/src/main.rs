//! Tasks of the workspace: set-up, demonstration, tests and checks.
//!
//! `cargo xtask TASK` runs this program. It depends on the standard library alone, so that it compiles on a machine
//! that has nothing but Rust and its linker; what a task needs beside that, the task installs.

mod bench;
mod check;
mod ci;
mod cli;
mod command;
mod demo;
mod error;
mod fuzz;
mod host;
mod out;
mod simulate;
mod test;
mod workspace;

use std::process::ExitCode;

use cli::Task;
use error::TaskError;

fn main() -> ExitCode {
    let task = match cli::parse(std::env::args_os().skip(1)) {
        Ok(task) => task,
        Err(err) => {
            out::note(&format!("error: {err}\n\n{}", cli::USAGE));
            return ExitCode::from(2);
        }
    };
    match dispatch(task) {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            out::note(&format!("error: {err}"));
            ExitCode::FAILURE
        }
    }
}

fn dispatch(task: Task) -> Result<(), TaskError> {
    match task {
        Task::Help => {
            out::say(cli::USAGE);
            Ok(())
        }
        Task::Demo(options) => demo::run(&options),
        Task::Test(options) => test::run(&options).map(|_| ()),
        Task::Ci(options) => ci::run(options),
        Task::CheckSize => check::size::run(),
        Task::CheckCore => check::core::run(),
        Task::CheckBans => check::bans::run(),
        Task::Bench(options) => bench::run(&options),
        Task::Fuzz(options) => fuzz::run(&options),
        Task::Simulate(args) => simulate::run(&args),
    }
}
