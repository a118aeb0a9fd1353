//! Looking for builds without loading them.

use crate::build::ModuleState;
use crate::{Blame, BuildId, Context, ModuleName, Nsvc, Owner, StreamName, Version};
use chrono::{DateTime, Utc};
use serde::Serialize;

/// Which builds are wanted; unset fields match everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct BuildQuery {
    /// Module name.
    pub name: Option<ModuleName>,
    /// Stream.
    pub stream: Option<StreamName>,
    /// Version.
    pub version: Option<Version>,
    /// Context.
    pub context: Option<Context>,
    /// Who asked.
    pub owner: Option<Owner>,
    /// Any of these states; empty: every state.
    pub states: Vec<ModuleState>,
    /// Scratch builds only, or none of them.
    pub scratch: Option<bool>,
}

impl BuildQuery {
    /// Builds of one identity.
    pub fn nsvc(nsvc: &Nsvc) -> Self {
        Self {
            name: Some(nsvc.name.clone()),
            stream: Some(nsvc.stream.clone()),
            version: Some(nsvc.version),
            context: Some(nsvc.context.clone()),
            ..Self::default()
        }
    }

    /// Whether a build is wanted.
    pub fn matches(&self, build: &BuildSummary) -> bool {
        self.name.as_ref().is_none_or(|name| *name == build.nsvc.name)
            && self.stream.as_ref().is_none_or(|stream| *stream == build.nsvc.stream)
            && self.version.is_none_or(|version| version == build.nsvc.version)
            && self.context.as_ref().is_none_or(|context| *context == build.nsvc.context)
            && self.owner.as_ref().is_none_or(|owner| *owner == build.owner)
            && (self.states.is_empty() || self.states.contains(&build.state))
            && self.scratch.is_none_or(|scratch| scratch == build.scratch)
    }
}

/// A part of a list; the newest build first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// How many to skip.
    pub offset: u64,
    /// How many to return at most.
    pub limit: u64,
}

impl Page {
    /// Everything.
    pub const ALL: Self = Self { offset: 0, limit: u64::MAX };
}

/// What a list shows of a build. Projections of its log, written with it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BuildSummary {
    /// Number.
    pub id: BuildId,
    /// Identity.
    pub nsvc: Nsvc,
    /// Who asked.
    pub owner: Owner,
    /// Whether it is a scratch build.
    pub scratch: bool,
    /// Whether it was built elsewhere.
    pub imported: bool,
    /// Name of its backend.
    pub backend: String,
    /// Name of its result folder.
    pub folder: String,
    /// State.
    pub state: ModuleState,
    /// Why it is in that state.
    pub reason: Option<String>,
    /// Whose fault, if it failed.
    pub blame: Option<Blame>,
    /// Batch that runs or ran last.
    pub batch: u32,
    /// Number of log entries.
    pub revision: u64,
    /// How many components it has, the macros included.
    pub components: u64,
    /// How many of them are complete.
    pub complete: u64,
    /// How many of them hold a slot.
    pub running: u64,
    /// When it was submitted.
    pub submitted: DateTime<Utc>,
    /// When its last log entry was written.
    pub modified: DateTime<Utc>,
    /// When it became done or failed.
    pub completed: Option<DateTime<Utc>>,
}

impl BuildSummary {
    /// The projection of a build.
    pub fn of(build: &crate::build::ModuleBuild) -> Self {
        let header = build.header();
        Self {
            id: header.id,
            nsvc: header.nsvc.clone(),
            owner: header.owner.clone(),
            scratch: header.scratch,
            imported: header.request.imported,
            backend: header.request.backend.clone(),
            folder: header.folder.clone(),
            state: build.state(),
            reason: build.reason().map(str::to_owned),
            blame: build.failure().map(|failure| failure.blame),
            batch: build.batch(),
            revision: build.revision(),
            components: header.request.plan.components.len() as u64,
            complete: u64::from(build.complete_count()),
            running: build.running_count() as u64,
            submitted: header.submitted,
            modified: build.modified(),
            completed: build.completed(),
        }
    }
}
