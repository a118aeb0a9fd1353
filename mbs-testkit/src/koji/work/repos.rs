//! Repositories are made, and requests for them served.

use crate::koji::fault::Fault;
use crate::koji::version::HubVersion;
use crate::koji::world::{Job, Repo, World};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

impl World {
    /// A task that makes a repository. What the repository holds is settled when the work on the task begins.
    pub(in crate::koji) fn add_repo_task(&mut self, tag: i64, owner: i64, options: BTreeMap<String, Value>) -> i64 {
        let polls = self.script.repo_polls.max(1);
        let request = vec![self.tag_name(tag).into(), Value::Struct(options)];
        self.add_task("newRepo", request, owner, 15, Job::Repo { polls, repo: 0 })
    }

    /// Is a repository of the tag on its way?
    pub(super) fn repo_under_way(&self, tag: i64) -> bool {
        let name = Value::from(self.tag_name(tag));
        self.active
            .iter()
            .filter_map(|id| self.tasks.get(id))
            .any(|task| matches!(task.job, Job::Repo { .. }) && task.request.first() == Some(&name))
    }

    /// The newest repository of a tag that is ready.
    pub(super) fn ready_repo(&self, tag: i64) -> Option<&Repo> {
        self.repos.values().rev().find(|repo| repo.tag == tag && repo.state == 1)
    }

    pub(super) fn work_on_repo(&mut self, id: i64) {
        let task = &self.tasks[&id];
        let Job::Repo { polls, repo } = task.job else { return };
        let Some(tag) = task.request.first().and_then(|name| self.find_tag(name, None)) else {
            return self.close(id, Err(Fault::generic("No such tag")));
        };
        self.open(id);
        let repo = if repo == 0 { self.begin_repo(id, tag) } else { repo };
        if polls > 1 {
            self.tasks.get_mut(&id).expect("tasks stay").job = Job::Repo { polls: polls - 1, repo };
            return;
        }
        let failed = self.script.repo_failures > 0;
        let now = self.now;
        let made = self.repos.get_mut(&repo).expect("it was begun");
        made.changed = now;
        if failed {
            made.state = 4;
            self.script.repo_failures -= 1;
            return self.close(id, Err(Fault::generic("failed to merge repos: createrepo_c exited with status 1")));
        }
        made.state = 1;
        let event = made.event;
        self.close(id, Ok(vec![repo.into(), event.into()].into()));
        let waiting = self.requests.values_mut().filter(|request| request.active && request.tag == tag);
        for request in waiting.filter(|request| {
            request.min_event.is_none_or(|least| event >= least) && request.at_event.is_none_or(|at| event == at)
        }) {
            request.repo = Some(repo);
            request.active = false;
            request.update = now;
        }
    }

    fn begin_repo(&mut self, task: i64, tag: i64) -> i64 {
        let begin = self.last_change(tag);
        let event = self.event();
        let id = self.repos.last_key_value().map_or(1, |(id, _)| id + 1);
        let options = match self.tasks[&task].request.get(1) {
            Some(Value::Struct(options)) => options.clone(),
            _ => BTreeMap::new(),
        };
        let (creation, changed) = (self.now, self.now);
        self.repos.insert(id, Repo { id, tag, task, state: 0, event, begin, creation, changed, options });
        if let Some(Job::Repo { repo, .. }) = self.tasks.get_mut(&task).map(|task| &mut task.job) {
            *repo = id;
        }
        id
    }

    /// The repository service: makes tasks for requests, tries failed ones again, gives up.
    pub(super) fn serve_requests(&mut self) {
        let service = self.add_user("kojira", None, 0);
        let waiting: Vec<i64> =
            self.requests.values().filter(|request| request.active).map(|request| request.id).collect();
        for id in waiting {
            let request = &self.requests[&id];
            let running =
                request.task.and_then(|task| self.tasks.get(&task)).is_some_and(|task| task.state.is_active());
            if running {
                continue;
            }
            let (tag, tries, now) = (request.tag, request.tries, self.now);
            if tries > i64::from(self.script.repo_retries) {
                let request = self.requests.get_mut(&id).expect("requests stay");
                request.active = false;
                request.update = now;
                continue;
            }
            let task = self.add_repo_task(tag, service, Self::usual_options());
            let request = self.requests.get_mut(&id).expect("requests stay");
            request.task = Some(task);
            request.tries += 1;
            request.update = now;
        }
        if self.version < HubVersion::V1_35 {
            self.watch_targets(service);
        }
    }

    /// Before 1.35 every tag that a target builds in was kept up to date without being asked.
    fn watch_targets(&mut self, service: i64) {
        let tags: std::collections::BTreeSet<i64> =
            self.tags.targets.all(None).map(|(_, row)| row.value.build_tag).collect();
        for tag in tags {
            let fresh = self.ready_repo(tag).is_some_and(|repo| repo.event >= self.last_change(tag));
            if !fresh && !self.repo_under_way(tag) && self.script.repo_failures == 0 {
                self.add_repo_task(tag, service, Self::usual_options());
            }
        }
    }

    pub(super) fn usual_options() -> BTreeMap<String, Value> {
        ["src", "debuginfo", "separate_src", "maven"].map(|name| (name.to_owned(), false.into())).into()
    }
}
