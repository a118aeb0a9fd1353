//! The trait itself.

use super::error::BuilderError;
use super::request::{ComponentRequest, FinalizeRequest, ModuleContext, PublishRequest, RequestKey};
use super::status::{BuilderCapabilities, TaskStatus, Wakeup};
use crate::ComponentName;
use crate::build::TaskId;
use async_trait::async_trait;
use futures::stream::BoxStream;
use std::time::Duration;

/// Builds the components of module builds as RPMs.
///
/// Every call may be lost, answered late, repeated, or dropped at any await point; the process may be killed at any
/// moment and another one go on with a new instance of the same builder. Implementations keep what they need for that
/// outside the process.
#[async_trait]
pub trait GenericBuilder: Send + Sync {
    /// Name of the backend as `--backend` takes it.
    fn name(&self) -> &str;

    /// What this builder can do. The same for the whole life of the instance.
    fn capabilities(&self) -> BuilderCapabilities;

    /// Prepares everything that the first component of a build needs: folders, tags, dependencies, groups.
    ///
    /// - Needs: nothing.
    /// - Behaviour: when it returns, [`submit`](Self::submit) may be called for this build. What half stands from an
    ///   earlier call is completed.
    /// - Idempotency: may be called again at any time before [`finalize`](Self::finalize), also for a build that has
    ///   finished components; they stay.
    /// - Errors: an error that says never to retry fails the module with its blame.
    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError>;

    /// Starts building a component and returns its task without waiting for the end.
    ///
    /// - Needs: a successful [`connect`](Self::connect) of the module, in this process or an earlier one; the repository
    ///   holds everything in the request's scope.
    /// - Behaviour: the buildroot sees exactly the components of the request's scope. What is wrong with the component
    ///   itself (source, spec, dependency) is not an error of this call but a failed task.
    ///   With [`BuilderCapabilities::reuse`], a request that names packages of an earlier build
    ///   ([`ComponentRequest::reuse`]) is not built if they are still there: its task is soon complete with these very
    ///   packages ([`ReuseOrder::outcome`](super::ReuseOrder::outcome)). If they are gone it is built, unless it is
    ///   required that it is not: then the task fails, by nobody's fault but the machine's.
    /// - Idempotency: a second call with an equal key returns the same task and starts nothing, whatever the state of
    ///   that task is.
    ///   An attempt may also be submitted only to be cancelled: so that a call of a driver that has died, should it
    ///   still arrive, finds its key taken.
    /// - Errors: after an error the task may or may not exist; the call may be repeated.
    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError>;

    /// Finds the task of an earlier [`submit`](Self::submit) whose answer was lost.
    ///
    /// - Needs: nothing; the build need not be known.
    /// - Behaviour: the task if the key was ever submitted, running or ended; none otherwise.
    /// - Idempotency: changes nothing.
    /// - Errors: only if it cannot be found out.
    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError>;

    /// Tells how tasks stand. This is the truth; [`wakeups`](Self::wakeups) are hints.
    ///
    /// - Needs: tasks that [`submit`](Self::submit) or [`recover`](Self::recover) returned.
    /// - Behaviour: one answer for each task, in the order of the question. A task that is complete, failed or cancelled
    ///   stays so. A task that nobody works on any more and that left no result is lost, also one that is not known.
    /// - Idempotency: changes nothing; a finished result that a killed process left behind is found.
    /// - Errors: only if nothing can be said about any of the tasks.
    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError>;

    /// Asks a task to end.
    ///
    /// - Needs: [`BuilderCapabilities::cancel`]. Without it the call succeeds and the task runs to its end.
    /// - Behaviour: soon afterwards [`status`](Self::status) tells that the task has ended: cancelled, lost, or complete
    ///   or failed if it ended before.
    /// - Idempotency: ending an ended or unknown task succeeds and changes nothing.
    /// - Errors: the task may still run; the call may be repeated.
    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError>;

    /// Marks the artifacts of components as part of the module, so that the next repository holds them.
    ///
    /// - Needs: complete tasks.
    /// - Behaviour: nothing becomes visible to buildroots before [`regenerate`](Self::regenerate).
    /// - Idempotency: tagging again changes nothing.
    /// - Errors: nothing or only a part may be tagged; the call may be repeated.
    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError>;

    /// Begins to bring the tagged artifacts into the repository that buildroots see. Those marked to be installed
    /// ([`PublishedComponent::install`](super::PublishedComponent::install)) are installed into every later buildroot
    /// that may see them.
    ///
    /// - Needs: a successful [`tag`](Self::tag) of the same request.
    /// - Behaviour: may return before the repository is ready. A reader never sees half a repository.
    /// - Idempotency: calling again is harmless; the result is the same.
    /// - Errors: the old repository stays in place; the call may be repeated.
    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError>;

    /// Whether the repository holds the artifacts of the request.
    ///
    /// - Needs: a successful [`regenerate`](Self::regenerate) of the same request.
    /// - Behaviour: once true, it stays true.
    /// - Idempotency: may start a regeneration again that has failed in the build system.
    /// - Errors: an error that says never to retry fails the module.
    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError>;

    /// Ends a build: makes the final repository after success, or tidies up after a failure or a cancel.
    ///
    /// - Needs: with success, every component complete and in the repository.
    /// - Behaviour: with success the final repository stands when it returns, filtered, with its module metadata. After
    ///   a failure everything that a resume needs stays: finished components and logs.
    /// - Idempotency: the same call again gives the same result.
    /// - Errors: a reader never sees half a result; the call may be repeated.
    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError>;

    /// Where the repository of a build is: a path or an address; none before there is one.
    ///
    /// - Needs: nothing.
    /// - Behaviour: after a successful [`finalize`](Self::finalize) the final repository.
    /// - Idempotency: changes nothing.
    /// - Errors: only if it cannot be found out.
    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError>;

    /// How long the packages took to build lately, one answer for each name.
    ///
    /// - Needs: [`BuilderCapabilities::average_build_time`]. Without it every answer is none.
    /// - Behaviour: an estimate.
    /// - Idempotency: changes nothing.
    /// - Errors: only if it cannot be found out; the caller goes on without.
    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError>;

    /// Hints that [`status`](Self::status) or [`is_ready`](Self::is_ready) may have something new.
    ///
    /// - Needs: nothing. Nobody has to listen, and any number may.
    /// - Behaviour: with [`BuilderCapabilities::wakeups`], a hint comes for every task that ends after the call. Hints may
    ///   be lost in a fault, late or wrong. The stream never ends; that of a builder without hints never yields, and the
    ///   builder is polled.
    fn wakeups(&self) -> BoxStream<'static, Wakeup>;
}
