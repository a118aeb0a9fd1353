//! `mbs cancel`.

use crate::cli::Format;
use crate::error::CliError;
use crate::exit::Exit;
use crate::output::{BuildJson, to_text};
use crate::run::{Drive, Driven, drive, interrupt};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::Event;
use mbs_core::drive::request;

/// Cancel a build and wait until its tasks have ended
#[derive(Debug, Args)]
pub(crate) struct CancelArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
}

pub(crate) async fn run(args: &CancelArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let store = session.store()?;
    let by = session.environment.owner().to_string();
    let build = request(&*store, &*session.clock, id, Event::CancelAsked { by }).await?;
    session.output.note(&format!("build {id} of {} is cancelled", build.nsvc()));
    // If nobody drives the build, its tasks are ended from here.
    let interrupt = interrupt(&[id], session)?;
    match drive(id, &Drive::default(), &interrupt, session).await {
        Ok(Driven::Settled(build)) => {
            if session.output.format == Format::Json {
                session.result(&to_text(&BuildJson::of(&build, session)?)?)?;
            }
            Ok(Exit::Success)
        }
        Ok(Driven::Interrupted) => Ok(Exit::Interrupted),
        Err(error) => {
            // The cancel is stored and holds. What runs ends with the next driver.
            session.output.note(&format!("warning: its tasks could not be ended from here: {error}"));
            Ok(Exit::Success)
        }
    }
}
