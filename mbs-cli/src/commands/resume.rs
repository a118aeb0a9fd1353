//! `mbs resume`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::run::{Drive, Driven, Interrupt, drive, interrupt, report, restore};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::Event;
use mbs_core::drive::{Again, RequestError, request};
use mbs_core::store::Store as _;
use std::num::NonZeroUsize;

/// Go on with a build that failed or was interrupted
///
/// Components that are built already are not built again.
#[derive(Debug, Args)]
pub(crate) struct ResumeArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
    /// Components built at once [default: number of processors]
    #[arg(short, long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
}

pub(crate) async fn run(args: ResumeArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let interrupt = interrupt(&[id], session)?;
    go_on(id, &Drive { jobs: args.jobs, builder: None }, &Turn { interrupt: &interrupt, several: false }, session).await
}

/// The place of a build among those that one command drives.
pub(crate) struct Turn<'a> {
    /// Stops all of them.
    pub(crate) interrupt: &'a Interrupt,
    /// Whether it is one of several.
    pub(crate) several: bool,
}

/// Brings a stored build to its end, whatever state it is in, and reports it.
pub(crate) async fn go_on(id: BuildId, how: &Drive, turn: &Turn<'_>, session: &Session) -> Result<Exit, CliError> {
    let store = session.store()?;
    let interrupt = turn.interrupt;
    loop {
        let build = store.load(id).await?;
        let driven = match Again::of(&build) {
            Again::Finished => {
                restore(&build, session).await?;
                Driven::Settled(Box::new(build))
            }
            Again::Retired => return Err(CliError::Retired { id }),
            Again::GoOn => drive(id, how, interrupt, session).await?,
            Again::Settle => match drive(id, how, interrupt, session).await? {
                Driven::Settled(_) => continue,
                Driven::Interrupted => Driven::Interrupted,
            },
            Again::Resume => {
                let by = session.environment.owner().to_string();
                match request(&*store, &*session.clock, id, Event::ResumeAsked { by }).await {
                    // Somebody else was faster: look again.
                    Ok(_) | Err(RequestError::Refused { .. }) => continue,
                    Err(error) => return Err(error.into()),
                }
            }
        };
        return report(driven, id, turn.several, session);
    }
}
