//! Errors of stores.

use crate::build::{ModuleState, ReplayError};
use crate::{BuildId, Nsvc};

/// Why a store refused or failed. After an error nothing of the call is stored.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// There is no such build.
    #[error("there is no build {0}")]
    NotFound(BuildId),
    /// The module build exists already.
    #[error("module `{nsvc}` exists already as build {id} in state `{state}`")]
    Exists {
        /// The build that has the identity.
        id: BuildId,
        /// Its state.
        state: ModuleState,
        /// The identity.
        nsvc: Box<Nsvc>,
    },
    /// Somebody else wrote to the build in the meantime: load it and decide again.
    #[error("build {build} is at revision {found}, not {expected}")]
    Stale {
        /// The build.
        build: BuildId,
        /// Revision that the caller knew.
        expected: u64,
        /// Revision in the store.
        found: u64,
    },
    /// Another driver has taken the build over.
    #[error("build {build} has been taken over by another driver (fence {found}, ours is {ours})")]
    Fenced {
        /// The build.
        build: BuildId,
        /// The caller's fence.
        ours: u64,
        /// The fence in the store.
        found: u64,
    },
    /// Somebody else took slots in the meantime: ask for the slots and admit again.
    #[error("slots were taken by somebody else in the meantime")]
    SlotsTaken,
    /// Another driver holds the lease.
    #[error("build {build} is being driven by {holder}")]
    LeaseHeld {
        /// The build.
        build: BuildId,
        /// Who drives it.
        holder: String,
    },
    /// The build cannot be removed as it is.
    #[error("build {build} in state `{state}` cannot be removed: {why}")]
    InUse {
        /// The build.
        build: BuildId,
        /// Its state.
        state: ModuleState,
        /// Why, and what to do first.
        why: &'static str,
    },
    /// What is stored cannot have been written by this engine.
    #[error("log of build {build} is damaged: {source}")]
    Damaged {
        /// The build.
        build: BuildId,
        /// What is wrong.
        source: ReplayError,
    },
    /// The stored schema is from a newer release.
    #[error("state in {place} has schema {found}, this release knows up to {known}; use a newer release")]
    NewerSchema {
        /// Where the state is.
        place: String,
        /// Schema found.
        found: i64,
        /// Newest schema known.
        known: i64,
    },
    /// The place cannot hold the state.
    #[error("{place} cannot hold the state: {why}")]
    Place {
        /// Where the state should be.
        place: String,
        /// Why not, and what to do.
        why: String,
    },
    /// Another process held the store for too long.
    #[error("the store is locked by another process; gave up after {seconds} s")]
    Busy {
        /// How long was waited, in seconds.
        seconds: u64,
    },
    /// The medium failed: disk full, no permission, broken file.
    #[error("the store failed: {0}")]
    Medium(String),
}

impl StoreError {
    /// Whether the same call may succeed later without anything else being done.
    pub fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. })
    }

    /// Whether the caller knew an outdated state and should load and decide again.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Stale { .. } | Self::SlotsTaken)
    }
}
