//! `mbs man`.

use crate::cli::Cli;
use crate::error::CliError;
use crate::exit::Exit;
use clap::{Args, CommandFactory as _};
use std::path::PathBuf;

/// Write the manual pages into a folder
#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder; made if it does not exist
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

pub(crate) fn run(args: &ManArgs) -> Result<Exit, CliError> {
    std::fs::create_dir_all(&args.dir).map_err(CliError::file("make the folder", &args.dir))?;
    clap_mangen::generate_to(Cli::command(), &args.dir).map_err(CliError::file("write to", &args.dir))?;
    Ok(Exit::Success)
}
