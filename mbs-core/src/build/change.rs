//! What a decision changes. The log stores these; replaying them rebuilds a build without deciding anything again.

use super::event::{BuiltComponent, TaskId};
use super::request::BuildHeader;
use super::state::ModuleState;
use crate::plan::ComponentIx;
use crate::{Blame, Failure};
use serde::{Deserialize, Serialize};

/// One change of a module build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum Change {
    /// The build exists; always and only the first change of a log.
    Created {
        /// Its fixed head.
        header: Box<BuildHeader>,
    },
    /// A driver took over: retry counters start anew.
    Attached {
        /// Its fence.
        fence: u64,
    },
    /// The module is in another state.
    StateSet {
        /// The new state.
        state: ModuleState,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
        /// Whose fault, for a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        blame: Option<Blame>,
        /// The log that tells more, for a failure.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        log: Option<String>,
    },
    /// The commits of the components are known.
    SourcesRecorded {
        /// In the order of the plan.
        commits: Vec<Option<String>>,
    },
    /// Components of this batch may start now.
    BatchStarted {
        /// The batch label.
        batch: u32,
    },
    /// A component was handed to the builder.
    ComponentStarted {
        /// The component.
        component: ComponentIx,
        /// Number of the attempt, from 1.
        attempt: u32,
    },
    /// The builder knows it under this task.
    ComponentTask {
        /// The component.
        component: ComponentIx,
        /// The task.
        task: TaskId,
    },
    /// A component is built.
    ComponentBuilt {
        /// The component.
        component: ComponentIx,
        /// What came out.
        built: BuiltComponent,
    },
    /// A component failed.
    ComponentFailed {
        /// The component.
        component: ComponentIx,
        /// Why.
        failure: Failure,
    },
    /// A component gets a new attempt after the builder lost it.
    ComponentLost {
        /// The component.
        component: ComponentIx,
        /// What happened.
        reason: String,
    },
    /// A component went back to waiting without blame.
    ComponentReleased {
        /// The component.
        component: ComponentIx,
    },
    /// The task of a running component is to be ended; the component counts as cancelled.
    ComponentClosing {
        /// The component.
        component: ComponentIx,
        /// The attempt that is being ended.
        attempt: u32,
    },
    /// An attempt that is not the current one has to be ended as well.
    StrayClosing {
        /// The component.
        component: ComponentIx,
        /// The attempt that is being ended.
        attempt: u32,
    },
    /// That task has ended for certain.
    Closed {
        /// The component.
        component: ComponentIx,
        /// The attempt.
        attempt: u32,
    },
    /// A publishing cycle began.
    PublishStarted {
        /// Number of the cycle, from 1.
        cycle: u32,
        /// What it brings into the repository.
        components: Vec<ComponentIx>,
    },
    /// The artifacts of the cycle are tagged.
    PublishTagged,
    /// The artifacts of the cycle are in the repository.
    Published,
    /// The cycle is given up; its artifacts wait for another one.
    PublishAbandoned,
    /// The final repository is being made.
    FinalizeStarted,
    /// A failed build goes on: failed and cancelled components wait again.
    Resumed,
}
