//! The builder itself.

use super::module::Module;
use super::script::{Outcome, Script};
use super::task::Task;
use super::world::World;
use async_trait::async_trait;
use chrono::TimeDelta;
use futures::stream::{BoxStream, StreamExt};
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskState, TaskStatus, Wakeup,
};
use mbs_core::clock::Clock;
use mbs_core::{BuildId, ComponentName, Failure};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// A [`GenericBuilder`] whose build system is a piece of shared memory.
///
/// Every component is built at once and well unless a [`Script`] says otherwise. Clones are the same instance;
/// [`reopen`](Self::reopen) gives another one over the same build system, as after the end of a process.
#[derive(Clone)]
pub struct MemoryBuilder {
    pub(super) world: Arc<Mutex<World>>,
    clock: Arc<dyn Clock>,
    capabilities: BuilderCapabilities,
}

impl MemoryBuilder {
    /// An empty build system with every ability.
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        let capabilities = BuilderCapabilities {
            cancel: true,
            survives_process: true,
            exact_scope: true,
            average_build_time: true,
            reuse: true,
            wakeups: true,
        };
        Self { world: Arc::default(), clock, capabilities }
    }

    /// The same with other abilities; what is missing is really missing.
    pub fn with_capabilities(mut self, capabilities: BuilderCapabilities) -> Self {
        self.capabilities = capabilities;
        self
    }

    /// A new instance over the same build system. If tasks do not survive their process, those that run are lost.
    pub fn reopen(&self) -> Self {
        if !self.capabilities.survives_process {
            let lost = Outcome::Lost("its process has ended".to_owned());
            let mut world = self.lock();
            for position in 0..world.tasks.len() {
                world.end(position, Some(&lost), self.clock.now());
            }
        }
        self.clone()
    }

    /// Sets what becomes of a component, in every build, from the next submission on.
    pub fn script(&self, component: ComponentName, script: Script) {
        self.lock().scripts.insert(component, script);
    }

    /// Sets what becomes of components without a script of their own.
    pub fn script_others(&self, script: Script) {
        self.lock().usual = script;
    }

    /// Sets how long a repository takes to be regenerated.
    pub fn repo_takes(&self, delay: TimeDelta) {
        self.lock().repo_delay = delay;
    }

    /// Ends a running task as its script says. False if it has ended already, or is not known.
    pub fn finish(&self, task: &TaskId) -> bool {
        self.lock().finish(task, None, self.clock.now())
    }

    /// Ends a running task in this way. False if it has ended already, or is not known.
    pub fn finish_with(&self, task: &TaskId, outcome: &Outcome) -> bool {
        self.lock().finish(task, Some(outcome), self.clock.now())
    }

    /// Throws the packages of an attempt away: what is published of it stays, but no later build can take them.
    pub fn throw_away(&self, key: &RequestKey) {
        self.lock().gone.insert(key.clone());
    }

    /// The world as it is now.
    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        let mut world = self.world.lock().unwrap_or_else(PoisonError::into_inner);
        world.settle(self.clock.now());
        world
    }

    /// Where the repository of a build is.
    pub(super) fn address(build: BuildId) -> String {
        format!("memory:{build}")
    }
}

/// The answer to a call whose needs are not met.
fn refuse(reason: String) -> BuilderError {
    BuilderError::Refused(Failure::infra(reason))
}

#[async_trait]
impl GenericBuilder for MemoryBuilder {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn capabilities(&self) -> BuilderCapabilities {
        self.capabilities
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        self.lock().modules.entry(module.build).or_default();
        Ok(())
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        self.lock().submit(request, self.capabilities, self.clock.now())
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        Ok(self.lock().keys.get(key).map(|position| Task::id(*position)))
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        let world = self.lock();
        let unknown = || TaskState::Lost(Failure::infra("the build system does not know the task"));
        let state = |id| Some(world.tasks.get(Task::position(id)?)?.state.clone());
        Ok(tasks.iter().map(|id| TaskStatus { task: id.clone(), state: state(id).unwrap_or_else(unknown) }).collect())
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        if self.capabilities.cancel {
            self.lock().finish(task, Some(&Outcome::Canceled), self.clock.now());
        }
        Ok(())
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let mut world = self.lock();
        for published in &request.components {
            let task = world.keys.get(&published.key).and_then(|position| world.tasks.get(*position));
            if !task.is_some_and(|task| matches!(task.state, TaskState::Complete(_))) {
                return Err(refuse(format!("`{}` is not complete", published.key)));
            }
        }
        world.module(request.module.build)?.tag(request);
        Ok(())
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        self.lock().regenerate(request, self.clock.now())
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        let mut world = self.lock();
        let module = world.module(request.module.build)?;
        Ok(request.components.iter().all(|published| module.holds(&published.key)))
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        let mut world = self.lock();
        if !request.success {
            // Nothing lies about that could be tidied up.
            return Ok(());
        }
        let module = world.module(request.module.build)?;
        if let Some(missing) = request.components.iter().find(|last| !module.holds(&last.published.key)) {
            return Err(refuse(format!("`{}` is not in the repository", missing.published.key)));
        }
        module.result = Some(request.clone());
        Ok(())
    }

    async fn repo_for(&self, module: &ModuleContext) -> Result<Option<String>, BuilderError> {
        let there = |module: &Module| !module.log.is_empty() || module.result.is_some();
        let world = self.lock();
        Ok(world.modules.get(&module.build).is_some_and(there).then(|| Self::address(module.build)))
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        let world = self.lock();
        let known = |name| if self.capabilities.average_build_time { world.times.get(name).copied() } else { None };
        Ok(names.iter().map(known).collect())
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        if !self.capabilities.wakeups {
            return futures::stream::pending().boxed();
        }
        let mut world = self.lock();
        let ahead = world.ahead();
        world.hints.listen(Arc::clone(&self.clock), ahead)
    }
}
