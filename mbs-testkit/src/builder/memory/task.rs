//! One task.

use super::script::Outcome;
use chrono::{DateTime, Utc};
use mbs_core::Failure;
use mbs_core::build::{BuiltComponent, Scope, TaskId};
use mbs_core::builder::{RequestKey, TaskState};

/// A task as the world keeps it.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) key: RequestKey,
    pub(super) release: String,
    pub(super) batch: u32,
    pub(super) scope: Scope,
    /// Length of the repository's log at submission: what the buildroot could see is before that.
    pub(super) saw: usize,
    pub(super) started: DateTime<Utc>,
    /// Whether its packages were taken from an earlier build, or should have been: nothing was built.
    pub(super) taken: bool,
    pub(super) outcome: Outcome,
    pub(super) state: TaskState,
}

impl Task {
    /// The handle of the task at a position.
    pub(super) fn id(position: usize) -> TaskId {
        TaskId(format!("task-{position}"))
    }

    /// The position of a handle.
    pub(super) fn position(id: &TaskId) -> Option<usize> {
        id.0.strip_prefix("task-")?.parse().ok()
    }

    /// How it stands after its outcome has come to pass.
    pub(super) fn ended(&self, outcome: &Outcome, now: DateTime<Utc>) -> TaskState {
        match outcome {
            Outcome::Complete(names) => {
                let source = self.key.component.as_str();
                let names = if names.is_empty() { &[source.to_owned()][..] } else { names };
                let mut rpms: Vec<String> =
                    names.iter().map(|name| format!("{name}-1-1.{}.noarch.rpm", self.release)).collect();
                rpms.sort();
                let milliseconds = u64::try_from((now - self.started).num_milliseconds()).ok();
                TaskState::Complete(BuiltComponent {
                    nvr: format!("{source}-1-1.{}", self.release),
                    rpms,
                    milliseconds,
                    reused_from: None,
                })
            }
            Outcome::Fail(failure) => TaskState::Failed(failure.clone()),
            Outcome::Lost(reason) => TaskState::Lost(Failure::infra(reason.clone())),
            Outcome::Canceled => TaskState::Canceled,
        }
    }
}
