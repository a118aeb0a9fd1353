//! `mbs watch`.

use crate::error::CliError;
use crate::exit::Exit;
use crate::output::Progress;
use crate::run::{Driven, LOOK, Tail, report};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::store::Store as _;

/// How often a build is seen without a driver before that is told.
const PATIENCE: u32 = 3;

/// Show the progress of a build until it is over
///
/// Ends like `mbs build`. The build goes on if watching is interrupted. That nobody drives the build is told; watching
/// waits for somebody who does.
#[derive(Debug, Args)]
pub(crate) struct WatchArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
}

pub(crate) async fn run(args: &WatchArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let store = session.store()?;
    let mut tail = Tail::new(store.clone(), id).await?;
    {
        // Whoever made the build needs a moment to take it.
        let mut undriven = 0_u32;
        let mut progress = Progress::new(tail.build(), &session.output);
        while !tail.is_settled() {
            for step in tail.look().await? {
                progress.show(&step);
            }
            if !tail.is_settled() {
                let now = session.clock.now();
                undriven = if store.undriven(&[id], now).await?.contains(&id) { undriven.saturating_add(1) } else { 0 };
                if undriven == PATIENCE {
                    session.output.note(&format!(
                        "nobody drives build {id} ({}): `mbs resume {id}` goes on with it",
                        tail.build().state()
                    ));
                }
                session.clock.sleep_until(session.clock.now() + LOOK).await;
            }
        }
    }
    report(Driven::Settled(Box::new(tail.build().clone())), id, false, session)
}
