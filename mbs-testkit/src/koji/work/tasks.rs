//! Tasks in general: made, moved on, ended.

use crate::koji::calls::check_listed;
use crate::koji::fault::Fault;
use crate::koji::world::{BuildState, Job, Task, TaskState, World};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

impl World {
    /// A new task; it is worked on at the next tick.
    pub(in crate::koji) fn add_task(
        &mut self,
        method: &str,
        request: Vec<Value>,
        owner: i64,
        priority: i64,
        job: Job,
    ) -> i64 {
        self.wrote = true;
        let id = self.tasks.last_key_value().map_or(1, |(id, _)| id + 1);
        let task = Task {
            id,
            method: method.to_owned(),
            arch: "noarch".to_owned(),
            label: None,
            parent: None,
            owner,
            channel: if method == "newRepo" { 2 } else { 1 },
            host: None,
            priority,
            create: self.now,
            start: None,
            completion: None,
            state: TaskState::Free,
            request,
            result: None,
            output: BTreeMap::new(),
            job,
        };
        self.tasks.insert(id, task);
        self.active.insert(id);
        id
    }

    /// A task below another, open at once; its parent moves it on.
    pub(super) fn add_child(&mut self, parent: i64, method: &str, label: &str, request: Vec<Value>) -> i64 {
        let (owner, priority) = (self.tasks[&parent].owner, self.tasks[&parent].priority);
        let id = self.add_task(method, request, owner, priority - 1, Job::Child);
        let now = self.now;
        let task = self.tasks.get_mut(&id).expect("it was just made");
        task.parent = Some(parent);
        task.label = Some(label.to_owned());
        task.state = TaskState::Open;
        task.start = Some(now);
        task.host = Some(1);
        self.children.entry(parent).or_default().push(id);
        id
    }

    /// Somebody begins to work on a task.
    pub(super) fn open(&mut self, id: i64) {
        let now = self.now;
        let task = self.tasks.get_mut(&id).expect("tasks stay");
        if task.state == TaskState::Free {
            task.state = TaskState::Open;
            task.start = Some(now);
            task.host = Some(1);
        }
    }

    /// The end of a task.
    pub(super) fn close(&mut self, id: i64, result: Result<Value, Fault>) {
        let now = self.now;
        let task = self.tasks.get_mut(&id).expect("tasks stay");
        if !task.state.is_active() {
            return;
        }
        task.state = if result.is_ok() { TaskState::Closed } else { TaskState::Failed };
        task.result = Some(result);
        task.completion = Some(now);
        self.active.remove(&id);
    }

    /// Cancels a task with all below it, and the build of a build task.
    pub(in crate::koji) fn cancel_task(&mut self, id: i64, recurse: bool) {
        let now = self.now;
        let Some(task) = self.tasks.get_mut(&id) else { return };
        if task.state.is_active() {
            task.state = TaskState::Canceled;
            task.completion = Some(now);
            self.active.remove(&id);
            self.wrote = true;
            if let Job::Building { build: Some(build), .. } = task.job {
                self.end_build(build, BuildState::Canceled);
            }
        }
        if recurse {
            for child in self.children.get(&id).cloned().unwrap_or_default() {
                self.cancel_task(child, true);
            }
        }
    }

    /// One step of all work.
    pub(in crate::koji) fn tick(&mut self) {
        self.serve_requests();
        let is_repo = |id: &i64| matches!(self.tasks[id].job, Job::Repo { .. });
        // Repositories first, so that a build that waits for one goes on in the same step.
        let (repos, others): (Vec<i64>, Vec<i64>) = self.active.iter().partition(|id| is_repo(id));
        for id in repos.into_iter().chain(others) {
            let Some(task) = self.tasks.get(&id).filter(|task| task.state.is_active()) else { continue };
            self.event = None;
            match task.job.clone() {
                Job::Child => {}
                Job::Waiting | Job::Building { .. } => self.work_on_build(id),
                Job::Repo { .. } => self.work_on_repo(id),
                Job::Tag { tag, build, force, from } => {
                    self.open(id);
                    let result = self.tag_now(tag, build, force, from);
                    self.close(id, result);
                }
            }
        }
        self.event = None;
    }

    fn tag_now(&mut self, tag: i64, build: i64, force: bool, from: Option<i64>) -> Result<Value, Fault> {
        if self.script.tag_failures > 0 {
            self.script.tag_failures -= 1;
            return Err(Fault::generic("Unable to tag: the host went away"));
        }
        check_listed(self, tag, build).or_else(|fault| if force { Ok(()) } else { Err(fault) })?;
        if self.tags.listing.get(&(tag, build), None).is_some() && !force {
            let nvr = self.builds[&build].nvr();
            return Err(Fault::tag(format!("build {nvr} already tagged ({})", self.tag_name(tag))));
        }
        let event = self.event();
        self.tags.listing.set((tag, build), (), event);
        if let Some(from) = from {
            self.tags.listing.revoke(&(from, build), event);
        }
        Ok(Value::Nil)
    }
}
