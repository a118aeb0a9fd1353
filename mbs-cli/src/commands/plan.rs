//! `mbs plan`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{PlanView, plan_dot, plan_json, plan_text};
use crate::session::Session;
use crate::submission::{self, Measured, SourceArgs};
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::{BuildOptions, NewBuild};
use mbs_core::identity::{DEFAULT_DISTTAG_PREFIX, Disttag, disttag_index};
use mbs_core::macros::{MacrosInput, ModuleBuildMacros};
use mbs_core::store::{BuildQuery, Page, Store as _};
use mbs_core::submit::SubmitError;

/// Show what a build would do: batches, what each needs, dist tag, macros
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    source: SourceArgs,
}

pub(crate) async fn run(args: PlanArgs, session: &Session) -> Result<Exit, CliError> {
    let measured = |_, _| async { Ok(Measured::new()) };
    let submission = submission::read(&args.source, false, BuildOptions::default(), session, measured).await?;
    let new = &submission.new;
    let index = next_index(new, session).await?;
    let disttag = Disttag::new(DEFAULT_DISTTAG_PREFIX, new.request.marking.as_deref(), index, &new.nsvc)
        .map_err(SubmitError::from)?;
    let macros = ModuleBuildMacros::new(&MacrosInput {
        nsvc: &new.nsvc,
        disttag: &disttag,
        author_macros: &new.request.macros,
        conflicts: &[],
        epoch: new.request.source_epoch,
    })
    .map_err(|error| CliError::Macros(error.to_string()))?;
    let view = PlanView {
        nsvc: &new.nsvc,
        request: &new.request,
        disttag: disttag.to_string(),
        macros: macros.macros().to_owned(),
    };
    match session.output.format {
        Format::Text | Format::Sarif => session.result(&plan_text(&view))?,
        Format::Json => session.result(&plan_json(&view)?)?,
        Format::Dot => session.result(&plan_dot(&view))?,
    }
    Ok(Exit::Success)
}

/// The number that the dist tag would carry if the build were submitted now. A plan alone makes no state folder.
async fn next_index(new: &NewBuild, session: &Session) -> Result<BuildId, CliError> {
    if !session.has_state()? {
        return Ok(BuildId(1));
    }
    let store = session.store()?;
    let newest = store.find(&BuildQuery::default(), Page { offset: 0, limit: 1 }).await?.0;
    let next = BuildId(newest.first().map_or(1, |newest| newest.id.0 + 1));
    let siblings = BuildQuery { context: None, scratch: Some(false), ..BuildQuery::nsvc(&new.nsvc) };
    let (siblings, _) = store.find(&siblings, Page::ALL).await?;
    Ok(disttag_index(next, siblings.iter().map(|sibling| sibling.id)))
}
