//! `mbs show`.

use crate::backend;
use crate::cli::Format;
use crate::duration;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{BuildJson, details, state_text, table, to_text};
use crate::session::Session;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::{ModuleBuild, ModuleState};
use mbs_core::store::Store as _;

/// Show a build and its components
#[derive(Debug, Args)]
pub(crate) struct ShowArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
}

pub(crate) async fn run(args: &ShowArgs, session: &Session) -> Result<Exit, CliError> {
    let build = session.store()?.load(BuildId(args.id)).await?;
    match session.output.format {
        Format::Json => session.result(&to_text(&BuildJson::of(&build, session)?)?)?,
        Format::Text | Format::Dot | Format::Svg | Format::Sarif => session.result(&text(&build, session))?,
    }
    Ok(Exit::Success)
}

fn text(build: &ModuleBuild, session: &Session) -> String {
    let time = |time: DateTime<Utc>| time.to_rfc3339_opts(SecondsFormat::Secs, true);
    let header = build.header();
    let built = matches!(build.state(), ModuleState::Done | ModuleState::Ready);
    let repository = built.then(|| backend::repository(build.request(), &header.folder, session)).and_then(Result::ok);
    let host = built.then(|| backend::host_repository(build.request(), build.id(), session)).flatten();
    let imported = build.request().imported;
    let closing = build.closing().len();
    let mut text = details(&[
        ("build", Some(build.id().to_string())),
        ("module", Some(build.nsvc().to_string())),
        ("state", Some(build.state().to_string())),
        ("reason", build.reason().map(str::to_owned)),
        ("blame", build.failure().map(|failure| failure.blame.to_string())),
        ("ending", (closing > 0).then(|| format!("{closing} tasks"))),
        ("owner", Some(build.owner().to_string())),
        ("scratch", header.scratch.then(|| "yes".to_owned())),
        ("imported", imported.then(|| "yes, nothing of it was built here".to_owned())),
        ("backend", (!imported).then(|| build.request().backend.clone())),
        ("source", build.request().scmurl.clone()),
        ("submitted", Some(time(header.submitted))),
        ("completed", build.completed().map(time)),
        ("repository", repository.map(|path| path.display().to_string())),
        ("host repository", host.map(|path| path.display().to_string())),
    ]);
    let rows: Vec<_> = build
        .components()
        .map(|(_, spec, component)| {
            let built = component.built.as_ref();
            [
                spec.batch.to_string(),
                spec.name.to_string(),
                state_text(component.state),
                built.and_then(|built| built.milliseconds).map(duration::shown).unwrap_or_default(),
                built.map(ToString::to_string).or_else(|| component.reason.clone()).unwrap_or_default(),
            ]
        })
        .collect();
    if !rows.is_empty() {
        text.push('\n');
        text.push_str(&table(["BATCH", "COMPONENT", "STATE", "TOOK", "RESULT"], &rows));
    }
    text
}
