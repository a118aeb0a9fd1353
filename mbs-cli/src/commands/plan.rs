//! `mbs plan`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::graphviz::svg;
use crate::output::{BuildView, PlanView, explanation_json, plan_dot, plan_json, plan_text, why_json};
use crate::session::Session;
use crate::submission::{Asked, SourceArgs, Wishes, ask};
use clap::Args;
use mbs_core::macros::{MacrosInput, ModuleBuildMacros};
use mbs_core::resolve::Explanation;
use mbs_core::store::{BuildQuery, Page, Sibling, Store as _};
use mbs_core::submit::{Foreseen, PlannedBuild, Submissions, foresee};
use mbs_core::{BuildId, ModuleName, StreamName};
use std::path::PathBuf;

/// Show what a build would do, and why: every context with what it is built against, batches, names, reuse, macros
///
/// Nothing is built and nothing is stored.
#[derive(Debug, Args)]
pub(crate) struct PlanArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Show the plan of a scratch build
    #[arg(long)]
    scratch: bool,
    /// Tell why builds of this module are taken or left
    #[arg(long, value_name = "MODULE[:STREAM]", conflicts_with = "explain")]
    why: Option<String>,
    /// Tell of every build that was looked at why it is taken or left; with `--format dot` or `svg` as a graph
    #[arg(long)]
    explain: bool,
    /// Write every choice of the submission, of all its contexts, to this file: modules and what they offer, commits,
    /// look-aside checksums, platform; `--locked` repeats it
    #[arg(long, value_name = "FILE", conflicts_with_all = ["why", "explain", "locked"])]
    lock: Option<PathBuf>,
}

pub(crate) async fn run(args: PlanArgs, session: &Session) -> Result<Exit, CliError> {
    let wishes = Wishes { scratch: args.scratch, preview: true, lock: args.lock.clone(), ..Wishes::default() };
    let asked = ask(&args.source, wishes, session).await?;
    if let Some(text) = &args.why {
        return why(text, &asked, session).await;
    }
    if args.explain {
        return explain(&asked, session).await;
    }
    let submissions = asked.plan(session).await?;
    let foreseen = foreseen(&submissions, &asked, session).await?;
    let mut builds = Vec::with_capacity(foreseen.len());
    for (planned, foreseen) in submissions.builds.iter().zip(&foreseen) {
        builds.push(BuildView { planned, foreseen, macros: macros(planned, foreseen)? });
    }
    let view = PlanView { builds, warnings: &submissions.warnings };
    match session.output.format {
        Format::Text | Format::Sarif => session.result(&plan_text(&view))?,
        Format::Json => session.result(&plan_json(&view)?)?,
        Format::Dot => session.result(&plan_dot(&view))?,
        Format::Svg => session.output.raw(&svg(plan_dot(&view))?)?,
    }
    Ok(Exit::Success)
}

/// The macro file that the build would get.
fn macros(planned: &PlannedBuild, foreseen: &Foreseen) -> Result<String, CliError> {
    let request = &planned.new.request;
    let macros = ModuleBuildMacros::new(&MacrosInput {
        nsvc: &foreseen.header.nsvc,
        disttag: &foreseen.names.disttag,
        author_macros: &request.macros,
        conflicts: &[],
        epoch: request.source_epoch,
    })
    .map_err(|error| CliError::Macros(error.to_string()))?;
    Ok(macros.macros().to_owned())
}

/// How the builds would stand in the store if they were submitted now. A plan alone makes no state folder.
async fn foreseen(submissions: &Submissions, asked: &Asked, session: &Session) -> Result<Vec<Foreseen>, CliError> {
    let mut next = BuildId(1);
    let mut siblings = Vec::with_capacity(submissions.builds.len());
    if session.has_state()? {
        let store = session.store()?;
        let newest = store.find(&BuildQuery::default(), Page { offset: 0, limit: 1 }).await?.0;
        next = BuildId(newest.first().map_or(1, |newest| newest.id.0 + 1));
        for build in &submissions.builds {
            let query = BuildQuery { context: None, ..BuildQuery::nsvc(&build.new.nsvc) };
            let found = store.find(&query, Page::ALL).await?.0.into_iter();
            let sibling = |one: mbs_core::store::BuildSummary| Sibling {
                id: one.id,
                context: one.nsvc.context,
                scratch: one.scratch,
                state: one.state,
            };
            siblings.push(found.map(sibling).collect());
        }
    }
    Ok(foresee(&submissions.builds, &siblings, next, asked.bases(), session.clock.now())?)
}

async fn why(text: &str, asked: &Asked, session: &Session) -> Result<Exit, CliError> {
    let bad = |error: mbs_core::NameError| CliError::usage(format!("`--why`: {error}"));
    let (name, stream) = text.split_once(':').map_or((text, None), |(name, stream)| (name, Some(stream)));
    let name = ModuleName::new(name).map_err(bad)?;
    let stream = stream.map(StreamName::new).transpose().map_err(bad)?;
    let all: Vec<_> = asked.explain().await?.iter().map(|one| one.why(&name, stream.as_ref())).collect();
    session.result(&match session.output.format {
        Format::Json => why_json(&all)?,
        Format::Text | Format::Sarif | Format::Dot | Format::Svg => {
            all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
        }
    })?;
    let failed = all.iter().any(|one| one.failure.is_some());
    Ok(if failed { Exit::Unresolved } else { Exit::Success })
}

async fn explain(asked: &Asked, session: &Session) -> Result<Exit, CliError> {
    let all = asked.explain().await?;
    let dot = || all.iter().map(Explanation::to_dot).collect::<Vec<_>>().join("\n");
    match session.output.format {
        Format::Json => session.result(&explanation_json(&all)?)?,
        Format::Dot => session.result(&dot())?,
        Format::Svg => session.output.raw(&svg(dot())?)?,
        Format::Text | Format::Sarif => {
            session.result(&all.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        }
    }
    let failed = all.iter().any(|one| one.failure.is_some());
    Ok(if failed { Exit::Unresolved } else { Exit::Success })
}
