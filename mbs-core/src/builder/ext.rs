//! What can be written from the required methods of a builder.

use super::builder_trait::GenericBuilder;
use super::error::BuilderError;
use super::request::{ComponentRequest, PublishRequest};
use super::status::TaskState;
use crate::build::TaskId;
use crate::clock::Clock;
use async_trait::async_trait;
use chrono::TimeDelta;

/// Convenience over any [`GenericBuilder`].
#[async_trait]
pub trait GenericBuilderExt: GenericBuilder {
    /// How one task stands.
    ///
    /// # Errors
    /// As [`GenericBuilder::status`]; a builder that does not answer for the task breaks its contract.
    async fn status_of(&self, task: &TaskId) -> Result<TaskState, BuilderError> {
        let answers = self.status(std::slice::from_ref(task)).await?;
        answers.into_iter().find(|answer| answer.task == *task).map(|answer| answer.state).ok_or_else(|| {
            BuilderError::unavailable(format!("backend `{}` gave no answer about task `{task}`", self.name()))
        })
    }

    /// Looks for the task of the request and submits it if there is none: the way to deliver a request whose earlier
    /// delivery may have been lost.
    ///
    /// # Errors
    /// As [`GenericBuilder::recover`] and [`GenericBuilder::submit`].
    async fn recover_or_submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        match self.recover(&request.key).await? {
            Some(task) => Ok(task),
            None => self.submit(request).await,
        }
    }

    /// Waits until a task is over, asking every `period`.
    ///
    /// # Errors
    /// As [`GenericBuilder::status`].
    async fn wait_for(&self, task: &TaskId, clock: &dyn Clock, period: TimeDelta) -> Result<TaskState, BuilderError> {
        loop {
            let state = self.status_of(task).await?;
            if state.is_over() {
                return Ok(state);
            }
            clock.sleep_until(clock.now() + period).await;
        }
    }

    /// Tags, regenerates and waits until the repository holds the artifacts.
    ///
    /// # Errors
    /// As the three methods it calls.
    async fn publish(
        &self,
        request: &PublishRequest,
        clock: &dyn Clock,
        period: TimeDelta,
    ) -> Result<(), BuilderError> {
        self.tag(request).await?;
        self.regenerate(request).await?;
        while !self.is_ready(request).await? {
            clock.sleep_until(clock.now() + period).await;
        }
        Ok(())
    }
}

impl<T: GenericBuilder + ?Sized> GenericBuilderExt for T {}
