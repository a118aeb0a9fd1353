//! The mbs command line: parses, calls the engine, renders. No rule is decided here.

mod backend;
mod cli;
mod commands;
mod config;
mod duration;
mod environment;
mod error;
mod exit;
mod graphviz;
mod logs;
mod output;
mod run;
mod session;
mod submission;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    output::tell_of_bugs();
    let cli = cli::Cli::parse();
    cli.run().into()
}
