//! `mbs rm`.

use crate::backend;
use crate::error::CliError;
use crate::exit::Exit;
use crate::run::{Drive, drive, interrupt};
use crate::session::Session;
use clap::Args;
use mbs_core::BuildId;
use mbs_core::build::ModuleBuild;
use mbs_core::reuse::reused_by;
use mbs_core::store::{Store as _, StoreError};
use std::io;

/// Remove a build that is over, with its logs
#[derive(Debug, Args)]
pub(crate) struct RmArgs {
    /// Number of the build
    #[arg(value_name = "ID")]
    id: u64,
    /// Also remove its result folder
    #[arg(long)]
    results: bool,
}

pub(crate) async fn run(args: RmArgs, session: &Session) -> Result<Exit, CliError> {
    let id = BuildId(args.id);
    let store = session.store()?;
    let build = store.load(id).await?;
    if !build.state().is_active() && !store.pending(id).await?.is_empty() {
        // Whoever drove it last did not come to its end.
        let interrupt = interrupt(&[id], session)?;
        drive(id, &Drive::default(), &interrupt, session).await?;
    }
    remove(&build, args.results, session).await?;
    session.output.note(&format!("removed build {id} of {}", build.nsvc()));
    Ok(Exit::Success)
}

/// Removes a build from the store, and then its files: files without a build do no harm, a build without files would.
pub(crate) async fn remove(build: &ModuleBuild, results: bool, session: &Session) -> Result<(), CliError> {
    let store = session.store()?;
    if !reused_by(store.as_ref(), build.id()).await?.is_empty() {
        let why = "a build that goes on takes components from it";
        return Err(StoreError::InUse { build: build.id(), state: build.state(), why }.into());
    }
    store.remove(build.id()).await?;
    match backend::forget(build.request(), build.id(), session) {
        // A backend that this program does not have keeps its files where it wants.
        Ok(()) | Err(CliError::UnknownBackend { .. }) => {}
        Err(error) => return Err(error),
    }
    // The packages of an import are somebody else's.
    if results && !build.request().imported {
        let folder = backend::results(build.request(), session)?.join(&build.header().folder);
        match std::fs::remove_dir_all(&folder) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(CliError::file("remove", folder)(error));
            }
            _ => {}
        }
    }
    Ok(())
}

/// Whether a build is only kept because something about it is still to be done.
pub(crate) fn is_in_use(error: &CliError) -> bool {
    matches!(error, CliError::Store(StoreError::InUse { .. } | StoreError::NotFound(_)))
}
