//! The backend of a run.

use super::jobs::Job;
use super::trace::What;
use super::world::{End, Shared, Task, Verdict, World};
use async_trait::async_trait;
use chrono::TimeDelta;
use futures::channel::mpsc;
use futures::stream::{BoxStream, StreamExt};
use mbs_core::build::{BuiltComponent, Scope, TaskId};
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext,
    PublishRequest, RequestKey, TaskState, TaskStatus, Wakeup,
};
use mbs_core::clock::Clock;
use mbs_core::plan::{ComponentIx, Order};
use mbs_core::{BuildId, ComponentName, Failure};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// A driver's connection to the backend.
pub(super) struct SimBuilder {
    pub(super) shared: Arc<Shared>,
    pub(super) driver: usize,
}

impl SimBuilder {
    /// Makes a call that changes something: refused, done and answered, done and not answered, done without its caller.
    async fn call<T: Send + 'static>(
        &self,
        name: &'static str,
        build: BuildId,
        component: u32,
        work: impl FnOnce(&mut World) -> T + Send + 'static,
    ) -> Result<T, BuilderError> {
        let verdict = self.shared.verdict(self.driver, name, build, component);
        let value = match verdict {
            Verdict::Refuse => return Err(BuilderError::unavailable("connection refused")),
            // The tidying up must not go on behind the back of a build that was resumed in the meantime.
            Verdict::Serve { detached: true } if name != "finalize" => self.detached(work).await,
            Verdict::Serve { .. } | Verdict::LoseAnswer | Verdict::Hang => {
                self.shared.latency(verdict).await;
                Some(work(&mut self.shared.lock()))
            }
        };
        match (verdict, value) {
            (Verdict::Hang, _) => futures::future::pending().await,
            (Verdict::Serve { .. }, Some(value)) => Ok(value),
            _ => Err(BuilderError::unavailable("connection reset")),
        }
    }

    /// The work is done at its moment, also if this future is dropped before.
    async fn detached<T: Send + 'static>(&self, work: impl FnOnce(&mut World) -> T + Send + 'static) -> Option<T> {
        let slot = Arc::new(Mutex::new(None));
        let until = {
            let mut world = self.shared.lock();
            let late = world.chance(100);
            let until = world.now() + world.time(1, if late { 120_000 } else { 5_000 });
            let slot = Arc::clone(&slot);
            let work = move |world: &mut World| {
                let value = work(world);
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            };
            world.agenda.plan(until, Job::Call(Box::new(work)));
            until
        };
        self.shared.pause(Some(until)).await;
        slot.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Asks something.
    async fn ask<T>(
        &self,
        name: &'static str,
        build: BuildId,
        answer: impl FnOnce(&mut World) -> T,
    ) -> Result<T, BuilderError> {
        let verdict = self.shared.verdict(self.driver, name, build, 0);
        self.shared.latency(verdict).await;
        match verdict {
            Verdict::Serve { .. } => Ok(answer(&mut self.shared.lock())),
            Verdict::Refuse | Verdict::LoseAnswer => Err(BuilderError::unavailable("gateway timeout")),
            Verdict::Hang => futures::future::pending().await,
        }
    }
}

