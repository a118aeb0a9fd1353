//! Calls to a builder as data.

use mbs_core::ComponentName;
use mbs_core::build::TaskId;
use mbs_core::builder::{
    BuilderError, ComponentRequest, FinalizeRequest, GenericBuilder, ModuleContext, PublishRequest, RequestKey,
    TaskStatus,
};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// A call, with everything that is needed to make it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Call {
    /// [`GenericBuilder::connect`].
    Connect(Arc<ModuleContext>),
    /// [`GenericBuilder::submit`].
    Submit(Box<ComponentRequest>),
    /// [`GenericBuilder::recover`].
    Recover(RequestKey),
    /// [`GenericBuilder::status`].
    Status(Vec<TaskId>),
    /// [`GenericBuilder::cancel`].
    Cancel(TaskId),
    /// [`GenericBuilder::tag`].
    Tag(PublishRequest),
    /// [`GenericBuilder::regenerate`].
    Regenerate(PublishRequest),
    /// [`GenericBuilder::is_ready`].
    IsReady(PublishRequest),
    /// [`GenericBuilder::finalize`].
    Finalize(FinalizeRequest),
    /// [`GenericBuilder::repo_for`].
    RepoFor(Arc<ModuleContext>),
    /// [`GenericBuilder::average_build_time`].
    AverageBuildTime(Vec<ComponentName>),
}

/// What a successful call returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Nothing but success.
    Done,
    /// The task of a submission.
    Task(TaskId),
    /// The task that was looked for.
    Found(Option<TaskId>),
    /// How tasks stand.
    Statuses(Vec<TaskStatus>),
    /// Whether the repository is ready.
    Ready(bool),
    /// Where the repository is.
    Repo(Option<String>),
    /// How long packages took.
    Times(Vec<Option<Duration>>),
}

/// The methods that calls are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// [`GenericBuilder::connect`].
    Connect,
    /// [`GenericBuilder::submit`].
    Submit,
    /// [`GenericBuilder::recover`].
    Recover,
    /// [`GenericBuilder::status`].
    Status,
    /// [`GenericBuilder::cancel`].
    Cancel,
    /// [`GenericBuilder::tag`].
    Tag,
    /// [`GenericBuilder::regenerate`].
    Regenerate,
    /// [`GenericBuilder::is_ready`].
    IsReady,
    /// [`GenericBuilder::finalize`].
    Finalize,
    /// [`GenericBuilder::repo_for`].
    RepoFor,
    /// [`GenericBuilder::average_build_time`].
    AverageBuildTime,
}

impl Method {
    /// Name in the trait.
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Submit => "submit",
            Self::Recover => "recover",
            Self::Status => "status",
            Self::Cancel => "cancel",
            Self::Tag => "tag",
            Self::Regenerate => "regenerate",
            Self::IsReady => "is_ready",
            Self::Finalize => "finalize",
            Self::RepoFor => "repo_for",
            Self::AverageBuildTime => "average_build_time",
        }
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl Call {
    /// Which method it calls.
    pub fn method(&self) -> Method {
        match self {
            Self::Connect(_) => Method::Connect,
            Self::Submit(_) => Method::Submit,
            Self::Recover(_) => Method::Recover,
            Self::Status(_) => Method::Status,
            Self::Cancel(_) => Method::Cancel,
            Self::Tag(_) => Method::Tag,
            Self::Regenerate(_) => Method::Regenerate,
            Self::IsReady(_) => Method::IsReady,
            Self::Finalize(_) => Method::Finalize,
            Self::RepoFor(_) => Method::RepoFor,
            Self::AverageBuildTime(_) => Method::AverageBuildTime,
        }
    }

    /// Makes the call.
    ///
    /// # Errors
    /// Those of the method.
    pub async fn make(&self, builder: &dyn GenericBuilder) -> Result<Answer, BuilderError> {
        Ok(match self {
            Self::Connect(module) => builder.connect(module).await.map(|()| Answer::Done)?,
            Self::Submit(request) => Answer::Task(builder.submit(request).await?),
            Self::Recover(key) => Answer::Found(builder.recover(key).await?),
            Self::Status(tasks) => Answer::Statuses(builder.status(tasks).await?),
            Self::Cancel(task) => builder.cancel(task).await.map(|()| Answer::Done)?,
            Self::Tag(request) => builder.tag(request).await.map(|()| Answer::Done)?,
            Self::Regenerate(request) => builder.regenerate(request).await.map(|()| Answer::Done)?,
            Self::IsReady(request) => Answer::Ready(builder.is_ready(request).await?),
            Self::Finalize(request) => builder.finalize(request).await.map(|()| Answer::Done)?,
            Self::RepoFor(module) => Answer::Repo(builder.repo_for(module).await?),
            Self::AverageBuildTime(names) => Answer::Times(builder.average_build_time(names).await?),
        })
    }
}

impl Answer {
    /// The task of a submission, or of a search that found one.
    pub fn task(self) -> Option<TaskId> {
        match self {
            Self::Task(task) | Self::Found(Some(task)) => Some(task),
            Self::Done | Self::Found(None) | Self::Statuses(_) | Self::Ready(_) | Self::Repo(_) | Self::Times(_) => {
                None
            }
        }
    }
}
