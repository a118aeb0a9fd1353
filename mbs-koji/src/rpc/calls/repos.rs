//! Repositories of tags.

use super::reference::{Ref, or_default};
use super::states::{RepoState, TaskState};
use crate::rpc::client::Call;
use serde::{Deserialize, Serialize, Serializer};

/// A repository.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Repo {
    /// Its number.
    pub id: i64,
    /// How it is.
    pub state: RepoState,
    /// The event whose state of the tag it holds.
    #[serde(default)]
    pub create_event: Option<i64>,
    /// When it was made, in seconds since 1970.
    #[serde(default)]
    pub create_ts: Option<f64>,
    /// Number of the tag.
    #[serde(default)]
    pub tag_id: Option<i64>,
    /// Name of the tag.
    #[serde(default, deserialize_with = "or_default")]
    pub tag_name: String,
    /// The task that made it.
    #[serde(default)]
    pub task_id: Option<i64>,
}

/// A request for a repository.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RepoRequest {
    /// Its number.
    pub id: i64,
    /// Is it still worked on? If not and there is no repository, the hub gave up.
    #[serde(default, deserialize_with = "or_default")]
    pub active: bool,
    /// Name of the tag.
    #[serde(default, deserialize_with = "or_default")]
    pub tag_name: String,
    /// The event that the repository must be as new as.
    #[serde(default)]
    pub min_event: Option<i64>,
    /// The task of the last try.
    #[serde(default)]
    pub task_id: Option<i64>,
    /// How that task goes.
    #[serde(default)]
    pub task_state: Option<TaskState>,
    /// How often it was tried.
    #[serde(default, deserialize_with = "or_default")]
    pub tries: i64,
    /// The repository that fulfils it.
    #[serde(default)]
    pub repo_id: Option<i64>,
}

/// How a request for a repository stands.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct RepoProgress {
    /// The repository, once there is one.
    #[serde(default)]
    pub repo: Option<Repo>,
    /// The request; none if there was a repository at once.
    #[serde(default)]
    pub request: Option<RepoRequest>,
    /// Was there an equal request before?
    #[serde(default, deserialize_with = "or_default")]
    pub duplicate: bool,
}

/// How new a repository must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NewerThan {
    /// As the last change of the tag.
    LastChange,
    /// As this event.
    Event(i64),
}

impl Serialize for NewerThan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::LastChange => serializer.serialize_str("last"),
            Self::Event(event) => serializer.serialize_i64(*event),
        }
    }
}

/// The newest usable repository of a tag; none if there is none.
pub fn get_repo<'a>(tag: impl Into<Ref<'a>>) -> Call<Option<Repo>> {
    Call::read("getRepo").arg(tag.into())
}

/// A repository by its number.
pub fn repo_info(repo: i64) -> Call<Option<Repo>> {
    Call::read("repoInfo").arg(repo)
}

/// Makes a repository, in a task whose number it gives; the task gives the numbers of the repository and of its event. Needs
/// the permission `repo` or `regen-repo`, and newer hubs may refuse it: see [`request_repo`].
pub fn new_repo<'a>(tag: impl Into<Ref<'a>>) -> Call<i64> {
    Call::write("newRepo").arg(tag.into())
}

/// Asks for a repository; hubs from 1.35 on. Asking twice gives the same request.
pub fn request_repo<'a>(tag: impl Into<Ref<'a>>, newer_than: NewerThan) -> Call<RepoProgress> {
    // A repeat gives the request that is there, so a lost answer costs nothing.
    Call::read("repo.request").arg(tag.into()).keyword("min_event", newer_than)
}

/// How a request for a repository stands. A fault a day after it ended.
pub fn check_repo_request(request: i64) -> Call<RepoProgress> {
    Call::read("repo.checkRequest").arg(request)
}

/// The event of the last change of a tag or its parents; none if it never changed.
pub fn tag_last_change_event(tag_id: i64) -> Call<Option<i64>> {
    Call::read("tagLastChangeEvent").arg(tag_id)
}

/// An external repository that a tag uses.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ExternalRepo {
    /// Its number.
    pub external_repo_id: i64,
    /// Its name.
    pub external_repo_name: String,
    /// Where it is; `$arch` stands for the architecture.
    pub url: String,
    /// Name of the tag that uses it.
    #[serde(default, deserialize_with = "or_default")]
    pub tag_name: String,
    /// The order; the lowest wins.
    #[serde(default)]
    pub priority: Option<i64>,
}

/// The external repositories of a tag and its parents, in order.
pub fn get_external_repos<'a>(tag: impl Into<Ref<'a>>) -> Call<Vec<ExternalRepo>> {
    Call::read("getExternalRepoList").arg(tag.into())
}

/// An event.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub struct Event {
    /// Its number.
    pub id: i64,
    /// When, in seconds since 1970.
    pub ts: f64,
}

/// The last event.
pub fn get_last_event() -> Call<Event> {
    Call::read("getLastEvent")
}
