//! Stopping on request: running components end without blame and start again with the next driver.

use super::config::DriveError;
use super::driver::{Driver, Input};
use super::held::Held;
use crate::BuildId;
use crate::build::{Event, TaskId};
use crate::builder::{BuilderError, GenericBuilderExt, TaskState};
use crate::plan::ComponentIx;
use chrono::TimeDelta;
use futures::{FutureExt, StreamExt};
use std::pin::pin;

/// How long a task is given to end before it is left to the next driver.
const GRACE: TimeDelta = TimeDelta::seconds(10);

impl Driver {
    /// Ends all running tasks, records that, and gives the leases back. What cannot be ended in time stays as it is: the
    /// next driver finds it.
    pub(super) async fn interrupt(&mut self) -> Result<(), DriveError> {
        self.await_submissions().await;
        // A delivery that is dropped may have happened or not; its effect is still stored.
        self.deliveries.clear();
        self.polls.clear();
        self.absorb_without_slots().await?;
        let mut running: Vec<(BuildId, ComponentIx, u32, TaskId)> = Vec::new();
        let mut unsent: Vec<(BuildId, ComponentIx, u32)> = Vec::new();
        for (id, held) in &self.builds {
            for ix in held.build.running() {
                let Some(component) = held.build.component(ix) else { continue };
                match &component.task {
                    Some(task) => running.push((*id, ix, component.attempt, task.clone())),
                    None if held.never_sent(ix, component.attempt) => unsent.push((*id, ix, component.attempt)),
                    // A call to submit it may still arrive: only who submits it again under the same key can be sure.
                    None => {}
                }
            }
        }
        for (id, component, attempt) in unsent {
            let done = self.builds.get(&id).map(|held| held.submissions(component, attempt)).unwrap_or_default();
            self.inbox.push_back(Input { build: id, event: Some(Event::Interrupted { component, attempt }), done });
        }
        let ends = running.into_iter().map(|(id, component, attempt, task)| {
            let ports = &self.ports;
            async move {
                let state = end(ports, &task).await;
                let event = match state {
                    Ok(TaskState::Complete(built)) => Event::ComponentCompleted { component, attempt, built },
                    Ok(TaskState::Failed(failure)) => Event::ComponentFailed { component, attempt, failure },
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

    /// Waits for the answers to submissions: a task whose number is known can be ended.
    async fn await_submissions(&mut self) {
        let clock = std::sync::Arc::clone(&self.ports.clock);
        let give_up = clock.now() + GRACE;
        let mut timer = pin!(async move { clock.sleep_until(give_up).await }.fuse());
        while self.builds.values().any(Held::submitting) {
            let one = futures::select_biased! {
                one = self.deliveries.select_next_some() => one,
                () = timer => return,
            };
            self.delivered(one);
        }
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

/// Ends a task and tells how it ended.
async fn end(ports: &super::Ports, task: &TaskId) -> Result<TaskState, BuilderError> {
    ports.builder.cancel(task).await?;
    let give_up = ports.clock.now() + GRACE;
    loop {
        let state = ports.builder.status_of(task).await?;
        if state.is_over() {
            return Ok(state);
        }
        let now = ports.clock.now();
        if now >= give_up {
            return Err(BuilderError::unavailable(format!("task `{task}` does not end")));
        }
        ports.clock.sleep_until(now + TimeDelta::milliseconds(50)).await;
    }
}
