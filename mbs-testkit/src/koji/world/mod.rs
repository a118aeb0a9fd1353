//! Everything a hub keeps.

mod builds;
mod find;
mod inherit;
mod record;
mod records;
mod state;
mod tagged;
mod tags;
mod tasks;
mod users;

pub(super) use builds::{Archive, Build, BuildState, Rpm, split_nvr};
pub(super) use record::{moment, record, stamp, stamp_or, time, time_or, with, without};
pub(super) use state::World;
pub(super) use tagged::Wanted;
pub(super) use tags::{Grouped, Link, Listed, TagConfig, Target};
pub(super) use tasks::{Job, Plan, Repo, RepoRequest, Task, TaskState};
pub(super) use users::{Folder, Session, User, Way};
