//! What a decision asks the outside to do. Effects are stored with the change that asked for them and delivered at
//! least once.

use super::state::ModuleState;
use crate::BuildId;
use crate::plan::ComponentIx;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Something to do outside the state machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "effect", rename_all = "snake_case")]
pub enum EffectKind {
    /// Resolve the refs of all components.
    ResolveSources,
    /// Prepare the buildroot.
    Connect,
    /// Build a component.
    Submit {
        /// The component.
        component: ComponentIx,
        /// Which attempt: part of the idempotency key.
        attempt: u32,
    },
    /// End a task and confirm that it has ended.
    Close {
        /// The component.
        component: ComponentIx,
        /// Which attempt.
        attempt: u32,
    },
    /// Tag the artifacts of the components.
    Tag {
        /// The publishing cycle.
        cycle: u32,
        /// The components.
        components: Vec<ComponentIx>,
    },
    /// Bring the tagged artifacts into the repository.
    Regenerate {
        /// The publishing cycle.
        cycle: u32,
        /// The components.
        components: Vec<ComponentIx>,
    },
    /// Make the final repository, or tidy up after a failure.
    Finalize {
        /// Whether everything was built.
        success: bool,
    },
    /// Tell the world that the module is in another state.
    AnnounceModule {
        /// The state.
        state: ModuleState,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Tell the world that a component is in another state.
    AnnounceComponent {
        /// The component.
        component: ComponentIx,
        /// Its state.
        state: super::state::ComponentState,
    },
}

impl EffectKind {
    /// Whether this is a message: messages are never withdrawn and go out in their sequence.
    pub fn is_message(&self) -> bool {
        match self {
            Self::AnnounceModule { .. } | Self::AnnounceComponent { .. } => true,
            Self::ResolveSources
            | Self::Connect
            | Self::Submit { .. }
            | Self::Close { .. }
            | Self::Tag { .. }
            | Self::Regenerate { .. }
            | Self::Finalize { .. } => false,
        }
    }

    /// Whether a cancel or a failure withdraws it while it is undelivered. Ending tasks and telling the world is not
    /// withdrawn.
    pub fn is_withdrawable(&self) -> bool {
        match self {
            Self::AnnounceModule { .. } | Self::AnnounceComponent { .. } | Self::Close { .. } => false,
            Self::ResolveSources
            | Self::Connect
            | Self::Submit { .. }
            | Self::Tag { .. }
            | Self::Regenerate { .. }
            | Self::Finalize { .. } => true,
        }
    }
}

/// An effect as a step hands it out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effect {
    /// Not to be delivered before this moment.
    pub due: DateTime<Utc>,
    /// What to do.
    pub kind: EffectKind,
}

/// Position of an effect among all effects of its build, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EffectSeq(pub u64);

impl EffectSeq {
    /// Position of the `n`th effect (from 0) of the decision that led to `revision`.
    ///
    /// One decision has at most 2^20 effects; a build has at most 2^44 revisions.
    pub fn new(revision: u64, n: usize) -> Self {
        Self((revision << 20) | (n as u64 & 0xf_ffff))
    }
}

/// An effect as it waits in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEffect {
    /// The build it belongs to.
    pub build: BuildId,
    /// Its position.
    pub seq: EffectSeq,
    /// How often its delivery has failed already.
    pub failures: u32,
    /// The effect.
    pub effect: Effect,
}
