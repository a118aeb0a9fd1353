//! Asking the builder how tasks stand: on a hint about these tasks, otherwise about all of them once a period.

use super::driver::{Driver, Input};
use crate::build::{Event, TaskId, backoff};
use crate::builder::{BuilderError, TaskState, TaskStatus, Wakeup};
use crate::plan::ComponentIx;
use crate::{BuildId, Failure};
use chrono::{DateTime, Utc};
use futures::FutureExt;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Hints about tasks that are not known yet, kept until their submission is answered. A builder that hints at tasks of
/// others must not fill the memory.
const MAX_EARLY_HINTS: usize = 10_000;

/// The tasks that the driver waits for.
#[derive(Default)]
pub(super) struct Tasks {
    known: BTreeMap<TaskId, (BuildId, ComponentIx, u32)>,
    hinted: BTreeSet<TaskId>,
    early: BTreeSet<TaskId>,
    all_hinted: bool,
    asking: bool,
    poll_at: Option<DateTime<Utc>>,
    failures: u32,
}

/// The outcome of a question.
pub(super) struct Polled {
    asked: Vec<TaskId>,
    answer: Result<Vec<TaskStatus>, BuilderError>,
}

impl Tasks {
    pub(super) fn insert(&mut self, task: TaskId, owner: (BuildId, ComponentIx, u32)) {
        if self.early.remove(&task) {
            self.hinted.insert(task.clone());
        }
        self.known.insert(task, owner);
    }

    pub(super) fn forget(&mut self, build: BuildId) {
        self.known.retain(|_, (of, _, _)| *of != build);
    }

    pub(super) fn hint(&mut self, hint: Wakeup) {
        match hint {
            Wakeup::Task(task) if self.known.contains_key(&task) => {
                self.hinted.insert(task);
            }
            Wakeup::Task(task) => {
                if self.early.len() < MAX_EARLY_HINTS {
                    self.early.insert(task);
                } else {
                    self.all_hinted = true;
                }
            }
            Wakeup::Any => self.all_hinted = true,
            // The delivery that waits for a repository asks by itself.
            Wakeup::Repo => {}
        }
    }

    /// Asks about everything at the next opportunity.
    pub(super) fn ask_all(&mut self) {
        self.all_hinted = true;
    }

    pub(super) fn next_poll(&self) -> Option<DateTime<Utc>> {
        if self.asking || self.known.is_empty() { None } else { self.poll_at }
    }
}

impl Driver {
    /// Starts a question if one is due. One question at a time.
    pub(super) fn start_poll(&mut self) {
        let now = self.ports.clock.now();
        let tasks = &mut self.tasks;
        if tasks.asking || tasks.known.is_empty() {
            return;
        }
        let due = *tasks.poll_at.get_or_insert(now + self.config.poll) <= now;
        let backing_off = tasks.failures > 0;
        let all = due || (tasks.all_hinted && !backing_off);
        let asked: Vec<TaskId> = if all {
            tasks.known.keys().cloned().collect()
        } else if backing_off {
            Vec::new()
        } else {
            tasks.hinted.iter().filter(|task| tasks.known.contains_key(*task)).cloned().collect()
        };
        if asked.is_empty() {
            return;
        }
        if all {
            tasks.all_hinted = false;
            tasks.poll_at = Some(now + self.config.poll);
        }
        tasks.hinted.clear();
        tasks.asking = true;
        let builder = Arc::clone(&self.ports.builder);
        self.polls.push(
            async move {
                let answer = builder.status(&asked).await;
                Polled { asked, answer }
            }
            .boxed(),
        );
    }

    /// Takes in the answer.
    pub(super) fn polled(&mut self, Polled { asked, answer }: Polled) {
        self.tasks.asking = false;
        match answer {
            Ok(statuses) => {
                self.tasks.failures = 0;
                for TaskStatus { task, state } in statuses {
                    self.task_stands(&task, state);
                }
            }
            Err(error) => {
                self.tasks.failures += 1;
                let failures = self.tasks.failures;
                tracing::warn!(failures, "the backend does not tell how tasks stand: {error}");
                if failures >= self.config.patience {
                    self.tasks.failures = 0;
                    for task in asked {
                        let Some((build, component, attempt)) = self.tasks.known.remove(&task) else { continue };
                        let event = Event::TaskGivenUp { component, attempt, failure: error.failure() };
                        self.inbox.push_back(Input { build, event: Some(event), done: Vec::new() });
                    }
                } else {
                    self.tasks.poll_at = Some(self.ports.clock.now() + backoff(failures));
                }
            }
        }
    }

    fn task_stands(&mut self, task: &TaskId, state: TaskState) {
        if !state.is_over() {
            return;
        }
        let Some((build, component, attempt)) = self.tasks.known.remove(task) else { return };
        let event = match state {
            TaskState::Running => return,
            TaskState::Complete(built) => Event::ComponentCompleted { component, attempt, built },
            TaskState::Failed(failure) => Event::ComponentFailed { component, attempt, failure },
            TaskState::Canceled => {
                let failure = Failure::infra("the task was cancelled in the build system");
                Event::ComponentFailed { component, attempt, failure }
            }
            TaskState::Lost(failure) => Event::TaskLost { component, attempt, failure },
        };
        self.inbox.push_back(Input { build, event: Some(event), done: Vec::new() });
    }
}
