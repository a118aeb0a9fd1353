//! What a builder can do, and how its tasks stand.

use crate::Failure;
use crate::build::{BuiltComponent, TaskId};

/// What a builder can do. Callers look here before they call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one field per ability is the point of the record")]
pub struct BuilderCapabilities {
    /// Running tasks can be ended.
    pub cancel: bool,
    /// Tasks go on when the process that submitted them ends.
    pub survives_process: bool,
    /// The buildroot can be narrowed to a scope; otherwise it sees everything that is in the repository.
    pub exact_scope: bool,
    /// Earlier build times are known.
    pub average_build_time: bool,
    /// Packages of earlier builds can be taken instead of being built again.
    pub reuse: bool,
    /// Hints come for everything that happens; polling may be rare.
    pub wakeups: bool,
}

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaskState {
    /// Waiting or running.
    Running,
    /// Built.
    Complete(BuiltComponent),
    /// Failed for good.
    Failed(Failure),
    /// Ended on request.
    Canceled,
    /// Nobody works on it and there is no result; a new attempt may succeed.
    Lost(Failure),
}

impl TaskState {
    /// Whether nothing more will happen.
    pub fn is_over(&self) -> bool {
        !matches!(self, Self::Running)
    }
}

/// The answer about one task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskStatus {
    /// The task.
    pub task: TaskId,
    /// How it stands.
    pub state: TaskState,
}

/// A hint that something may have happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wakeup {
    /// To this task.
    Task(TaskId),
    /// To some repository.
    Repo,
    /// To anything.
    Any,
}
