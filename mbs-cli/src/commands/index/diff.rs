//! `mbs index diff`.

use super::inputs::{ModeArgs, read_all, safe};
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::modulemd::diff;
use std::path::PathBuf;

/// Show what changed between two files of module documents
///
/// `+` stands before what came, `-` before what went, `~` before what changed. A new version that takes the place of an
/// older one of the same stream, context and architecture counts as a change. The order of documents, comments and the
/// form of the text do not count.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// The file before
    #[arg(value_name = "OLD")]
    old: PathBuf,
    /// The file after
    #[arg(value_name = "NEW")]
    new: PathBuf,
    /// End with code 1 if anything changed
    #[arg(long)]
    exit_code: bool,
    #[command(flatten)]
    mode: ModeArgs,
}

pub(crate) fn run(args: &DiffArgs, session: &Session) -> Result<Exit, CliError> {
    let inputs = read_all(&[args.old.clone(), args.new.clone()], &args.mode, session)?;
    let [old, new] = inputs.indexes.as_slice() else {
        return Err(CliError::usage("two files are compared"));
    };
    let difference = diff(&old.index, &new.index);
    if session.output.format == Format::Json {
        session.result(&to_text(&difference)?)?;
    } else {
        let lines: Vec<String> = difference.to_string().lines().map(safe).collect();
        session.result(&lines.join("\n"))?;
    }
    Ok(match () {
        () if inputs.errors > 0 => Exit::Malformed,
        () if args.exit_code && !difference.is_empty() => Exit::User,
        () => Exit::Success,
    })
}
