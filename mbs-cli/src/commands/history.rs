//! `mbs history`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{entry_json, entry_text, table, to_text};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::store::Store as _;

/// Show every event of a build
#[derive(Debug, Args)]
pub(crate) struct HistoryArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
}

pub(crate) async fn run(args: &HistoryArgs, session: &Session) -> Result<Exit, CliError> {
    let store = session.store()?;
    let build = store.load(BuildId(args.id)).await?;
    let entries = store.history(build.id(), 0, u64::MAX).await?;
    if session.output.format == Format::Json {
        let entries = entries.iter().map(entry_json).collect::<Result<Vec<_>, _>>()?;
        session.result(&to_text(&entries)?)?;
    } else {
        let rows: Vec<_> = entries.iter().map(|entry| entry_text(entry, &build)).collect();
        session.result(&table(["NO", "TIME", "EVENT", "ABOUT"], &rows))?;
    }
    Ok(Exit::Success)
}
