//! Tasks.

use super::reference::{Nothing, or_default};
use super::states::TaskState;
use crate::rpc::client::Call;
use crate::rpc::xml::{Bytes, Value};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A task.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Task {
    /// Its number.
    pub id: i64,
    /// How it goes.
    pub state: TaskState,
    /// What it does, as `build` or `buildArch`.
    #[serde(default, deserialize_with = "or_default")]
    pub method: String,
    /// Architecture of its host; `noarch` for any.
    #[serde(default, deserialize_with = "or_default")]
    pub arch: String,
    /// What it is called in its parent.
    #[serde(default)]
    pub label: Option<String>,
    /// The task that waits for it.
    #[serde(default)]
    pub parent: Option<i64>,
    /// Number of the user it belongs to.
    #[serde(default)]
    pub owner: Option<i64>,
    /// Name of that user; only in lists.
    #[serde(default)]
    pub owner_name: Option<String>,
    /// The channel of hosts it may run on.
    #[serde(default)]
    pub channel_id: Option<i64>,
    /// The host it runs on.
    #[serde(default)]
    pub host_id: Option<i64>,
    /// The lowest runs first.
    #[serde(default)]
    pub priority: Option<i64>,
    /// How much of a host it takes.
    #[serde(default)]
    pub weight: Option<f64>,
    /// When it was made, in seconds since 1970.
    #[serde(default)]
    pub create_ts: Option<f64>,
    /// When it began.
    #[serde(default)]
    pub start_ts: Option<f64>,
    /// When it ended.
    #[serde(default)]
    pub completion_ts: Option<f64>,
    /// Its arguments, if they were asked for.
    #[serde(default)]
    pub request: Option<Vec<Value>>,
}

/// The options of a build.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct BuildOptions {
    /// Is not tagged when it is done.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub skip_tag: bool,
    /// Leaves no build.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub scratch: bool,
    /// Architectures instead of those of the tag, with blanks between.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arch_override: Option<String>,
    /// The repository to build from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub repo_id: Option<i64>,
    /// Name of the component, so that a build can be found again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mbs_artifact_name: Option<String>,
    /// The target of the module, for the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mbs_module_target: Option<String>,
}

/// Builds a package; gives the number of the task. The hub checks nothing before the task runs.
pub fn build(source: &str, target: &str, options: &BuildOptions, priority: Option<i64>) -> Call<i64> {
    Call::write("build").arg(source).arg(target).arg(options).optional("priority", priority)
}

/// A task; none if there is no such.
pub fn get_task_info(task: i64, request: bool) -> Call<Option<Task>> {
    Call::read("getTaskInfo").arg(task).keyword("request", request)
}

/// Many tasks at once, in the order of the numbers; none for those that do not exist.
pub fn get_task_infos(tasks: &[i64], request: bool) -> Call<Vec<Option<Task>>> {
    Call::read("getTaskInfo").arg(tasks).keyword("request", request)
}

/// The tasks that a task waits for.
pub fn get_task_children(task: i64) -> Call<Vec<Task>> {
    Call::read("getTaskChildren").arg(task)
}

/// A task and everything below it: the children of each, by its number.
pub fn get_task_descendents(task: i64) -> Call<BTreeMap<i64, Vec<Task>>> {
    Call::read("getTaskDescendents").arg(task)
}

/// What a task gave; a task that failed gives its own fault, one that goes on or was cancelled fault 1000.
pub fn get_task_result<T>(task: i64) -> Call<T> {
    Call::read("getTaskResult").arg(task)
}

/// What tasks to list.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct TaskFilter {
    /// In one of these states.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub state: Vec<TaskState>,
    /// Of this kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Of the user with this number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<i64>,
    /// Below this task.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<i64>,
    /// Made after this moment, in seconds since 1970.
    #[serde(rename = "createdAfter", skip_serializing_if = "Option::is_none")]
    pub created_after: Option<f64>,
    /// With their arguments.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub decode: bool,
}

/// Which part of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct QueryOptions {
    /// At most this many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Without the first so many.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<i64>,
    /// By this member; with `-` before it the other way round.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<String>,
}

/// Tasks.
pub fn list_tasks(filter: &TaskFilter, options: &QueryOptions) -> Call<Vec<Task>> {
    Call::read("listTasks").arg(filter).arg(options)
}

/// Cancels a task and everything below it; without effect on one that has ended.
pub fn cancel_task(task: i64) -> Call<Nothing> {
    Call::write("cancelTask").arg(task)
}

/// Names of the files a task wrote.
pub fn list_task_output(task: i64) -> Call<Vec<String>> {
    Call::read("listTaskOutput").arg(task)
}

/// Names of the files a task wrote, with what is known of each, as `st_size` (text), on the volume `DEFAULT`.
pub fn list_task_output_sizes(task: i64) -> Call<BTreeMap<String, Value>> {
    Call::read("listTaskOutput").arg(task).keyword("stat", true)
}

/// A piece of a file a task wrote; a negative offset counts from its end, and a length of -1 is all.
pub fn download_task_output(task: i64, file: &str, offset: i64, length: i64) -> Call<Bytes> {
    Call::read("downloadTaskOutput").arg(task).arg(file).keyword("offset", offset).keyword("size", length)
}
