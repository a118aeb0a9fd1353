//! Rules of [`status`](mbs_core::builder::GenericBuilder::status).

use super::report::{Checked, ensure};
use super::run::Run;
use super::suite::Suite;
use mbs_core::build::{Scope, TaskId};
use mbs_core::builder::TaskState;

/// A handle that no builder has given.
pub(super) fn unknown_task() -> TaskId {
    TaskId("no-such-task-77".to_owned())
}

/// Behaviour: one answer for each task, in the order of the question, however often a task stands in it.
pub async fn answers_in_the_order_of_the_question(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let first = run.build(&suite.good(1), 2).await?.task;
    let second = run.build(&suite.good(2), 2).await?.task;
    let unknown = unknown_task();
    for asked in [
        vec![],
        vec![first.clone(), second.clone()],
        vec![second.clone(), first.clone()],
        vec![second.clone(), unknown, second, first],
    ] {
        let answered: Vec<TaskId> = run.statuses(&asked).await?.into_iter().map(|status| status.task).collect();
        ensure!(answered == asked, "asked about {asked:?}, answered about {answered:?}");
    }
    Ok(())
}

/// Behaviour: a task that is complete or failed stays so, in this process and the next.
pub async fn of_an_ended_task_never_changes(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let mut all = vec![run.build(&suite.good(1), 2).await?];
    if let Ok(failing) = suite.failing() {
        all.push(run.finish(&failing, 2, Scope::BatchesBefore(2)).await?);
    }
    run.build(&suite.good(2), 2).await?;
    for _ in 0..2 {
        for ended in &all {
            let state = run.status(&ended.task).await?;
            ensure!(state == ended.state, "a task that was {:?} is {state:?}", ended.state);
        }
        run.reopen().await;
    }
    Ok(())
}

/// Behaviour: a task that is not known is lost.
pub async fn of_an_unknown_task_is_lost(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    let state = run.status(&unknown_task()).await?;
    ensure!(matches!(state, TaskState::Lost(_)), "a task that is not known is {state:?}");
    Ok(())
}

/// Idempotency: what a process left behind is found by the next one. Tasks that survive their process are completed;
/// others may be lost, and are built by another attempt.
pub async fn finds_what_an_ended_process_left_behind(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let request = run.request(&suite.good(1), 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    run.reopen().await;
    let state = run.end_of(&task).await?;
    let survives = run.capabilities().survives_process;
    let expected = match &state {
        TaskState::Complete(_) => true,
        TaskState::Lost(_) => !survives,
        TaskState::Running | TaskState::Failed(_) | TaskState::Canceled => false,
    };
    ensure!(expected, "the task of an ended process is {state:?}, with `survives_process` {survives}");
    run.started_once(&request.key)?;
    run.build(&suite.good(1), 2).await.map(|_| ())
}
