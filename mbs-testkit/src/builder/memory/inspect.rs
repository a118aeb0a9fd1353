//! Looking at the build system from outside, for assertions.

use super::builder::MemoryBuilder;
use super::module::visible;
use super::task::Task;
use chrono::{DateTime, Utc};
use mbs_core::build::TaskId;
use mbs_core::builder::{FinalComponent, RequestKey, TaskState};
use mbs_core::{BuildId, ComponentName};
use std::collections::BTreeSet;

/// A task with everything that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryTask {
    /// Its handle.
    pub id: TaskId,
    /// Key of the submission that started it.
    pub key: RequestKey,
    /// Its batch label.
    pub batch: u32,
    /// Components of its own module that its buildroot saw.
    pub buildroot: BTreeSet<ComponentName>,
    /// When it was submitted.
    pub started: DateTime<Utc>,
    /// Whether nothing was built, because packages of an earlier build were to be taken.
    pub taken: bool,
    /// How it stands.
    pub state: TaskState,
}

/// What a reader finds in the repository of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemoryRepo {
    /// File names of the RPMs, sorted.
    pub rpms: BTreeSet<String>,
    /// The module metadata; none before the end of the build.
    pub modulemd: Option<String>,
}

impl MemoryBuilder {
    /// All tasks in the order of their submission.
    pub fn tasks(&self) -> Vec<MemoryTask> {
        let world = self.lock();
        let record = |(position, task): (usize, &Task)| MemoryTask {
            id: Task::id(position),
            key: task.key.clone(),
            batch: task.batch,
            buildroot: self.seen(&world.modules, task),
            started: task.started,
            taken: task.taken,
            state: task.state.clone(),
        };
        world.tasks.iter().enumerate().map(record).collect()
    }

    /// The latest task of a component.
    pub fn task(&self, build: BuildId, component: &str) -> Option<MemoryTask> {
        self.tasks().into_iter().rev().find(|t| t.key.build == build && t.key.component.as_str() == component)
    }

    /// How many tasks run now.
    pub fn running(&self) -> usize {
        self.lock().running
    }

    /// How many tasks have run at the same time at most.
    pub fn most_running(&self) -> usize {
        self.lock().most_running
    }

    /// What the repository at an address of [`repo_for`](mbs_core::builder::GenericBuilder::repo_for) holds; none if
    /// there is no such repository.
    pub fn read_repo(&self, address: &str) -> Option<MemoryRepo> {
        let build = BuildId(address.strip_prefix("memory:")?.parse().ok()?);
        let world = self.lock();
        let module = world.modules.get(&build)?;
        let Some(last) = &module.result else {
            let rpms = module.content().flat_map(|entry| entry.built.rpms.iter().cloned()).collect();
            return Some(MemoryRepo { rpms, modulemd: None });
        };
        let kept = |component: &&FinalComponent| !component.build_only;
        let rpms = last.components.iter().filter(kept).flat_map(|component| &component.published.built.rpms);
        let filter = &last.module.filter;
        let rpms = rpms.filter(|file| !filter.iter().any(|name| *name == rpm_name(file))).cloned().collect();
        Some(MemoryRepo { rpms, modulemd: Some(last.module.modulemd.clone()) })
    }

    fn seen(
        &self,
        modules: &std::collections::BTreeMap<BuildId, super::module::Module>,
        task: &Task,
    ) -> BTreeSet<ComponentName> {
        use mbs_core::builder::GenericBuilder;
        let scope = self.capabilities().exact_scope.then_some(&task.scope);
        let log = modules.get(&task.key.build).map_or(&[][..], |module| &module.log);
        let before = log.iter().take(task.saw);
        before.filter(|entry| visible(entry, scope)).map(|entry| entry.key.component.clone()).collect()
    }
}

/// The package name in a file name `NAME-VERSION-RELEASE.ARCH.rpm`.
fn rpm_name(file: &str) -> &str {
    file.rsplitn(3, '-').nth(2).unwrap_or(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_name_may_hold_dashes() {
        assert_eq!(rpm_name("perl-libs-5.30-1.module+el8+1+abc.x86_64.rpm"), "perl-libs");
    }
}
