//! One build of one check: an instance, the calls to it, and what they add up to.

use super::factory::{BuilderFactory, Part};
use super::report::{Checked, Stop, ensure};
use super::suite::Suite;
use crate::builder::call::{Answer, Call};
use chrono::TimeDelta;
use mbs_core::build::{Scope, TaskId};
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalComponent, FinalizeRequest, GenericBuilder,
    ModuleContext, PublishRequest, PublishedComponent, RequestKey, Retry, TaskState, TaskStatus,
};
use mbs_core::clock::Clock;
use std::collections::BTreeSet;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;

/// A call that fails more often than this for a passing reason has failed.
const TRIES: u32 = 100;

/// A component whose task is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// The request of the last attempt.
    pub request: ComponentRequest,
    /// Its task.
    pub task: TaskId,
    /// How it ended.
    pub state: TaskState,
}

impl Ended {
    /// What is published of it; with `install`, it is installed into later buildroots.
    ///
    /// # Errors
    /// If it was not built.
    pub fn published(&self, install: bool) -> Result<PublishedComponent, Stop> {
        let TaskState::Complete(built) = &self.state else {
            return Err(Stop::broken(format!(
                "`{}` should have been built, but is {:?}",
                self.request.key, self.state
            )));
        };
        Ok(PublishedComponent {
            key: self.request.key.clone(),
            batch: self.request.batch,
            install,
            built: built.clone(),
        })
    }
}

/// One build, as a caller of the builder goes through it.
pub struct Run<'a> {
    factory: &'a dyn BuilderFactory,
    builder: Option<Arc<dyn GenericBuilder>>,
    clock: Arc<dyn Clock>,
    dropping: bool,
    /// The module.
    pub module: Arc<ModuleContext>,
}

impl<'a> Run<'a> {
    /// A new build over a newly opened instance.
    pub async fn new(suite: &Suite<'a>) -> Self {
        let factory = suite.factory();
        let module = Arc::new(factory.module(suite.next_build()));
        let builder = Some(factory.open().await);
        Self { factory, builder, clock: factory.clock(), dropping: suite.is_dropping(), module }
    }

    /// The instance that is open.
    ///
    /// # Panics
    /// If the future of [`Self::reopen`] was dropped before its end.
    pub fn builder(&self) -> Arc<dyn GenericBuilder> {
        Arc::clone(self.builder.as_ref().expect("only `reopen` closes the instance, and opens another"))
    }

    /// What it can do.
    pub fn capabilities(&self) -> BuilderCapabilities {
        self.builder().capabilities()
    }

    /// Drops the instance and opens another over the same world, as after the death of the process.
    pub async fn reopen(&mut self) {
        self.builder = None;
        self.builder = Some(self.factory.open().await);
    }

