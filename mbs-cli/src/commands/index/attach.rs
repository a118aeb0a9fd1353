//! `mbs index attach`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::session::Session;
use clap::Args;
use std::path::PathBuf;

/// Put module documents into the metadata of a repository, in place of those it has
#[derive(Debug, Args)]
pub(crate) struct AttachArgs {
    /// Folder with `repodata`
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Files with the documents [default: `modules.yaml` in DIR, else every module document below DIR]
    #[arg(long, value_name = "FILE", num_args = 1..)]
    modules: Vec<PathBuf>,
}

pub(crate) fn run(args: &AttachArgs, _session: &Session) -> Result<Exit, CliError> {
    Err(CliError::usage(format!("`{}` and {} files cannot be joined yet", args.folder.display(), args.modules.len())))
}
