//! The moving part of one component build.

use super::event::{BuiltComponent, TaskId};
use super::state::ComponentState;
use crate::Failure;
use serde::{Deserialize, Serialize};

/// What has become of one component so far. Its fixed part is its [`crate::plan::PlannedComponent`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComponentBuild {
    /// State.
    pub state: ComponentState,
    /// Number of the last attempt; 0: none yet.
    pub attempt: u32,
    /// Task of the last attempt, once known.
    pub task: Option<TaskId>,
    /// The commit that is built.
    pub commit: Option<String>,
    /// What came out.
    pub built: Option<BuiltComponent>,
    /// Why it failed, or was left out.
    pub reason: Option<String>,
    /// The failure itself.
    pub failure: Option<Failure>,
    /// Whether its artifacts are in the repository that later buildroots see.
    pub published: bool,
    /// How often the builder lost it since the present driver took over.
    pub losses: u32,
}

impl ComponentBuild {
    /// A component nothing has happened to.
    pub fn new() -> Self {
        Self {
            state: ComponentState::Waiting,
            attempt: 0,
            task: None,
            commit: None,
            built: None,
            reason: None,
            failure: None,
            published: false,
            losses: 0,
        }
    }
}

impl Default for ComponentBuild {
    fn default() -> Self {
        Self::new()
    }
}
