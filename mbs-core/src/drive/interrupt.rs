//! Stopping on request: running components end without blame and start again with the next driver.

use super::config::DriveError;
use super::driver::{Driver, Input};
use crate::BuildId;
use crate::build::{Event, TaskId};
use crate::builder::{BuilderError, GenericBuilderExt, RequestKey, TaskState};
use crate::plan::ComponentIx;
use chrono::TimeDelta;

/// How long a task is given to end before it is left to the next driver.
const GRACE: TimeDelta = TimeDelta::seconds(10);

impl Driver {
    /// Ends all running tasks, records that, and gives the leases back. What cannot be ended in time stays as it is: the
    /// next driver finds it.
    pub(super) async fn interrupt(&mut self) -> Result<(), DriveError> {
        // A delivery that is dropped may have happened or not; its effect is still stored, and tasks are looked for.
        self.deliveries.clear();
        self.polls.clear();
        self.absorb_without_slots().await?;
        let mut running: Vec<(BuildId, ComponentIx, u32, Option<TaskId>, RequestKey)> = Vec::new();
        for (id, held) in &self.builds {
            for ix in held.build.running() {
                if let (Some(component), Some(spec)) = (held.build.component(ix), held.build.spec(ix)) {
                    let key = RequestKey { build: *id, component: spec.name.clone(), attempt: component.attempt };
                    running.push((*id, ix, component.attempt, component.task.clone(), key));
                }
            }
        }
        let ends = running.into_iter().map(|(id, component, attempt, task, key)| {
            let ports = &self.ports;
            async move {
                let state = end(ports, task, &key).await;
                let event = match state {
                    Ok(Some(TaskState::Complete(built))) => Event::ComponentCompleted { component, attempt, built },
                    Ok(Some(TaskState::Failed(failure))) => Event::ComponentFailed { component, attempt, failure },
                    Ok(_) => Event::Interrupted { component, attempt },
                    Err(error) => {
                        tracing::warn!(build = %id, "a running task could not be ended: {error}");
                        return None;
                    }
                };
                Some((id, component, attempt, event))
            }
        });
        for (id, component, attempt, event) in futures::future::join_all(ends).await.into_iter().flatten() {
            let done = self.builds.get(&id).map(|held| held.submissions(component, attempt)).unwrap_or_default();
            self.inbox.push_back(Input { build: id, event: Some(event), done });
        }
        self.absorb_without_slots().await?;
        for (id, held) in std::mem::take(&mut self.builds) {
            self.tasks.forget(id);
            self.ports.store.release_lease(&held.lease).await?;
        }
        Ok(())
    }

    /// Records what has happened, but starts nothing new.
    async fn absorb_without_slots(&mut self) -> Result<(), DriveError> {
        let limits = self.config.limits;
        self.config.limits.per_backend = Some(0);
        let result = self.absorb().await;
        self.config.limits = limits;
        result
    }
}

/// Ends a task and tells how it ended; none if there was none.
async fn end(ports: &super::Ports, task: Option<TaskId>, key: &RequestKey) -> Result<Option<TaskState>, BuilderError> {
    let task = match task {
        Some(task) => task,
        None => match ports.builder.recover(key).await? {
            Some(task) => task,
            None => return Ok(None),
        },
    };
    ports.builder.cancel(&task).await?;
    let give_up = ports.clock.now() + GRACE;
    loop {
        let state = ports.builder.status_of(&task).await?;
        if state.is_over() {
            return Ok(Some(state));
        }
        let now = ports.clock.now();
        if now >= give_up {
            return Err(BuilderError::unavailable(format!("task `{task}` does not end")));
        }
        ports.clock.sleep_until(now + TimeDelta::milliseconds(50)).await;
    }
}
