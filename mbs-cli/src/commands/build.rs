//! `mbs build`.

use super::resume::{Turn, go_on};
use crate::backend;
use crate::cli::Format;
use crate::duration;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{BuildJson, Verbosity, to_text};
use crate::run::{Drive, drive, interrupt};
use crate::session::{Session, path_text};
use crate::submission::{SourceArgs, Wishes, ask};
use chrono::{Local, SecondsFormat};
use clap::Args;
use mbs_core::build::{BuildOptions, NewBuild};
use mbs_core::builder::GenericBuilder;
use mbs_core::store::{BuildQuery, Page, Store as _};
use mbs_core::submit::{AdmissionError, AdmissionPolicy, StoredBuild, StoringError, Submissions, store_builds};
use mbs_core::{BuildId, Nsvc};
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

/// The backend of a build, if it is open already.
type Backend = Arc<dyn GenericBuilder>;

/// Build a module
///
/// Builds every context of the module, or those that `--context` names, and prints the folder of the repository of each, one
/// a line. One that fails does not stop the others. A module that is built already is not built again, a failed build is resumed, a
/// running one is watched. With `--format json`, one build is an object and several are an array of these.
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
    /// Make a scratch build: it may be made again and again, takes nothing from earlier builds unless
    /// `--rebuild-strategy` says so, and is never a dependency
    #[arg(long, visible_alias = "again")]
    scratch: bool,
    /// For scratch builds: build this source package instead of the source of its component; repeat for more
    #[arg(long, value_name = "FILE", requires = "scratch", conflicts_with = "locked")]
    srpm: Vec<String>,
    /// Resolve the dependencies and refs of a failed build anew instead of going on with what was found out then
    #[arg(long)]
    refresh: bool,
}

pub(crate) async fn run(args: BuildArgs, session: &Session) -> Result<Exit, CliError> {
    let options = options(&args, session)?;
    let wishes = Wishes { scratch: args.scratch, srpms: args.srpm.clone(), options, ..Wishes::default() };
    let asked = ask(&args.source, wishes, session).await?;
    let submissions = asked.plan(session).await?;
    // What the machine lacks is told before anything is stored. A build that is there may need nothing of it.
    let mut builders = Vec::with_capacity(submissions.builds.len());
    for build in &submissions.builds {
        let known = is_known(&build.new, session).await?;
        builders.push(if known {
            None
        } else {
            backend::check_modules(&build.new.request)?;
            Some(backend::open(&build.new.request, session)?)
        });
    }
    let stored = store(&submissions, &args, session).await?;
    for (id, nsvc) in stored.iter().filter_map(Known::as_new) {
        session.output.note(&format!("build {id} of {nsvc}"));
    }
    let todo = stored.into_iter().zip(builders).collect();
    drive_all(todo, &args, session).await
}

/// Brings all builds to their ends, one after the other: their components are built side by side, as many as the machine can
/// carry. One that fails does not stop the others; Ctrl-C does. Gives the exit code of the first that did not go well.
async fn drive_all(todo: Vec<(Known, Option<Backend>)>, args: &BuildArgs, session: &Session) -> Result<Exit, CliError> {
    let ids: Vec<BuildId> = todo.iter().map(|(build, _)| build.id()).collect();
    let several = ids.len() > 1;
    let interrupt = interrupt(&ids, session)?;
    let mut worst = Exit::Success;
    for (build, builder) in todo {
        let id = build.id();
        if interrupt.is_asked() {
            worst = worst.worse(Exit::Interrupted);
            session.output.error(&format!("hint: `mbs resume {id}` goes on with build {id}\n"));
            continue;
        }
        if let Known::Kept(id) = build {
            tell_kept(args, id, session).await?;
        }
        // The files of an older build may be elsewhere.
        let builder = builder.filter(|_| matches!(build, Known::New(..)));
        let turn = Turn { interrupt: &interrupt, several };
        let exit = match go_on(id, &Drive { jobs: args.jobs, builder }, &turn, session).await {
            Err(error) if several && !error.is_closed_pipe() => {
                session.output.error(&error.render());
                error.exit()
            }
            answer => answer?,
        };
        worst = if exit == Exit::Interrupted { exit } else { worst.worse(exit) };
    }
    if several && session.output.format == Format::Json {
        let mut builds = Vec::with_capacity(ids.len());
        for id in ids {
            builds.push(BuildJson::of(&session.store()?.load(id).await?, session)?);
        }
        session.result(&to_text(&builds)?)?;
    }
    Ok(worst)
}

/// Whether a build of this identity is stored. The backend's folders are beside the state, so that stands first.
async fn is_known(new: &NewBuild, session: &Session) -> Result<bool, CliError> {
    Ok(session.store()?.find(&BuildQuery::nsvc(&new.nsvc), Page { offset: 0, limit: 1 }).await?.1 > 0)
}

/// What the store holds for a planned build.
enum Known {
    /// It was just stored.
    New(BuildId, Nsvc),
    /// It was stored before.
    Kept(BuildId),
}

impl Known {
    fn id(&self) -> BuildId {
        match self {
            Self::New(id, _) | Self::Kept(id) => *id,
        }
    }

    fn as_new(&self) -> Option<(BuildId, &Nsvc)> {
        match self {
            Self::New(id, nsvc) => Some((*id, nsvc)),
            Self::Kept(_) => None,
        }
    }
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

/// Stores the builds, or finds the stored ones of the same identities; tells which.
async fn store(submissions: &Submissions, args: &BuildArgs, session: &Session) -> Result<Vec<Known>, CliError> {
    let store = session.store()?;
    let new: Vec<NewBuild> = submissions.builds.iter().map(|build| build.new.clone()).collect();
    let strategy = args.source.rebuild_strategy.as_deref().and_then(|text| text.parse().ok());
    let policy = AdmissionPolicy { strategy, refresh: args.refresh };
    let stored = loop {
        match store_builds(&*store, &*session.clock, &new, policy).await {
            Ok(stored) => break stored,
            // All of them are there: that is what was asked for.
            Err(StoringError::Refused(AdmissionError::AllExist(existing))) => {
                for build in &existing {
                    let note = format!("build {} of {} exists already in state {}", build.id, build.nsvc, build.state);
                    session.output.note(&note);
                }
                return Ok(existing.into_iter().map(|build| Known::Kept(build.id)).collect());
            }
            // Whoever drove it last did not come to its end.
            Err(StoringError::NotResumable { build, .. } | StoringError::InUse { build, .. }) => {
                let interrupt = interrupt(&[build], session)?;
                drive(build, &Drive { jobs: args.jobs, builder: None }, &interrupt, session).await?;
            }
            Err(error) => return Err(error.into()),
        }
    };
    for build in &stored {
        if let StoredBuild::Created { header, replaced } = build {
            tell_submission(header.owner.as_str(), &header.nsvc.to_string(), session);
            if let Some(old) = replaced {
                session.output.note(&format!("build {} takes the place of failed build {old}", header.id));
                backend::forget(&header.request, *old, session)?;
            }
        }
    }
    Ok(stored.iter().map(|build| note(build, session)).collect())
}

fn note(build: &StoredBuild, session: &Session) -> Known {
    match build {
        StoredBuild::Created { header, .. } => Known::New(header.id, header.nsvc.clone()),
        StoredBuild::Resumed(build) => {
            session.output.note(&format!("build {} of {} failed before and goes on", build.id(), build.nsvc()));
            Known::Kept(build.id())
        }
        StoredBuild::Kept { id, nsvc, state } => {
            session.output.note(&format!("build {id} of {nsvc} exists already in state {state}"));
            Known::Kept(*id)
        }
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
