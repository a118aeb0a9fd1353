//! A builder that keeps all it knows in a folder, and calls a function to build.

use crate::disk::Disk;
use crate::repo::Repo;
use async_trait::async_trait;
use futures::stream::{BoxStream, StreamExt, pending};
use mbs_core::build::{BuiltComponent, TaskId};
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, PublishedComponent, RequestKey, TaskState, TaskStatus, Wakeup,
};
use mbs_core::{ComponentName, Failure};
use std::time::Duration;

/// Builds a component with what its buildroot sees.
pub type Build = fn(&ComponentRequest, &[PublishedComponent]) -> Result<BuiltComponent, Failure>;
/// The builder. A task is over when `submit` returns, so it needs neither hints nor a way to cancel.
pub struct FolderBuilder(pub Disk, pub Build);
type Answer<T> = Result<T, BuilderError>;

#[async_trait]
impl GenericBuilder for FolderBuilder {
    fn name(&self) -> &'static str {
        "folder"
    }
    fn capabilities(&self) -> BuilderCapabilities {
        BuilderCapabilities { survives_process: true, exact_scope: true, ..BuilderCapabilities::default() }
    }
    async fn connect(&self, _: &ModuleContext) -> Answer<()> {
        Ok(())
    }
    async fn submit(&self, request: &ComponentRequest) -> Answer<TaskId> {
        if self.recover(&request.key).await?.is_none() {
            let mut seen = self.0.read::<Repo>("repo", request.key.build)?.unwrap_or_default().components;
            seen.retain(|one| request.scope.shows(&one.key.component, one.batch));
            self.0.write("task", &request.key, &(self.1)(request, &seen))?;
        }
        Ok(TaskId(request.key.to_string()))
    }
    async fn recover(&self, key: &RequestKey) -> Answer<Option<TaskId>> {
        Ok(self.0.path("task", key).exists().then(|| TaskId(key.to_string())))
    }
    async fn status(&self, tasks: &[TaskId]) -> Answer<Vec<TaskStatus>> {
        let state = |task| match self.0.read("task", task)? {
            Some(Ok(built)) => Ok(TaskState::Complete(built)),
            Some(Err(failure)) => Ok(TaskState::Failed(failure)),
            None => Ok(TaskState::Lost(Failure::infra("no such task"))),
        };
        tasks.iter().map(|task| Ok(TaskStatus { task: task.clone(), state: state(task)? })).collect()
    }
    async fn cancel(&self, _: &TaskId) -> Answer<()> {
        Ok(())
    }
    async fn tag(&self, _: &PublishRequest) -> Answer<()> {
        Ok(())
    }
    async fn regenerate(&self, request: &PublishRequest) -> Answer<()> {
        let mut repo: Repo = self.0.read("repo", request.module.build)?.unwrap_or_default();
        repo.add(request);
        self.0.write("repo", request.module.build, &repo)
    }
    async fn is_ready(&self, request: &PublishRequest) -> Answer<bool> {
        Ok(self.0.read::<Repo>("repo", request.module.build)?.is_some_and(|repo| repo.holds(request)))
    }
    async fn finalize(&self, request: &FinalizeRequest) -> Answer<()> {
        let write = || self.0.write("final", request.module.build, &Repo::finished(request));
        if request.success { write() } else { Ok(()) }
    }
    async fn repo_for(&self, module: &ModuleContext) -> Answer<Option<String>> {
        let paths = ["final", "repo"].map(|kind| self.0.path(kind, module.build));
        Ok(paths.into_iter().find(|path| path.exists()).map(|path| path.display().to_string()))
    }
    async fn average_build_time(&self, names: &[ComponentName]) -> Answer<Vec<Option<Duration>>> {
        Ok(vec![None; names.len()])
    }
    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        pending().boxed()
    }
}
