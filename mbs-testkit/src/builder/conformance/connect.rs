//! Rules of [`connect`](mbs_core::builder::GenericBuilder::connect).

use super::report::{Checked, ensure};
use super::run::Run;
use super::suite::Suite;
use mbs_core::builder::TaskState;

/// Behaviour: when it returns, components may be submitted.
pub async fn makes_submission_possible(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    run.build(&suite.good(1), 2).await.map(|_| ())
}

/// Needs of `submit`: a connection made by an earlier process is enough.
pub async fn is_remembered_by_the_next_process(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    run.reopen().await;
    run.build(&suite.good(1), 2).await.map(|_| ())
}

/// Idempotency: it may be called again at any time; finished components stay, and others can be built.
pub async fn again_keeps_what_is_finished(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    run.connect().await?;
    let state = run.status(&first.task).await?;
    ensure!(state == first.state, "a finished component is {state:?} after another `connect`");
    let request = run.publishing(1, &[&first], false)?;
    run.publish(&request).await?;
    run.connect().await?;
    ensure!(run.is_ready(&request).await?, "another `connect` takes a component out of the repository");
    let second = run.build(&suite.good(2), 3).await?;
    ensure!(matches!(second.state, TaskState::Complete(_)), "nothing can be built after another `connect`");
    Ok(())
}
