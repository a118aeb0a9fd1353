//! `mbs gc`.

use super::rm::{is_in_use, remove};
use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::to_text;
use crate::session::Session;
use clap::Args;
use mbs_core::store::{BuildQuery, Page, Store as _, expired};
use serde_json::json;

/// Remove old builds, with their logs
///
/// Of each module stream the newest are kept: of the ready ones, and apart from these of the failed ones and of scratch
/// builds.
#[derive(Debug, Args)]
pub(crate) struct GcArgs {
    /// How many to keep of each kind
    #[arg(long, value_name = "N")]
    keep: usize,
    /// Also remove result folders
    #[arg(long)]
    results: bool,
    /// Only tell what would be removed
    #[arg(long)]
    dry_run: bool,
}

pub(crate) async fn run(args: GcArgs, session: &Session) -> Result<Exit, CliError> {
    let store = session.store()?;
    let (all, _) = store.find(&BuildQuery::default(), Page::ALL).await?;
    let mut removed = Vec::new();
    for id in expired(&all, args.keep) {
        if !args.dry_run {
            let build = store.load(id).await?;
            match remove(&build, args.results, session).await {
                Ok(()) => {}
                Err(error) if is_in_use(&error) => {
                    session.output.note(&format!("kept: {error}"));
                    continue;
                }
                Err(error) => return Err(error),
            }
        }
        removed.push(id);
    }
    if session.output.format == Format::Json {
        session.result(&to_text(&json!({ "removed": removed, "dry_run": args.dry_run }))?)?;
    } else {
        let what = if args.dry_run { "would remove" } else { "removed" };
        for id in &removed {
            let nsvc = all.iter().find(|build| build.id == *id).map(|build| build.nsvc.to_string());
            session.result(&format!("{what} build {id} of {}", nsvc.unwrap_or_default()))?;
        }
    }
    Ok(Exit::Success)
}
