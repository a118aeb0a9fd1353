//! Calls as data.

use crate::builder::call::{Answer, Call};
use async_trait::async_trait;
use futures::stream::BoxStream;
use mbs_core::ComponentName;
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskStatus, Wakeup,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One call that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded {
    /// The call.
    pub call: Call,
    /// What came of it; none while it is under way, and for ever if its future was dropped.
    pub outcome: Option<Result<Answer, BuilderError>>,
}

/// Writes down every call to another builder, in the order in which they began, for assertions.
#[derive(Clone)]
pub struct RecordingBuilder {
    inner: Arc<dyn GenericBuilder>,
    record: Arc<Mutex<Record>>,
}

#[derive(Default)]
struct Record {
    /// How many calls were taken out.
    taken: usize,
    calls: Vec<Recorded>,
}

impl RecordingBuilder {
    /// Stands in front of `inner`. Clones write into the same record.
    pub fn new(inner: Arc<dyn GenericBuilder>) -> Self {
        Self { inner, record: Arc::default() }
    }

    /// Everything so far.
    pub fn calls(&self) -> Vec<Recorded> {
        self.lock().calls.clone()
    }

    /// Everything so far; the record is empty afterwards.
    pub fn take(&self) -> Vec<Recorded> {
        let mut record = self.lock();
        record.taken += record.calls.len();
        std::mem::take(&mut record.calls)
    }

    fn lock(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn note<T: Send>(
        &self,
        call: Call,
        answer: impl Future<Output = Result<T, BuilderError>> + Send,
        show: impl Fn(&T) -> Answer + Send,
    ) -> Result<T, BuilderError> {
        let position = {
            let mut record = self.lock();
            record.calls.push(Recorded { call, outcome: None });
            record.taken + record.calls.len() - 1
        };
        let answer = answer.await;
        let mut record = self.lock();
        // It may have been taken in the meantime.
        if let Some(recorded) = position.checked_sub(record.taken).and_then(|at| record.calls.get_mut(at)) {
            recorded.outcome = Some(answer.as_ref().map(show).map_err(Clone::clone));
        }
        drop(record);
        answer
    }
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl GenericBuilder for RecordingBuilder {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> BuilderCapabilities {
        self.inner.capabilities()
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        self.note(Call::Connect(Arc::new(module.clone())), self.inner.connect(module), |()| Answer::Done).await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        self.note(Call::Submit(Box::new(request.clone())), self.inner.submit(request), |task| {
            Answer::Task(task.clone())
        })
        .await
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        self.note(Call::Recover(key.clone()), self.inner.recover(key), |task| Answer::Found(task.clone())).await
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        self.note(Call::Status(tasks.to_vec()), self.inner.status(tasks), |all| Answer::Statuses(all.clone())).await
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        self.note(Call::Cancel(task.clone()), self.inner.cancel(task), |()| Answer::Done).await
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        self.note(Call::Tag(request.clone()), self.inner.tag(request), |()| Answer::Done).await
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        self.note(Call::Regenerate(request.clone()), self.inner.regenerate(request), |()| Answer::Done).await
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        self.note(Call::IsReady(request.clone()), self.inner.is_ready(request), |ready| Answer::Ready(*ready)).await
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        self.note(Call::Finalize(request.clone()), self.inner.finalize(request), |()| Answer::Done).await
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        self.note(Call::RepoFor(Arc::new(module.clone())), self.inner.repo_for(module), |repo| {
            Answer::Repo(repo.clone())
        })
        .await
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        self.note(Call::AverageBuildTime(names.to_vec()), self.inner.average_build_time(names), |times| {
            Answer::Times(times.clone())
        })
        .await
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        self.inner.wakeups()
    }
}
