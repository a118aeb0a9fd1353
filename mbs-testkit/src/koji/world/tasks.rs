//! Tasks, repositories and requests for repositories.

use crate::koji::fault::Fault;
use chrono::{DateTime, Utc};
use mbs_koji::rpc::xml::Value;
use std::collections::BTreeMap;

/// State of a task, with the numbers of the hub.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::koji) enum TaskState {
    Free = 0,
    Open = 1,
    Closed = 2,
    Canceled = 3,
    Failed = 5,
}

impl TaskState {
    /// Is there more to come?
    pub(in crate::koji) fn is_active(self) -> bool {
        matches!(self, Self::Free | Self::Open)
    }
}

/// How far the work on a task has come.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) enum Job {
    /// It is moved on by its parent.
    Child,
    /// A build that waits for its daemon or for a repository.
    Waiting,
    /// A build in the middle, with the polls it still takes.
    Building { polls: u32, build: Option<i64>, arches: Vec<(String, i64)>, plan: Box<Plan> },
    /// A new repository.
    Repo { polls: u32, repo: i64 },
    /// Tagging of a build.
    Tag { tag: i64, build: i64, force: bool, from: Option<i64> },
}

/// What a build will give.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Plan {
    pub(in crate::koji) name: String,
    pub(in crate::koji) version: String,
    pub(in crate::koji) release: String,
    pub(in crate::koji) source: String,
    pub(in crate::koji) outcome: crate::koji::script::Outcome,
}

/// A task.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Task {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) method: String,
    pub(in crate::koji) arch: String,
    pub(in crate::koji) label: Option<String>,
    pub(in crate::koji) parent: Option<i64>,
    pub(in crate::koji) owner: i64,
    pub(in crate::koji) channel: i64,
    pub(in crate::koji) host: Option<i64>,
    pub(in crate::koji) priority: i64,
    pub(in crate::koji) create: DateTime<Utc>,
    pub(in crate::koji) start: Option<DateTime<Utc>>,
    pub(in crate::koji) completion: Option<DateTime<Utc>>,
    pub(in crate::koji) state: TaskState,
    pub(in crate::koji) request: Vec<Value>,
    pub(in crate::koji) result: Option<Result<Value, Fault>>,
    pub(in crate::koji) output: BTreeMap<String, Vec<u8>>,
    pub(in crate::koji) job: Job,
}

/// A repository of a tag.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct Repo {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) tag: i64,
    pub(in crate::koji) task: i64,
    /// 0 made, 1 ready, 2 expired, 3 deleted, 4 problem.
    pub(in crate::koji) state: i64,
    pub(in crate::koji) event: i64,
    pub(in crate::koji) begin: i64,
    pub(in crate::koji) creation: DateTime<Utc>,
    pub(in crate::koji) changed: DateTime<Utc>,
    pub(in crate::koji) options: BTreeMap<String, Value>,
}

/// Somebody wants a repository.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::koji) struct RepoRequest {
    pub(in crate::koji) id: i64,
    pub(in crate::koji) tag: i64,
    pub(in crate::koji) active: bool,
    pub(in crate::koji) min_event: Option<i64>,
    pub(in crate::koji) at_event: Option<i64>,
    pub(in crate::koji) priority: i64,
    pub(in crate::koji) owner: i64,
    pub(in crate::koji) task: Option<i64>,
    pub(in crate::koji) tries: i64,
    pub(in crate::koji) repo: Option<i64>,
    pub(in crate::koji) options: BTreeMap<String, Value>,
    pub(in crate::koji) create: DateTime<Utc>,
    pub(in crate::koji) update: DateTime<Utc>,
}
