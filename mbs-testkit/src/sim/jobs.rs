//! What is going to happen in the world, by the moment it is due.

use super::world::World;
use chrono::{DateTime, Utc};
use mbs_core::BuildId;
use mbs_core::builder::Wakeup;
use std::collections::BTreeMap;

/// A call whose work is done at its moment, whether its caller is still there or not.
pub(super) type Call = Box<dyn FnOnce(&mut World) + Send>;

pub(super) enum Job {
    /// A task may be over.
    TaskOver(u64),
    /// A repository is regenerated.
    Regenerated(BuildId),
    /// Work of a call that goes on without its caller.
    Call(Call),
    /// A hint reaches a driver.
    Hint(usize, Wakeup),
    /// A driver that does not answer any more is killed.
    Kill(usize),
    /// A driver starts after a crash.
    Start(usize),
    /// A frozen driver goes on.
    Thaw(usize),
    /// Something happens from outside.
    Meddle,
    /// Nothing goes wrong from now on.
    Calm,
}

/// Jobs in the order of their moments, equal ones in the order in which they were planned.
#[derive(Default)]
pub(super) struct Agenda {
    jobs: BTreeMap<(DateTime<Utc>, u64), Job>,
    count: u64,
}

impl Agenda {
    pub(super) fn plan(&mut self, when: DateTime<Utc>, job: Job) {
        self.count += 1;
        self.jobs.insert((when, self.count), job);
    }

    pub(super) fn next(&self) -> Option<DateTime<Utc>> {
        self.jobs.first_key_value().map(|((when, _), _)| *when)
    }

    pub(super) fn take_due(&mut self, now: DateTime<Utc>) -> Option<Job> {
        let entry = self.jobs.first_entry()?;
        (entry.key().0 <= now).then(|| entry.remove())
    }

    pub(super) fn forget_meddling(&mut self) {
        self.jobs.retain(|_, job| !matches!(job, Job::Meddle));
    }
}