#[async_trait]
impl GenericBuilder for SimBuilder {
    fn name(&self) -> &'static str {
        "sim"
    }

    fn capabilities(&self) -> BuilderCapabilities {
        BuilderCapabilities {
            cancel: true,
            survives_process: true,
            exact_scope: true,
            average_build_time: false,
            reuse: true,
            wakeups: true,
        }
    }

    async fn connect(&self, module: &ModuleContext) -> Result<(), BuilderError> {
        let build = module.build;
        self.call("connect", build, 0, move |world| world.repos.entry(build).or_default().connected = true).await
    }

    async fn submit(&self, request: &ComponentRequest) -> Result<TaskId, BuilderError> {
        let request = request.clone();
        let (build, component) = (request.key.build, self.shared.lock().position(&request.key).0);
        self.call("submit", build, component, move |world| world.submit(&request)).await
    }

    async fn recover(&self, key: &RequestKey) -> Result<Option<TaskId>, BuilderError> {
        self.ask("recover", key.build, |world| world.keys.get(key).copied().map(World::task_id)).await
    }

    async fn status(&self, tasks: &[TaskId]) -> Result<Vec<TaskStatus>, BuilderError> {
        let answer = |world: &mut World| {
            tasks.iter().map(|task| TaskStatus { task: task.clone(), state: world.stands(task) }).collect()
        };
        self.ask("status", BuildId(0), answer).await
    }

    async fn cancel(&self, task: &TaskId) -> Result<(), BuilderError> {
        let task = task.clone();
        self.call("cancel", BuildId(0), 0, move |world| world.cancel(&task)).await
    }

    async fn tag(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let request = request.clone();
        self.call("tag", request.module.build, 0, move |world| world.tag(&request)).await
    }

    async fn regenerate(&self, request: &PublishRequest) -> Result<(), BuilderError> {
        let request = request.clone();
        self.call("regenerate", request.module.build, 0, move |world| world.regenerate(&request)).await
    }

    async fn is_ready(&self, request: &PublishRequest) -> Result<bool, BuilderError> {
        self.ask("is_ready", request.module.build, |world| world.is_ready(request)).await
    }

    async fn finalize(&self, request: &FinalizeRequest) -> Result<(), BuilderError> {
        let request = request.clone();
        let driver = self.driver;
        self.call("finalize", request.module.build, 0, move |world| world.finalize(&request, driver)).await
    }

    async fn repo_for(&self, _: &ModuleContext) -> Result<Option<String>, BuilderError> {
        Ok(None)
    }

    async fn average_build_time(&self, names: &[ComponentName]) -> Result<Vec<Option<Duration>>, BuilderError> {
        Ok(vec![None; names.len()])
    }

    fn wakeups(&self) -> BoxStream<'static, Wakeup> {
        let (sender, receiver) = mpsc::unbounded();
        self.shared.lock().ports[self.driver].hints.push(sender);
        receiver.boxed()
    }
}

impl World {
    /// Where a component stands in its plan.
    fn position(&self, key: &RequestKey) -> ComponentIx {
        let plan = self.models.get(&key.build).map(|model| &model.header.request.plan);
        let found = plan.and_then(|plan| plan.indices().find(|ix| plan.components[ix.index()].name == key.component));
        found.unwrap_or(ComponentIx(u32::MAX))
    }

    fn submit(&mut self, request: &ComponentRequest) -> TaskId {
        let key = &request.key;
        if let Some(task) = self.keys.get(key) {
            return Self::task_id(*task);
        }
        let ix = self.position(key);
        self.may_begin(request, ix);
        let now = self.now();
        let number = self.tasks.len() as u64;
        let mut lasts = self.time(10, 60_000);
        let (lost, cancelled) = (self.faults.task_lost, self.faults.task_cancelled);
        let fails = !self.healed && self.failures.get(&key.build).is_some_and(|all| all[ix.index()] >= key.attempt);
        // Sometimes the packages of the earlier build are gone.
        let taken = request.reuse.as_ref().is_some_and(|order| order.required || order.component.key.is_some());
        let end = if taken {
            lasts = TimeDelta::zero();
            End::Taken
        } else if self.chance(lost) {
            End::Lost
        } else if self.chance(cancelled) {
            End::Canceled
        } else if fails {
            End::Failed
        } else {
            End::Complete
        };
        let ends = now + lasts;
        self.tasks.push(Task { key: key.clone(), ix, began: now, ends, end, told: false });
        self.keys.insert(key.clone(), number);
        self.agenda.plan(ends, Job::TaskOver(number));
        self.note(What::TaskBegan {
            task: number,
            build: key.build.0,
            component: ix.0,
            attempt: key.attempt,
            milliseconds: lasts.num_milliseconds(),
        });
        if self.rng.u8(..) < 8 {
            self.hint(&Wakeup::Task(Self::task_id(number)));
        }
        Self::task_id(number)
    }

