//! What is taken, and why the rest is not.

use crate::build::BuiltComponent;
use crate::builder::RequestKey;
use crate::plan::{ComponentIx, Plan};
use crate::{BuildId, ComponentName, Nsvc};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a build takes from an earlier one. Decided at submission, stored with the build.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReusePlan {
    /// The build that components are taken from; none if there is no such build.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<ReusedModule>,
    /// Why there is no such build, or why earlier candidates were passed over.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReuseReason>,
    /// One decision for each component, in the order of the plan, the macros included; empty if there is nothing to
    /// take from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub components: Vec<ReuseDecision>,
}

impl ReusePlan {
    /// Whether nothing was looked for and nothing is taken.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether everything that this machine would build is taken, so that nothing is built, the macros neither.
    pub fn nothing_is_built(&self, plan: &Plan) -> bool {
        let mut own = plan.indices().skip(1).filter(|ix| plan.component(*ix).excluded.is_none()).peekable();
        own.peek().is_some() && own.all(|ix| self.component(ix).is_some())
    }

    /// What is taken for the component at a place of the plan.
    pub fn component(&self, ix: ComponentIx) -> Option<&ReusedComponent> {
        self.components.get(ix.index())?.reused.as_ref()
    }

    /// Whether anything is taken from this build.
    pub fn takes_from(&self, build: BuildId) -> bool {
        self.from.as_ref().is_some_and(|from| from.build == Some(build))
            && self.components.iter().any(|decision| decision.reused.is_some())
    }
}

/// The build that components are taken from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReusedModule {
    /// Its number in the store; none for a build that is known from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub build: Option<BuildId>,
    /// Its identity.
    pub nsvc: Nsvc,
}

/// Whether a component is taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReuseDecision {
    /// The component.
    pub component: ComponentName,
    /// What is taken; none: it is built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reused: Option<ReusedComponent>,
    /// Why it is built; empty if it is taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<ReuseReason>,
}

/// A component of an earlier build.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ReusedComponent {
    /// The attempt that built it; none if it is known from elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<RequestKey>,
    /// What came out then, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<BuiltComponent>,
}

/// Why something is not taken.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReuseReason {
    /// A stable code.
    pub code: String,
    /// What it is, naming both sides.
    pub message: String,
}

impl fmt::Display for ReuseReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}
