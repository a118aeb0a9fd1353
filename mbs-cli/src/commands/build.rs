//! `mbs build`.

use super::resume::go_on;
use crate::backend;
use crate::duration;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Verbosity;
use crate::run::Drive;
use crate::session::{Session, path_text};
use crate::submission::{self, Measured, SourceArgs};
use chrono::{Local, SecondsFormat};
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::{BuildOptions, NewBuild};
use mbs_core::store::{BuildQuery, Page, Store as _, StoreError};
use std::num::NonZeroUsize;
use std::path::PathBuf;

/// Build a module
///
/// Prints the folder of the repository. A module that is built already is not built again, a failed build is resumed, a
/// running one is watched.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    #[command(flatten)]
    source: SourceArgs,
    /// Folder that takes the result folder [default: ~/modulebuild/builds]
    #[arg(long, value_name = "DIR")]
    results: Option<PathBuf>,
    /// Folder to build components in [default: in the state folder]
    #[arg(long, value_name = "DIR")]
    work_dir: Option<PathBuf>,
    /// Components built at once [default: number of processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// After a failure, build everything that does not depend on what failed: matters with `buildafter` only, since a
    /// batch of `buildorder` depends on all earlier ones
    #[arg(short, long)]
    keep_going: bool,
    /// Time limit of one component, such as `90s`, `30m` or `2h` [default: none]
    #[arg(long, value_name = "TIME", value_parser = duration::parse)]
    timeout: Option<u64>,
    /// Make a scratch build: it may be made again and again, and is never a dependency
    #[arg(long)]
    again: bool,
}

pub(crate) async fn run(args: BuildArgs, session: &Session) -> Result<Exit, CliError> {
    let options = options(&args, session)?;
    let submission = submission::read(&args.source, args.again, options, session, |name, stream| async move {
        // What turns out to be malformed leaves nothing behind, not even an empty state.
        if session.has_state()? { Ok(session.store()?.durations(&name, &stream).await?) } else { Ok(Measured::new()) }
    })
    .await?;
    // The backend's folders are beside the state, so that stands first.
    let known = session.store()?.find(&BuildQuery::nsvc(&submission.new.nsvc), Page { offset: 0, limit: 1 }).await?.1;
    // What the machine lacks is told before anything is stored. A build that is there may need nothing of it.
    let builder = if known == 0 { Some(backend::open(&submission.new.request, session)?) } else { None };
    let (id, is_new) = store(&submission.new, session).await?;
    if !is_new {
        tell_kept(&args, id, session).await?;
    }
    // The files of an older build may be elsewhere.
    let builder = builder.filter(|_| is_new);
    go_on(id, &Drive { jobs: args.jobs, builder }, session).await
}

fn options(args: &BuildArgs, session: &Session) -> Result<BuildOptions, CliError> {
    let config = &session.config;
    let timeout_seconds = match (args.timeout, &config.timeout) {
        (Some(seconds), _) => Some(seconds),
        (None, Some(text)) => Some(duration::parse(text).map_err(CliError::usage)?),
        (None, None) => None,
    };
    let results = match &args.results {
        Some(path) => path.clone(),
        None => session.results_path()?,
    };
    let work_dir = args.work_dir.as_ref().or(config.work_dir.as_ref());
    Ok(BuildOptions {
        keep_going: args.keep_going || config.keep_going,
        timeout_seconds,
        results: Some(path_text(&results)?),
        work_dir: work_dir.map(|path| path_text(path)).transpose()?,
    })
}

/// Tells which options do not count because the build that exists was submitted with others.
async fn tell_kept(args: &BuildArgs, id: BuildId, session: &Session) -> Result<(), CliError> {
    let build = session.store()?.load(id).await?;
    let kept = &build.request().options;
    let as_text = |path: &Option<PathBuf>| path.as_ref().map(|path| path_text(path)).transpose();
    let text = |option: &str, value: &Option<String>| match value {
        Some(value) => format!("`{option} {value}`"),
        None => format!("no `{option}`"),
    };
    let mut told = Vec::new();
    for (option, asked, kept) in [
        ("--results", as_text(&args.results)?, &kept.results),
        ("--work-dir", as_text(&args.work_dir)?, &kept.work_dir),
        ("--timeout", args.timeout.map(seconds), &kept.timeout_seconds.map(seconds)),
    ] {
        if asked.is_some() && asked != *kept {
            told.push(text(option, kept));
        }
    }
    if args.keep_going && !kept.keep_going {
        told.push("no `--keep-going`".to_owned());
    }
    if !told.is_empty() {
        session.output.note(&format!("build {id} keeps the options that it was submitted with: {}", told.join(", ")));
    }
    Ok(())
}

fn seconds(count: u64) -> String {
    format!("{count}s")
}

/// Stores the build, or finds the stored one of the same identity; tells which.
async fn store(new: &NewBuild, session: &Session) -> Result<(BuildId, bool), CliError> {
    let store = session.store()?;
    match store.create(std::slice::from_ref(new), session.clock.now()).await {
        Ok(created) => {
            let header = created
                .into_iter()
                .next()
                .map(|created| created.header)
                .ok_or_else(|| StoreError::Medium("the store made no build and reported no error".to_owned()))?;
            tell_submission(header.owner.as_str(), &header.nsvc.to_string(), session);
            session.output.note(&format!("build {} of {}", header.id, header.nsvc));
            Ok((header.id, true))
        }
        Err(StoreError::Exists { id, state, nsvc }) => {
            session.output.note(&format!("build {id} of {nsvc} exists already in state {state}"));
            Ok((id, false))
        }
        Err(error) => Err(error.into()),
    }
}

/// Programs that start builds look for this line in this form.
fn tell_submission(owner: &str, nsvc: &str, session: &Session) {
    if session.output.terminal || session.output.verbosity == Verbosity::Quiet {
        return;
    }
    let time = session.clock.now().with_timezone(&Local).to_rfc3339_opts(SecondsFormat::Millis, false);
    session.output.note(&format!("{time} - MBS - INFO - The user \"{owner}\" submitted the build \"{nsvc}\""));
}
