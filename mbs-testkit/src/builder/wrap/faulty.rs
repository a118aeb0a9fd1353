//! Calls that go wrong.

use super::fault_plan::{FaultKind, FaultPlan};
use crate::builder::call::Method;
use async_trait::async_trait;
use futures::stream::BoxStream;
use mbs_core::ComponentName;
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskStatus, Wakeup,
};
use mbs_core::clock::Clock;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::Duration;

/// Loses, repeats and delays calls to another builder, as a [`FaultPlan`] says.
///
/// All faults are transient ones: a caller that repeats its calls reaches the same end as without them.
#[derive(Clone)]
pub struct FaultyBuilder {
    inner: Arc<dyn GenericBuilder>,
    clock: Arc<dyn Clock>,
    plan: Arc<Mutex<FaultPlan>>,
}

impl FaultyBuilder {
    /// Stands in front of `inner`. Clones share the plan.
    pub fn new(inner: Arc<dyn GenericBuilder>, clock: Arc<dyn Clock>, plan: FaultPlan) -> Self {
        Self { inner, clock, plan: Arc::new(Mutex::new(plan)) }
    }

    /// The same plan, going on where it stands, in front of another instance: after a reopening.
    pub fn around(&self, inner: Arc<dyn GenericBuilder>) -> Self {
        Self { inner, clock: Arc::clone(&self.clock), plan: Arc::clone(&self.plan) }
    }

    async fn faulty<T, F>(&self, method: Method, call: impl Fn() -> F + Send) -> Result<T, BuilderError>
    where
        T: Send,
        F: Future<Output = Result<T, BuilderError>> + Send,
    {
        let fault = self.plan.lock().unwrap_or_else(PoisonError::into_inner).next(method);
        let wait = || async {
            for _ in 0..fault.pauses {
                give_way().await;
            }
            if !fault.delay.is_zero() {
                self.clock.sleep_until(self.clock.now() + fault.delay).await;
            }
        };
        wait().await;
        let answer = match fault.kind {
            FaultKind::None => call().await,
            FaultKind::Before => Err(BuilderError::unavailable(format!("`{method}` did not get through"))),
            FaultKind::After => {
                call().await?;
                Err(BuilderError::unavailable(format!("the answer of `{method}` was lost")))
            }
            FaultKind::Repeat => {
                call().await?;
                call().await
            }
        };
        wait().await;
        answer
    }
}

/// Lets others run first.
async fn give_way() {
    let mut first = true;
    std::future::poll_fn(|context| {
        if std::mem::take(&mut first) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

#[deny(clippy::missing_trait_methods)]
#[async_trait]
impl GenericBuilder for FaultyBuilder {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn capabilities(&self) -> BuilderCapabilities {
        self.inner.capabilities()
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        self.faulty(Method::Connect, || self.inner.connect(module)).await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        self.faulty(Method::Submit, || self.inner.submit(request)).await
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        self.faulty(Method::Recover, || self.inner.recover(key)).await
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        self.faulty(Method::Status, || self.inner.status(tasks)).await
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        self.faulty(Method::Cancel, || self.inner.cancel(task)).await
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        self.faulty(Method::Tag, || self.inner.tag(request)).await
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        self.faulty(Method::Regenerate, || self.inner.regenerate(request)).await
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        self.faulty(Method::IsReady, || self.inner.is_ready(request)).await
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        self.faulty(Method::Finalize, || self.inner.finalize(request)).await
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        self.faulty(Method::RepoFor, || self.inner.repo_for(module)).await
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        self.faulty(Method::AverageBuildTime, || self.inner.average_build_time(names)).await
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        self.inner.wakeups()
    }
}
