//! `mbs builds`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{SummaryJson, table, to_text};
use crate::session::Session;
use chrono::SecondsFormat;
use clap::Args;
use mbs_core::build::ModuleState;
use mbs_core::store::{BuildQuery, BuildSummary, Page, Store as _};
use mbs_core::{ModuleName, Owner, StreamName};
use serde_json::json;

/// List builds, the newest first
#[derive(Debug, Args)]
pub(crate) struct BuildsArgs {
    /// In this state, by name or number; may be given several times
    #[arg(long, value_name = "STATE", value_parser = state)]
    state: Vec<ModuleState>,
    /// Of this module
    #[arg(long, value_name = "NAME")]
    name: Option<ModuleName>,
    /// Of this stream
    #[arg(long, value_name = "STREAM")]
    stream: Option<StreamName>,
    /// Asked for by this user
    #[arg(long, value_name = "USER")]
    owner: Option<Owner>,
    /// How many to show
    #[arg(long, value_name = "N", default_value_t = 20)]
    limit: u64,
    /// Which part to show, of as many builds as the limit says
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..))]
    page: u64,
}

fn state(text: &str) -> Result<ModuleState, String> {
    let number = || text.parse().ok().and_then(ModuleState::from_number);
    ModuleState::from_name(text).or_else(number).ok_or_else(|| {
        let names: Vec<_> = ModuleState::ALL.into_iter().map(ModuleState::name).collect();
        format!("expected one of {}", names.join(", "))
    })
}

pub(crate) async fn run(args: BuildsArgs, session: &Session) -> Result<Exit, CliError> {
    let query = BuildQuery {
        name: args.name,
        stream: args.stream,
        owner: args.owner,
        states: args.state,
        ..BuildQuery::default()
    };
    let page = Page { offset: (args.page - 1).saturating_mul(args.limit), limit: args.limit };
    let (builds, total) = session.store()?.find(&query, page).await?;
    if session.output.format == Format::Json {
        let builds: Vec<_> = builds.iter().map(SummaryJson::of).collect();
        session.result(&to_text(&json!({ "builds": builds, "total": total }))?)?;
        return Ok(Exit::Success);
    }
    if builds.is_empty() {
        session.output.note("no builds");
        return Ok(Exit::Success);
    }
    let rows: Vec<_> = builds.iter().map(row).collect();
    session.result(&table(["ID", "MODULE", "STATE", "BUILT", "OWNER", "SUBMITTED"], &rows))?;
    if (builds.len() as u64) < total {
        session.output.note(&format!("{} of {total} builds; `--page` and `--limit` show others", builds.len()));
    }
    Ok(Exit::Success)
}

fn row(build: &BuildSummary) -> [String; 6] {
    [
        build.id.to_string(),
        build.nsvc.to_string(),
        build.state.to_string(),
        if build.imported { "imported".to_owned() } else { format!("{}/{}", build.complete, build.components) },
        build.owner.to_string(),
        build.submitted.to_rfc3339_opts(SecondsFormat::Secs, true),
    ]
}