    /// Makes a call and repeats it as long as it fails for a passing reason; in a dropping suite also after its future was
    /// dropped at each of its await points.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn call(&mut self, call: &Call) -> Result<Answer, Stop> {
        if self.dropping {
            let mut polls = 0;
            while polls < 500 {
                self.reopen().await;
                if let Some(Ok(answer)) = self.poll(call, polls).await {
                    return Ok(answer);
                }
                // A future that is done after a thousand polls has not a thousand different await points.
                polls += 1 + polls / 20;
            }
        }
        self.steady(call).await
    }

    /// As [`Self::call`], but never dropped: for waiting.
    async fn steady(&self, call: &Call) -> Result<Answer, Stop> {
        let builder = self.builder();
        let mut tries = 0;
        loop {
            let error = match call.make(&*builder).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            tries += 1;
            match error.retry() {
                Retry::After(pause) if tries < TRIES => {
                    let pause = TimeDelta::from_std(pause).unwrap_or(TimeDelta::MAX);
                    self.clock.sleep_until(self.clock.now() + pause).await;
                }
                Retry::After(_) | Retry::Never | Retry::Exhausted => {
                    return Err(Stop::broken(format!("`{}` failed: {error}", call.method())));
                }
            }
        }
    }

    /// Polls a call this often and drops it if it is not done by then.
    pub async fn poll(&self, call: &Call, polls: u32) -> Option<Result<Answer, BuilderError>> {
        let builder = self.builder();
        let mut future = Box::pin(call.make(&*builder));
        let mut left = polls;
        poll_fn(move |context| {
            if left == 0 {
                return Poll::Ready(None);
            }
            left -= 1;
            match future.as_mut().poll(context) {
                Poll::Ready(answer) => Poll::Ready(Some(answer)),
                Poll::Pending if left == 0 => Poll::Ready(None),
                Poll::Pending => Poll::Pending,
            }
        })
        .await
    }

    /// Connects the module.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn connect(&mut self) -> Checked {
        let call = Call::Connect(Arc::clone(&self.module));
        self.call(&call).await.map(|_| ())
    }

    /// A request of this build.
    pub fn request(&self, part: &Part, attempt: u32, batch: u32, scope: Scope) -> ComponentRequest {
        ComponentRequest {
            key: RequestKey { build: self.module.build, component: part.name.clone(), attempt },
            module: Arc::clone(&self.module),
            source: part.source.clone(),
            batch,
            scope,
            arches: BTreeSet::new(),
            timeout_seconds: None,
            reuse: None,
        }
    }

    /// Submits a request.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn submit(&mut self, request: &ComponentRequest) -> Result<TaskId, Stop> {
        let answer = self.call(&Call::Submit(Box::new(request.clone()))).await?;
        answer.task().ok_or_else(|| Stop::broken("`submit` returned no task"))
    }

    /// Looks for a task.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn recover(&mut self, key: &RequestKey) -> Result<Option<TaskId>, Stop> {
        Ok(self.call(&Call::Recover(key.clone())).await?.task())
    }

    /// How tasks stand.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn statuses(&mut self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, Stop> {
        match self.call(&Call::Status(tasks.to_vec())).await? {
            Answer::Statuses(statuses) => Ok(statuses),
            other => Err(Stop::broken(format!("`status` answered {other:?}"))),
        }
    }

    /// How one task stands.
    ///
    /// # Errors
    /// If it fails for good, or there is not one answer about this task.
    pub async fn status(&mut self, task: &TaskId) -> Result<TaskState, Stop> {
        only(self.statuses(std::slice::from_ref(task)).await?, task)
    }

    /// Asks a task to end.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn cancel(&mut self, task: &TaskId) -> Checked {
        self.call(&Call::Cancel(task.clone())).await.map(|_| ())
    }

    /// Waits until a task is over.
    ///
    /// # Errors
    /// If it does not end in time.
    pub async fn end_of(&mut self, task: &TaskId) -> Result<TaskState, Stop> {
        let until = self.clock.now() + self.factory.patience();
        loop {
            let Answer::Statuses(statuses) = self.steady(&Call::Status(vec![task.clone()])).await? else {
                return Err(Stop::broken("`status` answered something else"));
            };
            let state = only(statuses, task)?;
            if state.is_over() {
                return Ok(state);
            }
            ensure!(self.clock.now() < until, "task `{task}` is not over after {}", self.factory.patience());
            self.clock.sleep_until(self.clock.now() + self.factory.period()).await;
        }
    }

    /// Submits a component and waits for its end; what is lost is submitted again as a new attempt.
    ///
    /// # Errors
    /// If a call fails for good, or it is lost again and again.
    pub async fn finish(&mut self, part: &Part, batch: u32, scope: Scope) -> Result<Ended, Stop> {
        for attempt in 1..=5 {
            let request = self.request(part, attempt, batch, scope.clone());
            let task = self.submit(&request).await?;
            let state = self.end_of(&task).await?;
            if !matches!(state, TaskState::Lost(_)) {
                return Ok(Ended { request, task, state });
            }
        }
        Err(Stop::broken(format!("component `{}` is lost again and again", part.name)))
    }

    /// As [`Self::finish`], with the scope of its batch; it must be built.
    ///
    /// # Errors
    /// If it is not.
    pub async fn build(&mut self, part: &Part, batch: u32) -> Result<Ended, Stop> {
        let ended = self.finish(part, batch, Scope::BatchesBefore(batch)).await?;
        ended.published(false)?;
        Ok(ended)
    }

    /// The request that publishes components; with `install`, they are installed into later buildroots.
    ///
    /// # Errors
    /// If one was not built.
    pub fn publishing(&self, cycle: u32, ended: &[&Ended], install: bool) -> Result<PublishRequest, Stop> {
        let components = ended.iter().map(|one| one.published(install)).collect::<Result<_, _>>()?;
        Ok(PublishRequest { module: Arc::clone(&self.module), cycle, components })
    }

    /// Whether the repository holds what the request brings in.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn is_ready(&mut self, request: &PublishRequest) -> Result<bool, Stop> {
        Ok(self.call(&Call::IsReady(request.clone())).await? == Answer::Ready(true))
    }

    /// Regenerates and waits until the repository is ready.
    ///
    /// # Errors
    /// If that does not come to pass in time.
    pub async fn regenerate(&mut self, request: &PublishRequest) -> Checked {
        self.call(&Call::Regenerate(request.clone())).await?;
        let until = self.clock.now() + self.factory.patience();
        while self.steady(&Call::IsReady(request.clone())).await? != Answer::Ready(true) {
            ensure!(self.clock.now() < until, "the repository is not ready after {}", self.factory.patience());
            self.clock.sleep_until(self.clock.now() + self.factory.period()).await;
        }
        Ok(())
    }

    /// Tags, regenerates and waits until the repository is ready.
    ///
    /// # Errors
    /// If that does not come to pass in time.
    pub async fn publish(&mut self, request: &PublishRequest) -> Checked {
        self.call(&Call::Tag(request.clone())).await?;
        self.regenerate(request).await
    }

    /// Ends the build. Of the components, those that are marked are needed by the build only.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn finalize(&mut self, success: bool, components: &[(&Ended, bool)]) -> Checked {
        let component = |(ended, build_only): &(&Ended, bool)| {
            Ok(FinalComponent { published: ended.published(false)?, build_only: *build_only })
        };
        let components = components.iter().map(component).collect::<Result<_, Stop>>()?;
        let request = FinalizeRequest { module: Arc::clone(&self.module), success, components };
        self.call(&Call::Finalize(request)).await.map(|_| ())
    }

    /// Where the repository is.
    ///
    /// # Errors
    /// If it fails for good.
    pub async fn repo(&mut self) -> Result<Option<String>, Stop> {
        match self.call(&Call::RepoFor(Arc::clone(&self.module))).await? {
            Answer::Repo(repo) => Ok(repo),
            other => Err(Stop::broken(format!("`repo_for` answered {other:?}"))),
        }
    }

    /// Checks that no work on a submission was begun, if the factory can tell.
    ///
    /// # Errors
    /// If it was.
    pub fn never_started(&self, key: &RequestKey) -> Checked {
        let starts = self.factory.starts(key).unwrap_or_default();
        ensure!(starts == 0, "`{key}` was begun {starts} times, though its packages are there");
        Ok(())
    }

    /// Checks that work on a submission was begun once, if the factory can tell.
    ///
    /// # Errors
    /// If it was begun more often, or never.
    pub fn started_once(&self, key: &RequestKey) -> Checked {
        let starts = self.factory.starts(key);
        ensure!(starts.is_none_or(|starts| starts == 1), "`{key}` was begun {} times", starts.unwrap_or_default());
        Ok(())
    }
}

fn only(statuses: Vec<TaskStatus>, task: &TaskId) -> Result<TaskState, Stop> {
    match <[TaskStatus; 1]>::try_from(statuses) {
        Ok([status]) if status.task == *task => Ok(status.state),
        Ok([status]) => {
            Err(Stop::broken(format!("asked about task `{task}`, `status` answers about `{}`", status.task)))
        }
        Err(all) => Err(Stop::broken(format!("asked about one task, `status` gives {} answers", all.len()))),
    }
}
