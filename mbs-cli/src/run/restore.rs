//! Results of finished builds that somebody removed.

use crate::backend;
use crate::error::CliError;
use crate::session::Session;
use mbs_core::build::ModuleBuild;
use mbs_core::builder::{FinalizeRequest, ModuleContext};
use mbs_core::store::Store as _;
use mbs_core::submit::SubmitError;
use std::sync::Arc;

/// Makes the repository of a finished build again if it is not there any more, out of its finished components.
pub(crate) async fn restore(build: &ModuleBuild, session: &Session) -> Result<(), CliError> {
    let (request, folder) = (build.request(), &build.header().folder);
    // What was built elsewhere cannot be made again here.
    if request.imported || backend::has_repository(request, folder, session)? {
        return Ok(());
    }
    let path = backend::repository(request, folder, session)?;
    let id = build.id();
    session.output.note(&format!("the repository of build {id} is gone: making `{}` again", path.display()));
    let builder = backend::open(request, session)?;
    let context = Arc::new(ModuleContext::of(build).map_err(SubmitError::from)?);
    // Nobody else may make it at the same time.
    let store = session.store()?;
    let lease = store.acquire_lease(id, &super::drive::holder(), session.clock.now()).await?;
    let made = builder.finalize(&FinalizeRequest::of(build, &context, true)).await;
    store.release_lease(&lease).await?;
    made.map_err(|error| CliError::ResultsGone { id, path, problem: error.to_string() })
}
