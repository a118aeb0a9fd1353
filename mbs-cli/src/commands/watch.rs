//! `mbs watch`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Progress;
use crate::run::{Driven, LOOK, Tail, report};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;

/// Show the progress of a build until it is over
///
/// Ends like `mbs build`. The build goes on if watching is interrupted.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
}

pub(crate) async fn run(args: &WatchArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let mut tail = Tail::new(session.store()?, id).await?;
    {
        let mut progress = Progress::new(tail.build(), &session.output);
        while !tail.is_settled() {
            for step in tail.look().await? {
                progress.show(&step);
            }
            if !tail.is_settled() {
                session.clock.sleep_until(session.clock.now() + LOOK).await;
            }
        }
    }
    report(Driven::Settled(Box::new(tail.build().clone())), id, session)
}
