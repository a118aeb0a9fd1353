//! What happens to a module build.

use crate::Failure;
use crate::plan::ComponentIx;
use crate::reuse::ReusedModule;
use serde::{Deserialize, Serialize};

/// Handle of one piece of work in a builder, given by the builder and opaque to everybody else.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TaskId(pub String);

impl std::fmt::Display for TaskId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// What a builder tells about a component that it built, or took from an earlier build.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct BuiltComponent {
    /// Name-version-release of the source package.
    pub nvr: String,
    /// File names (without folder) of the binary RPMs, sorted.
    #[serde(default)]
    pub rpms: Vec<String>,
    /// How long the build took in milliseconds; none if not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub milliseconds: Option<u64>,
    /// The build that it was taken from; none if it was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused_from: Option<ReusedModule>,
}

/// The name-version-release, and where it was taken from.
impl std::fmt::Display for BuiltComponent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.nvr)?;
        match &self.reused_from {
            Some(from) => write!(f, " (from {})", from.nsvc),
            None => Ok(()),
        }
    }
}

/// Something that happened, from outside the state machine. The history of a build is a list of these.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The build was stored.
    Submitted,
    /// A build that was made elsewhere was stored.
    Imported,
    /// A driver took the build over; its fence is the number that its writes carry.
    Attached {
        /// The number.
        fence: u64,
    },
    /// Decide what follows from the state as it is. Fed after every other event, in the same transaction.
    Advance,
    /// Every component's ref is known as a commit; in the order of the plan, none for the macros and for excluded ones.
    SourcesResolved {
        /// The commits.
        commits: Vec<Option<String>>,
    },
    /// Some source cannot be had.
    SourcesFailed {
        /// Why.
        failure: Failure,
    },
    /// The builder has made or found everything the first component needs.
    BuildrootReady,
    /// The builder could not prepare the buildroot.
    BuildrootFailed {
        /// Why.
        failure: Failure,
    },
    /// Slots were granted; the components are handed to the builder.
    Admitted {
        /// The components, longest first.
        components: Vec<ComponentIx>,
    },
    /// The builder knows the component under a task number.
    TaskAccepted {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
        /// The task.
        task: TaskId,
    },
    /// A component was built.
    ComponentCompleted {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
        /// What came out.
        built: BuiltComponent,
    },
    /// A component failed for good.
    ComponentFailed {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
        /// Why.
        failure: Failure,
    },
    /// The builder lost a task, or it failed in a way that a new attempt may mend.
    TaskLost {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
        /// What happened.
        failure: Failure,
    },
    /// The builder gave no answer about the attempt for too long: it counts as failed, but a task of it may live.
    TaskGivenUp {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
        /// What happened.
        failure: Failure,
    },
    /// The task was stopped because the driver was asked to stop; nobody is to blame.
    Interrupted {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
    },
    /// The task of a build that is over, or of an earlier attempt, has ended for certain.
    TaskClosed {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
    },
    /// The artifacts of a publishing cycle are tagged.
    Tagged {
        /// The cycle.
        cycle: u32,
    },
    /// The repository holds the artifacts of a publishing cycle.
    RepoReady {
        /// The cycle.
        cycle: u32,
    },
    /// Tagging or regenerating failed for good.
    RepoFailed {
        /// The cycle.
        cycle: u32,
        /// Why.
        failure: Failure,
    },
    /// The final repository stands.
    Finalized,
    /// The final repository could not be made.
    FinalizeFailed {
        /// Why.
        failure: Failure,
    },
    /// Somebody asks to cancel the build.
    CancelAsked {
        /// Who.
        by: String,
    },
    /// Somebody asks to go on with a failed build.
    ResumeAsked {
        /// Who.
        by: String,
    },
    /// A failed or finished build is no longer wanted.
    Retired {
        /// Why.
        reason: String,
    },
}

impl Event {
    /// Whether `other` is the same kind of event.
    pub fn same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    /// The name that the log and the tables use.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Imported => "imported",
            Self::Attached { .. } => "attached",
            Self::Advance => "advance",
            Self::SourcesResolved { .. } => "sources_resolved",
            Self::SourcesFailed { .. } => "sources_failed",
            Self::BuildrootReady => "buildroot_ready",
            Self::BuildrootFailed { .. } => "buildroot_failed",
            Self::Admitted { .. } => "admitted",
            Self::TaskAccepted { .. } => "task_accepted",
            Self::ComponentCompleted { .. } => "component_completed",
            Self::ComponentFailed { .. } => "component_failed",
            Self::TaskLost { .. } => "task_lost",
            Self::TaskGivenUp { .. } => "task_given_up",
            Self::Interrupted { .. } => "interrupted",
            Self::TaskClosed { .. } => "task_closed",
            Self::Tagged { .. } => "tagged",
            Self::RepoReady { .. } => "repo_ready",
            Self::RepoFailed { .. } => "repo_failed",
            Self::Finalized => "finalized",
            Self::FinalizeFailed { .. } => "finalize_failed",
            Self::CancelAsked { .. } => "cancel_asked",
            Self::ResumeAsked { .. } => "resume_asked",
            Self::Retired { .. } => "retired",
        }
    }
}
