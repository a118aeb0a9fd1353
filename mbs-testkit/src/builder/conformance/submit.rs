//! Rules of [`submit`](mbs_core::builder::GenericBuilder::submit).

use super::report::{Checked, Stop, ensure};
use super::run::Run;
use super::suite::Suite;
use mbs_core::Blame;
use mbs_core::build::Scope;
use mbs_core::builder::TaskState;

/// Behaviour: it returns the task without waiting for the end.
pub async fn does_not_wait_for_the_end(suite: &Suite<'_>) -> Checked {
    let endless = suite.endless()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let request = run.request(&endless, 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    let state = run.status(&task).await?;
    ensure!(state == TaskState::Running, "a component that never ends is {state:?}");
    run.cancel(&task).await
}

/// Behaviour: what is wrong with the component is a failed task, by the fault of the packager, not an error.
pub async fn tells_of_a_bad_component_by_its_task(suite: &Suite<'_>) -> Checked {
    let failing = suite.failing()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let ended = run.finish(&failing, 2, Scope::BatchesBefore(2)).await?;
    let TaskState::Failed(failure) = &ended.state else {
        return Err(Stop::broken(format!("a component that cannot be built is {:?}", ended.state)));
    };
    ensure!(failure.blame == Blame::User, "a component that cannot be built is blamed on {}", failure.blame);
    ensure!(!failure.reason.is_empty(), "the failure has no reason");
    Ok(())
}

/// Idempotency: an equal key gives the same task, also when it is complete, and nothing is built again.
pub async fn again_gives_the_same_task_when_it_is_complete(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let ended = run.build(&suite.good(1), 2).await?;
    for _ in 0..2 {
        let again = run.submit(&ended.request).await?;
        ensure!(again == ended.task, "an equal key gives task `{again}` after `{}`", ended.task);
        let state = run.status(&again).await?;
        ensure!(state == ended.state, "a second submission changes {:?} to {state:?}", ended.state);
        run.reopen().await;
    }
    run.started_once(&ended.request.key)
}

/// Idempotency: also when it has failed.
pub async fn again_gives_the_same_task_when_it_has_failed(suite: &Suite<'_>) -> Checked {
    let failing = suite.failing()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let ended = run.finish(&failing, 2, Scope::BatchesBefore(2)).await?;
    run.reopen().await;
    let again = run.submit(&ended.request).await?;
    ensure!(again == ended.task, "an equal key gives task `{again}` after `{}`", ended.task);
    let state = run.status(&again).await?;
    ensure!(state == ended.state, "a second submission changes {:?} to {state:?}", ended.state);
    run.started_once(&ended.request.key)
}

/// Idempotency: also while it runs, and after it was cancelled.
pub async fn again_gives_the_same_task_while_it_runs(suite: &Suite<'_>) -> Checked {
    let endless = suite.endless()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let request = run.request(&endless, 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    let again = run.submit(&request).await?;
    ensure!(again == task, "an equal key gives task `{again}` while `{task}` runs");
    run.started_once(&request.key)?;
    run.cancel(&task).await?;
    let state = run.end_of(&task).await?;
    let again = run.submit(&request).await?;
    ensure!(again == task, "an equal key gives task `{again}` after `{task}` was cancelled");
    let now = run.status(&task).await?;
    ensure!(now == state, "a second submission changes {state:?} to {now:?}");
    run.started_once(&request.key)
}

/// Idempotency is by key: another attempt is another task.
pub async fn of_another_attempt_is_another_task(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let next = run.request(&suite.good(1), first.request.key.attempt + 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&next).await?;
    ensure!(task != first.task, "another attempt gives the same task `{task}`");
    run.end_of(&task).await.map(|_| ())
}

/// Idempotency is by key: the same component of another build is another task, and sees nothing of the first build.
pub async fn keeps_builds_apart(suite: &Suite<'_>) -> Checked {
    let mut one = Run::new(suite).await;
    one.connect().await?;
    let first = one.build(&suite.good(1), 2).await?;
    let request = one.publishing(1, &[&first], false)?;
    one.publish(&request).await?;
    drop(one);
    let mut other = Run::new(suite).await;
    other.connect().await?;
    let found = other.recover(&other.request(&suite.good(1), 1, 2, Scope::BatchesBefore(2)).key).await?;
    ensure!(found.is_none(), "a build finds the task of another build");
    if let Ok(needing) = suite.needing(1, 1) {
        let ended = other.finish(&needing, 3, Scope::BatchesBefore(3)).await?;
        ensure!(matches!(ended.state, TaskState::Failed(_)), "a buildroot holds a component of another build");
    }
    let second = other.build(&suite.good(1), 2).await?;
    ensure!(second.task != first.task, "two builds share task `{}`", second.task);
    Ok(())
}

/// Behaviour: the buildroot sees the components of its scope, by batch and by name.
pub async fn shows_the_scope(suite: &Suite<'_>) -> Checked {
    let (by_batch, by_name) = (suite.needing(1, 1)?, suite.needing(2, 1)?);
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let request = run.publishing(1, &[&first], false)?;
    run.publish(&request).await?;
    let ended = run.finish(&by_batch, 3, Scope::BatchesBefore(3)).await?;
    ended.published(false)?;
    let scope = Scope::Components(vec![suite.good(1).name]);
    run.finish(&by_name, 3, scope).await?.published(false).map(|_| ())
}

/// Behaviour: and nothing else of its module, though it is in the repository.
pub async fn hides_what_is_outside_of_the_scope(suite: &Suite<'_>) -> Checked {
    let (by_batch, by_name) = (suite.needing(1, 1)?, suite.needing(2, 1)?);
    let mut run = Run::new(suite).await;
    if !run.capabilities().exact_scope {
        return Err(Stop::skip("the builder has no `exact_scope`"));
    }
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?;
    let other = run.build(&suite.good(2), 2).await?;
    let request = run.publishing(1, &[&first, &other], false)?;
    run.publish(&request).await?;
    let ended = run.finish(&by_batch, 2, Scope::BatchesBefore(2)).await?;
    ensure!(matches!(ended.state, TaskState::Failed(_)), "a buildroot of batch 2 holds a component of batch 2");
    let scope = Scope::Components(vec![suite.good(2).name]);
    let ended = run.finish(&by_name, 3, scope).await?;
    ensure!(matches!(ended.state, TaskState::Failed(_)), "a buildroot holds a component that its scope does not name");
    Ok(())
}
