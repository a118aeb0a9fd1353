//! Rules of [`cancel`](mbs_core::builder::GenericBuilder::cancel).

use super::report::{Checked, Stop, ensure};
use super::run::Run;
use super::status::unknown_task;
use super::suite::Suite;
use mbs_core::build::Scope;
use mbs_core::builder::TaskState;

/// Behaviour: the task ends soon. Idempotency: asking again changes nothing; `status`: a cancelled task stays so.
pub async fn ends_a_running_task(suite: &Suite<'_>) -> Checked {
    let endless = suite.endless()?;
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let request = run.request(&endless, 1, 2, Scope::BatchesBefore(2));
    let task = run.submit(&request).await?;
    run.cancel(&task).await?;
    let state = run.end_of(&task).await?;
    ensure!(
        matches!(state, TaskState::Canceled | TaskState::Lost(_)),
        "a component that never ends by itself is {state:?} after a cancel"
    );
    run.cancel(&task).await?;
    run.reopen().await;
    run.cancel(&task).await?;
    let now = run.status(&task).await?;
    ensure!(now == state, "a cancelled task changes from {state:?} to {now:?}");
    run.started_once(&request.key)
}

/// Idempotency: ending an ended task succeeds and changes nothing.
pub async fn leaves_ended_tasks_alone(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.connect().await?;
    let mut all = vec![run.build(&suite.good(1), 2).await?];
    if let Ok(failing) = suite.failing() {
        all.push(run.finish(&failing, 2, Scope::BatchesBefore(2)).await?);
    }
    for ended in &all {
        run.cancel(&ended.task).await?;
        let state = run.status(&ended.task).await?;
        ensure!(state == ended.state, "a cancel changes {:?} to {state:?}", ended.state);
    }
    Ok(())
}

/// Idempotency: ending an unknown task succeeds.
pub async fn of_an_unknown_task_succeeds(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    run.cancel(&unknown_task()).await
}

/// Needs: without the ability, the call succeeds and the task runs to its end.
pub async fn without_the_ability_changes_nothing(suite: &Suite<'_>) -> Checked {
    let mut run = Run::new(suite).await;
    if run.capabilities().cancel {
        return Err(Stop::skip("the builder has `cancel`"));
    }
    run.connect().await?;
    for attempt in 1..=5 {
        let request = run.request(&suite.good(1), attempt, 2, Scope::BatchesBefore(2));
        let task = run.submit(&request).await?;
        run.cancel(&task).await?;
        match run.end_of(&task).await? {
            TaskState::Complete(_) => return Ok(()),
            TaskState::Lost(_) => {}
            state => return Err(Stop::broken(format!("the task is {state:?}"))),
        }
    }
    Err(Stop::broken("the task is lost again and again"))
}