    /// The rules about what may be begun.
    fn may_begin(&mut self, request: &ComponentRequest, ix: ComponentIx) {
        let key = &request.key;
        let (build, attempt) = (key.build, key.attempt);
        let Some(model) = self.models.get(&build) else {
            self.must(false, build, "only stored builds are built", || key.to_string());
            return;
        };
        let current = model.is_current(ix, attempt);
        let closing = model.closing.contains(&(ix, attempt));
        let state = model.state;
        self.must(current || closing, build, "no task begins that nobody waits for or ends", || {
            format!("{key} in state {state}")
        });
        if !current || self.violation.is_some() {
            return;
        }
        let Some(model) = self.models.get(&build) else { return };
        let plan = &model.header.request.plan;
        let real = |ix: &ComponentIx| plan.components[ix.index()].excluded.is_none();
        let needs = model.needs(ix).to_vec();
        let scope = match plan.order {
            Order::Batches => Scope::BatchesBefore(plan.components[ix.index()].batch),
            Order::Graph => {
                Scope::Components(needs.iter().map(|need| plan.components[need.index()].name.clone()).collect())
            }
        };
        let exact = plan.order == Order::Batches;
        let wanted: Vec<(ComponentIx, u32)> =
            needs.iter().filter(|ix| real(ix)).map(|ix| (*ix, model.parts[ix.index()].attempt)).collect();
        let others: Vec<u32> = self
            .tasks
            .iter()
            .filter(|task| task.key.build == build && task.ix == ix && task.ends > self.clock.now())
            .map(|task| task.key.attempt)
            .filter(|other| !model.closing.contains(&(ix, *other)))
            .collect();
        let repo = self.repos.entry(build).or_default();
        let holds = repo.holds.clone();
        let connected = repo.connected;
        self.must(connected, build, "nothing is submitted before its buildroot is ready", || key.to_string());
        self.must(others.is_empty(), build, "a component has one live task", || {
            format!("attempts {others:?} of {} live while {attempt} begins", key.component)
        });
        self.must(request.scope == scope, build, "the same plan gives the same buildroots", || {
            format!("{:?} instead of {scope:?} for {}", request.scope, key.component)
        });
        let there = wanted.iter().all(|(need, attempt)| holds.get(need) == Some(attempt));
        self.must(there, build, "no component starts before what it needs is in the repository", || {
            format!("{} needs {wanted:?}, the repository holds {holds:?}", key.component)
        });
        self.must(!exact || holds.len() == wanted.len(), build, "a buildroot sees earlier batches and no more", || {
            format!("{} needs {wanted:?}, the repository holds {holds:?}", key.component)
        });
    }

    /// How a task stands.
    pub(super) fn stands(&self, id: &TaskId) -> TaskState {
        let Some(task) = Self::task_number(id).and_then(|number| self.tasks.get(number)) else {
            return TaskState::Lost(Failure::infra("no such task"));
        };
        if task.ends > self.now() {
            return TaskState::Running;
        }
        match task.end {
            End::Complete => TaskState::Complete(BuiltComponent {
                nvr: format!("{}-1-{}", task.key.component, task.key.attempt),
                rpms: Vec::new(),
                milliseconds: u64::try_from((task.ends - task.began).num_milliseconds()).ok(),
                reused_from: None,
            }),
            End::Taken => {
                let model = self.models.get(&task.key.build);
                TaskState::Complete(BuiltComponent {
                    nvr: format!("{}-1-1", task.key.component),
                    reused_from: model.and_then(|model| model.header.request.reuse.from.clone()),
                    ..BuiltComponent::default()
                })
            }
            End::Failed => TaskState::Failed(Failure::user("%build failed")),
            End::Canceled => TaskState::Canceled,
            End::Lost => TaskState::Lost(Failure::infra("the machine is gone")),
        }
    }

