//! What stands outside the process: tasks and modules.

use super::hints::Hints;
use super::module::Module;
use super::script::{Ends, Outcome, Script};
use super::task::Task;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderCapabilities, BuilderError, ComponentRequest, PublishRequest, RequestKey, ReuseOrder, TaskState, Wakeup,
};
use mbs_core::{BuildId, ComponentName, Failure};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Something that comes to pass by itself.
#[derive(Debug)]
enum Due {
    Task(usize),
    Repo(PublishRequest),
}

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) scripts: BTreeMap<ComponentName, Script>,
    pub(super) usual: Script,
    pub(super) repo_delay: TimeDelta,
    pub(super) tasks: Vec<Task>,
    pub(super) keys: BTreeMap<RequestKey, usize>,
    pub(super) modules: BTreeMap<BuildId, Module>,
    pub(super) hints: Hints,
    /// Attempts whose packages are not kept any more.
    pub(super) gone: BTreeSet<RequestKey>,
    pub(super) running: usize,
    pub(super) most_running: usize,
    pub(super) times: BTreeMap<ComponentName, Duration>,
    refused: BTreeMap<RequestKey, u32>,
    due: BTreeMap<(DateTime<Utc>, u64), Due>,
    next_due: u64,
}

impl World {
    /// Lets everything happen that is due.
    pub(super) fn settle(&mut self, now: DateTime<Utc>) {
        while let Some(entry) = self.due.first_entry() {
            let at = entry.key().0;
            if at > now {
                break;
            }
            match entry.remove() {
                Due::Task(position) => self.end(position, None, at),
                Due::Repo(request) => self.modules.entry(request.module.build).or_default().publish(&request),
            }
        }
    }

    /// Ends a task that runs, as its script says or otherwise.
    pub(super) fn end(&mut self, position: usize, outcome: Option<&Outcome>, at: DateTime<Utc>) {
        let Some(task) = self.tasks.get_mut(position).filter(|task| task.state == TaskState::Running) else { return };
        let state = task.ended(outcome.unwrap_or(&task.outcome), at);
        if let TaskState::Complete(built) = &state {
            let time = Duration::from_millis(built.milliseconds.unwrap_or_default());
            self.times.insert(task.key.component.clone(), time);
        }
        task.state = state;
        self.running -= 1;
    }

    /// A build that was prepared.
    pub(super) fn module(&mut self, build: BuildId) -> Result<&mut Module, BuilderError> {
        let unknown = || BuilderError::Refused(Failure::infra(format!("build {build} is not connected")));
        self.modules.get_mut(&build).ok_or_else(unknown)
    }

    pub(super) fn submit(
        &mut self,
        request: &ComponentRequest,
        capabilities: BuilderCapabilities,
        now: DateTime<Utc>,
    ) -> Result<TaskId, BuilderError> {
        if let Some(position) = self.keys.get(&request.key) {
            return Ok(Task::id(*position));
        }
        let script = self.scripts.get(&request.key.component).unwrap_or(&self.usual).clone();
        let module = self.module(request.key.build)?;
        let scope = capabilities.exact_scope.then_some(&request.scope);
        let missing = module.missing(scope, &script.needs, &script.uses);
        let saw = module.log.len();
        if script.errors > 0 {
            let refused = self.refused.entry(request.key.clone()).or_insert(0);
            if *refused < script.errors {
                *refused += 1;
                return Err(BuilderError::unavailable("the build system is out of order"));
            }
        }
        let position = self.tasks.len();
        if let Some(state) =
            request.reuse.as_ref().filter(|_| capabilities.reuse).and_then(|order| self.taken(request, order))
        {
            self.tasks.push(Task {
                key: request.key.clone(),
                release: request.module.release.as_str().to_owned(),
                batch: request.batch,
                scope: request.scope.clone(),
                saw,
                started: now,
                taken: true,
                outcome: Outcome::Complete(Vec::new()),
                state,
            });
            self.keys.insert(request.key.clone(), position);
            self.hints.give(now, &Wakeup::Task(Task::id(position)));
            return Ok(Task::id(position));
        }
        let outcome = missing.map_or_else(|| script.outcome(request.key.attempt).clone(), Outcome::Fail);
        self.tasks.push(Task {
            key: request.key.clone(),
            release: request.module.release.as_str().to_owned(),
            batch: request.batch,
            scope: request.scope.clone(),
            saw,
            started: now,
            taken: false,
            outcome,
            state: TaskState::Running,
        });
        self.keys.insert(request.key.clone(), position);
        self.running += 1;
        self.most_running = self.most_running.max(self.running);
        match script.ends {
            Ends::AtOnce => {
                self.end(position, None, now);
                self.hints.give(now, &Wakeup::Task(Task::id(position)));
            }
            Ends::After(delay) => {
                self.plan(now + delay, Due::Task(position));
                self.hints.give(now + delay, &Wakeup::Task(Task::id(position)));
            }
            Ends::ByHand => {}
        }
        Ok(Task::id(position))
    }

    /// How a task stands that takes packages of an earlier build; none if it has to build instead.
    fn taken(&self, request: &ComponentRequest, order: &ReuseOrder) -> Option<TaskState> {
        let kept = order.component.key.as_ref().filter(|key| !self.gone.contains(*key));
        let task = kept.and_then(|key| self.tasks.get(*self.keys.get(key)?));
        match task.map(|task| &task.state) {
            Some(TaskState::Complete(built)) => Some(TaskState::Complete(order.outcome(built))),
            _ => order.required.then(|| TaskState::Failed(order.gone(&request.key.component))),
        }
    }

    /// Ends a task and tells about it. False if it has ended already, or is not known.
    pub(super) fn finish(&mut self, id: &TaskId, outcome: Option<&Outcome>, now: DateTime<Utc>) -> bool {
        let Some(position) = Task::position(id) else { return false };
        let runs = self.tasks.get(position).is_some_and(|task| task.state == TaskState::Running);
        if runs {
            self.end(position, outcome, now);
            self.hints.give(now, &Wakeup::Task(id.clone()));
        }
        runs
    }

    pub(super) fn regenerate(&mut self, request: &PublishRequest, now: DateTime<Utc>) -> Result<(), BuilderError> {
        let delay = self.repo_delay;
        let module = self.module(request.module.build)?;
        if let Some(key) = module.untagged(request) {
            return Err(BuilderError::Refused(Failure::infra(format!("`{key}` is not tagged"))));
        }
        if delay.is_zero() {
            module.publish(request);
        } else {
            self.plan(now + delay, Due::Repo(request.clone()));
        }
        self.hints.give(now + delay, &Wakeup::Repo);
        Ok(())
    }

    /// What will happen, for a listener who comes late.
    pub(super) fn ahead(&self) -> Vec<(DateTime<Utc>, Wakeup)> {
        let wakeup = |due: &Due| match due {
            Due::Task(position) => Wakeup::Task(Task::id(*position)),
            Due::Repo(_) => Wakeup::Repo,
        };
        self.due.iter().map(|((at, _), due)| (*at, wakeup(due))).collect()
    }

    fn plan(&mut self, at: DateTime<Utc>, due: Due) {
        self.next_due += 1;
        self.due.insert((at, self.next_due), due);
    }
}
