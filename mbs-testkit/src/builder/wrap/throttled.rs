//! A limit on calls at the same time.

use super::semaphore::Semaphore;
use async_trait::async_trait;
use futures::stream::BoxStream;
use mbs_core::ComponentName;
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskStatus, Wakeup,
};
use std::sync::Arc;
use std::time::Duration;

/// Lets only so many calls through at the same time; others wait for their turn, first come, first served. For build
/// systems that do not bear a crowd.
///
/// Only calls are counted: how many tasks run is decided by whoever submits them.
#[derive(Clone)]
pub struct ThrottledBuilder {
    inner: Arc<dyn GenericBuilder>,
    turns: Semaphore,
}

impl ThrottledBuilder {
    /// At most `calls` calls at the same time; at least one.
    pub fn new(inner: Arc<dyn GenericBuilder>, calls: usize) -> Self {
        Self { inner, turns: Semaphore::new(calls.max(1)) }
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl GenericBuilder for ThrottledBuilder {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> BuilderCapabilities {
        self.inner.capabilities()
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.connect(module).await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.submit(request).await
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.recover(key).await
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.status(tasks).await
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.cancel(task).await
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.tag(request).await
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.regenerate(request).await
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.is_ready(request).await
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.finalize(request).await
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.repo_for(module).await
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        let _turn = self.turns.acquire().await;
        self.inner.average_build_time(names).await
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        self.inner.wakeups()
    }
}