    fn cancel(&mut self, id: &TaskId) {
        let now = self.now();
        let soon = now + self.time(1, 8000);
        let Some(number) = Self::task_number(id).filter(|number| *number < self.tasks.len()) else { return };
        let task = &mut self.tasks[number];
        if task.ends > soon {
            task.ends = soon;
            task.end = End::Canceled;
            self.agenda.plan(soon, Job::TaskOver(number as u64));
        }
    }

    /// The moment of a task's end has come, if it was not moved.
    pub(super) fn task_over(&mut self, number: u64) {
        let now = self.now();
        let Some(task) = usize::try_from(number).ok().and_then(|n| self.tasks.get_mut(n)) else { return };
        if task.ends > now || std::mem::replace(&mut task.told, true) {
            return;
        }
        let how = match task.end {
            End::Complete => "complete",
            End::Taken => "taken",
            End::Failed => "failed",
            End::Canceled => "cancelled",
            End::Lost => "lost",
        };
        self.note(What::TaskOver { task: number, how });
        match self.rng.u8(..) {
            0..8 => self.hint(&Wakeup::Any),
            8..16 => self.hint(&Wakeup::Repo),
            16..24 => self.hint(&Wakeup::Task(Self::task_id(number + 1000))),
            _ => self.hint(&Wakeup::Task(Self::task_id(number))),
        }
    }

    fn tag(&mut self, request: &PublishRequest) {
        let build = request.module.build;
        for component in &request.components {
            let key = &component.key;
            let ix = self.position(key);
            let complete = self.keys.get(key).is_some_and(|task| {
                matches!(self.stands(&Self::task_id(*task)), TaskState::Complete(built) if built == component.built)
            });
            self.must(complete, build, "only what is built is tagged", || key.to_string());
            self.repos.entry(build).or_default().tagged.insert(ix, key.attempt);
        }
    }

    fn regenerate(&mut self, request: &PublishRequest) {
        let build = request.module.build;
        for component in &request.components {
            let ix = self.position(&component.key);
            let tagged = self.repos.entry(build).or_default().tagged.get(&ix) == Some(&component.key.attempt);
            self.must(tagged, build, "what goes into the repository is tagged before", || component.key.to_string());
        }
        self.begin_regeneration(build);
    }

    fn begin_regeneration(&mut self, build: BuildId) {
        let lost = self.faults.task_lost;
        if self.chance(lost) {
            // It fails in the backend; the next question starts another one.
            return;
        }
        self.repos.entry(build).or_default().regenerating += 1;
        let when = self.now() + self.time(1, 5000);
        self.agenda.plan(when, Job::Regenerated(build));
    }

    pub(super) fn regenerated(&mut self, build: BuildId) {
        let repo = self.repos.entry(build).or_default();
        repo.regenerating = repo.regenerating.saturating_sub(1);
        repo.holds.clone_from(&repo.tagged);
        let components = repo.holds.len();
        self.note(What::Regenerated { build: build.0, components });
        self.hint(&Wakeup::Repo);
    }

    fn is_ready(&mut self, request: &PublishRequest) -> bool {
        let build = request.module.build;
        let wanted: Vec<_> = request.components.iter().map(|c| (self.position(&c.key), c.key.attempt)).collect();
        let repo = self.repos.entry(build).or_default();
        let ready = wanted.iter().all(|(ix, attempt)| repo.holds.get(ix) == Some(attempt));
        if !ready && repo.regenerating == 0 {
            self.begin_regeneration(build);
        }
        ready
    }

    fn finalize(&mut self, request: &FinalizeRequest, driver: usize) {
        let build = request.module.build;
        let success = request.success;
        if success {
            for component in &request.components {
                let key = &component.published.key;
                let ix = self.position(key);
                let there = self.repos.entry(build).or_default().holds.get(&ix) == Some(&key.attempt);
                self.must(there, build, "the final repository is made of what was published", || key.to_string());
            }
        }
        let repo = self.repos.entry(build).or_default();
        // A driver that slept through the end of its lease may tidy up late; no order of effects can prevent that.
        repo.connected &= self.holders.get(&build) != Some(&driver);
        repo.finished |= success;
        self.note(What::Finalized { build: build.0, success });
    }
}
