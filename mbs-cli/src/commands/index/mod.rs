//! `mbs index`: work on the module documents of repositories.

mod attach;
mod from_repo;
mod load;
mod text;

use crate::error::CliError;
use crate::exit::Exit;
use crate::session::Session;
use clap::{Args, Subcommand};

/// Work on module documents: those of a repository, or of files
#[derive(Debug, Args)]
pub(crate) struct IndexArgs {
    #[command(subcommand)]
    command: IndexCommand,
}

#[derive(Debug, Subcommand)]
enum IndexCommand {
    FromRepo(from_repo::FromRepoArgs),
    Attach(attach::AttachArgs),
}

pub(crate) async fn run(args: IndexArgs, session: &Session) -> Result<Exit, CliError> {
    match args.command {
        IndexCommand::FromRepo(args) => from_repo::run(&args, session).await,
        IndexCommand::Attach(args) => attach::run(&args, session),
    }
}
