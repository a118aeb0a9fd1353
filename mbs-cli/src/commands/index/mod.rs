//! `mbs index`: work on the module documents of repositories.

mod attach;
mod diff;
mod from_repo;
mod inputs;
mod load;
mod merge;
mod output_file;
mod search;
mod show;
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
    Show(show::ShowArgs),
    Merge(merge::MergeArgs),
    Search(search::SearchArgs),
    Diff(diff::DiffArgs),
    FromRepo(from_repo::FromRepoArgs),
    Attach(attach::AttachArgs),
}

pub(crate) async fn run(args: IndexArgs, session: &Session) -> Result<Exit, CliError> {
    match args.command {
        IndexCommand::Show(args) => show::run(&args, session),
        IndexCommand::Merge(args) => merge::run(&args, session),
        IndexCommand::Search(args) => search::run(&args, session),
        IndexCommand::Diff(args) => diff::run(&args, session),
        IndexCommand::FromRepo(args) => from_repo::run(&args, session).await,
        IndexCommand::Attach(args) => attach::run(&args, session),
    }
}
