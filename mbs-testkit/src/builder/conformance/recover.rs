//! Rules of [`recover`](mbs_core::builder::GenericBuilder::recover).

use super::report::{Checked, ensure};
use super::run::Run;
use super::suite::Suite;
use mbs_core::build::Scope;

/// Needs: nothing, the build need not be known. Behaviour: none for what was never submitted. Idempotency: and looking
/// does not submit it.
pub async fn finds_nothing_that_was_never_submitted(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let request = run.request(&suite.good(1), 1, 2, Scope::BatchesBefore(2));
    let found = run.recover(&request.key).await?;
    ensure!(found.is_none(), "there is a task in a build that is not known");
    run.connect().await?;
    for _ in 0..2 {
        let found = run.recover(&request.key).await?;
        ensure!(found.is_none(), "there is a task for a key that was never submitted");
    }
    let ended = run.build(&suite.good(1), 2).await?;
    run.started_once(&ended.request.key)?;
    let mut other = ended.request.key.clone();
    other.attempt += 1;
    let found = run.recover(&other).await?;
    ensure!(found.is_none(), "there is a task for an attempt that was never submitted");
    Ok(())
}

/// Behaviour: the task, if it has ended, in this process and the next.
pub async fn finds_a_task_that_has_ended(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let mut all = vec![run.build(&suite.good(1), 2).await?];
    if let Ok(failing) = suite.failing() {
        all.push(run.finish(&failing, 2, Scope::BatchesBefore(2)).await?);
    }
    for _ in 0..2 {
        for ended in &all {
            let found = run.recover(&ended.request.key).await?;
            ensure!(found.as_ref() == Some(&ended.task), "found {found:?} instead of `{}`", ended.task);
            let state = run.status(&ended.task).await?;
            ensure!(state == ended.state, "looking for a task changes {:?} to {state:?}", ended.state);
        }
        run.reopen().await;
    }
    all.iter().try_for_each(|ended| run.started_once(&ended.request.key))
}

/// Behaviour: the task, if it runs.
pub async fn finds_a_task_that_runs(suite: &Suite<'_>) -> Checked {
    let endless = suite.endless()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let request = run.request(&endless, 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    let found = run.recover(&request.key).await?;
    ensure!(found.as_ref() == Some(&task), "found {found:?} instead of `{task}`");
    run.reopen().await;
    let found = run.recover(&request.key).await?;
    ensure!(found.as_ref() == Some(&task), "the next process finds {found:?} instead of `{task}`");
    run.cancel(&task).await
}
