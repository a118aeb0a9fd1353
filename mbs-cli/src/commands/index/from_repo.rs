//! `mbs index from-repo`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::session::Session;
use clap::Args;

/// Show the module documents that a repository offers
#[derive(Debug, Args)]
pub(crate) struct FromRepoArgs {
    /// Folder with `repodata`, or its address: `file://`, `http://`, `https://`
    #[arg(value_name = "DIR_OR_URL")]
    repository: String,
}

#[expect(clippy::unused_async, reason = "repositories are fetched here")]
pub(crate) async fn run(args: &FromRepoArgs, _session: &Session) -> Result<Exit, CliError> {
    Err(CliError::usage(format!("`{}` cannot be read yet", args.repository)))
}
