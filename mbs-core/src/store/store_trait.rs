//! The trait.

use super::error::StoreError;
use super::notes::StoredModule;
use super::part::SubmitPart;
use super::query::{BuildQuery, BuildSummary, Page};
use crate::build::{BuildHeader, Decided, EffectSeq, LogEntry, ModuleBuild, NewBuild, StoredEffect};
use crate::{BuildId, ModuleName, Owner, StreamName};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Number of times that slots were taken in a backend: proves that nobody took one in between.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct SlotToken(pub u64);

/// What runs in a backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots {
    /// The token to take slots with.
    pub token: SlotToken,
    /// Builds with running components: owner and how many.
    pub builds: BTreeMap<BuildId, (Owner, usize)>,
}

/// A driver's right to perform the effects of a build.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// The build.
    pub build: BuildId,
    /// Grows with every lease of the build; every write of the driver carries it.
    pub fence: u64,
}

/// A build that was just stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// Its fixed head: number, final context, result folder.
    pub header: BuildHeader,
}

/// What one call writes about one build. Several of them about the same build in one call follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The build.
    pub build: BuildId,
    /// Revision that the first entry follows.
    pub expected_revision: u64,
    /// Fence of the driver; none for a request from outside, such as a cancel.
    pub fence: Option<u64>,
    /// Log entries with their effects, in order. May be empty if only effects are marked done.
    pub decided: Vec<Decided>,
    /// Effects that were delivered, or need no delivery any more.
    pub done: Vec<EffectSeq>,
    /// Set if an entry takes slots: the token they were granted with.
    pub slots: Option<SlotToken>,
    /// The build as it is after the last entry: the source of the query columns. Not read if nothing is decided.
    pub summary: BuildSummary,
}

/// What a write led to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Appended {
    /// The token after slots were taken by this call. Builds of one call that take slots have the same backend.
    pub slots: Option<SlotToken>,
}

/// Keeps module builds.
///
/// Every method is one transaction: all of it is stored, durably, or nothing. Several processes may use the same store at
/// the same time. A call whose future is dropped before it is finished may still take effect, as a whole.
#[async_trait]
pub trait Store: Send + Sync {
    /// Stores new builds with their first log entries ([`crate::build::submitted`]), all or none.
    ///
    /// The store decides, in the same transaction: the numbers; the suffix of a scratch context (`_1`, `_2`, ...: one
    /// more than the scratch builds of this name, stream and version whose context begins with the same text, or the next
    /// that is free); the index (smallest number of the same name, stream, version and scratch flag); the result folder.
    /// See [`place`](super::place()). Numbers grow and are never used again, also after [`Store::remove`].
    ///
    /// # Errors
    /// [`StoreError::Exists`] if a build that is not scratch has the identity of a stored one.
    async fn create(&self, new: &[NewBuild], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError> {
        let parts: Vec<_> = new.iter().cloned().map(SubmitPart::Create).collect();
        self.submit(&parts, now).await
    }

    /// Writes everything that one submission comes to, all or nothing: builds that are replaced go first, then new builds
    /// are stored as [`Store::create`] stores them, then others go on as [`Store::append`] lets them. Returns the stored
    /// builds in the order of their parts.
    ///
    /// # Errors
    /// For the first part that cannot be written: what [`Store::remove`] refuses, and [`StoreError::Stale`], for a
    /// replaced build; what [`Store::create`] and [`Store::append`] refuse.
    async fn submit(&self, parts: &[SubmitPart], now: DateTime<Utc>) -> Result<Vec<Created>, StoreError>;

    /// All builds of a module that are not scratch builds, in any state, the oldest first. Reads no log.
    async fn modules(&self, name: &ModuleName) -> Result<Vec<StoredModule>, StoreError>;

    /// Builds of a stream whose components may be taken by a new one: ready, not scratch, not imported; the one that was
    /// completed last comes first.
    async fn reusable(&self, name: &ModuleName, stream: &StreamName) -> Result<Vec<BuildSummary>, StoreError>;

    /// Rebuilds a build from its log.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Damaged`].
    async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError>;

    /// Writes log entries, effects and projections of one or several builds.
    ///
    /// Entries are numbered on from the expected revision. Their effects wait until they are marked done. If an entry
    /// withdraws, effects of earlier entries that wait are removed, but for messages and the ending of tasks.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Fenced`], [`StoreError::Stale`], [`StoreError::SlotsTaken`] (looked for in
    /// this order, build after build); [`StoreError::Damaged`] for entries that are not numbered on. Nothing of the call is
    /// stored then.
    async fn append(&self, writes: &[Append]) -> Result<Appended, StoreError>;

    /// Log entries with a number above `after`, oldest first.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn history(&self, build: BuildId, after: u64, limit: u64) -> Result<Vec<LogEntry>, StoreError>;

    /// Effects of a build that wait, in their order, due or not.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    async fn pending(&self, build: BuildId) -> Result<Vec<StoredEffect>, StoreError>;

    /// Builds with waiting effects that are due, and builds in an active state, in the order of their numbers: what a
    /// driver that starts has to look at.
    async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError>;

    /// Puts an effect off after a failed delivery. An effect that is gone is not an error.
    ///
    /// # Errors
    /// [`StoreError::Fenced`].
    async fn defer(
        &self,
        build: BuildId,
        effect: EffectSeq,
        fence: u64,
        due: DateTime<Utc>,
        failures: u32,
    ) -> Result<(), StoreError>;

    /// Revisions of builds, to notice what others wrote. A build that does not exist is left out.
    async fn revisions(&self, builds: &[BuildId]) -> Result<BTreeMap<BuildId, u64>, StoreError>;

    /// What runs in a backend.
    async fn slots(&self, backend: &str) -> Result<Slots, StoreError>;

    /// Which of the builds nobody holds the lease of: a driver that died left them behind. Unknown builds count.
    async fn undriven(&self, builds: &[BuildId], now: DateTime<Utc>) -> Result<BTreeSet<BuildId>, StoreError>;

    /// Takes the lease of a build. Free leases only; the lease of a process that has died is free at once.
    ///
    /// # Errors
    /// [`StoreError::LeaseHeld`], [`StoreError::NotFound`].
    async fn acquire_lease(&self, build: BuildId, holder: &str, now: DateTime<Utc>) -> Result<Lease, StoreError>;

    /// Keeps a lease alive; to be called more often than [`Store::lease_time`].
    ///
    /// # Errors
    /// [`StoreError::Fenced`] if somebody else has it now.
    async fn renew_lease(&self, lease: &Lease, now: DateTime<Utc>) -> Result<(), StoreError>;

    /// Gives a lease back. A lease that is lost already is not an error.
    async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError>;

    /// How long a lease lasts without renewal; none if it ends with its process and never before.
    fn lease_time(&self) -> Option<chrono::TimeDelta>;

    /// Builds that match, the newest first, and how many match in all.
    async fn find(&self, query: &BuildQuery, page: Page) -> Result<(Vec<BuildSummary>, u64), StoreError>;

    /// Removes a build that is over, with its log.
    ///
    /// # Errors
    /// [`StoreError::InUse`] in states init, wait and build, while tasks are being ended, or while effects wait.
    async fn remove(&self, build: BuildId) -> Result<(), StoreError>;

    /// How long the components of a module stream took in the latest build that has a figure for them, in milliseconds,
    /// by name.
    async fn durations(
        &self,
        name: &ModuleName,
        stream: &StreamName,
    ) -> Result<BTreeMap<crate::ComponentName, u64>, StoreError>;
}
