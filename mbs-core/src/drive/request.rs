//! Requests from outside: a cancel, a resume, a retirement. They are recorded beside the driver, if there is one; it
//! notices them within its watch period.

use crate::BuildId;
use crate::build::{Event, IllegalEvent, ModuleBuild, decide};
use crate::clock::Clock;
use crate::store::{Append, BuildSummary, Store, StoreError};
use chrono::TimeDelta;

/// How often a request is decided anew because somebody else wrote to the build in between. Every time, somebody else
/// has come further; a build writes only so much.
const TRIES: u32 = 100;

/// Pause before the decision is made anew, so that two writers do not go on colliding.
const PAUSE: TimeDelta = TimeDelta::milliseconds(5);

/// Why a request was not recorded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// The store failed, or does not know the build.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The build does not allow it as it is.
    #[error("build {build} is in state `{}`: {}", source.state, source.why)]
    Refused {
        /// The build.
        build: BuildId,
        /// Why.
        source: IllegalEvent,
    },
}

/// Records an event that somebody asks for and returns the build with it. An event that changes nothing is not written.
///
/// Needs no lease: a driver that holds the build reads it again. Without a driver the effects wait for the next one.
///
/// # Errors
/// [`RequestError::Refused`] if the state does not allow it; [`RequestError::Store`].
pub async fn request(
    store: &dyn Store,
    clock: &dyn Clock,
    id: BuildId,
    event: Event,
) -> Result<ModuleBuild, RequestError> {
    let mut tries = 0;
    loop {
        let mut build = store.load(id).await?;
        let expected_revision = build.revision();
        let decided = decide(&mut build, event.clone(), clock.now())
            .map_err(|source| RequestError::Refused { build: id, source })?;
        let Some(decided) = decided else { return Ok(build) };
        let write = Append {
            build: id,
            expected_revision,
            fence: None,
            decided: vec![decided],
            done: Vec::new(),
            slots: None,
            summary: BuildSummary::of(&build),
        };
        match store.append(std::slice::from_ref(&write)).await {
            Ok(_) => return Ok(build),
            Err(error) if (error.is_conflict() || error.is_transient()) && tries < TRIES => {
                tries += 1;
                clock.sleep_until(clock.now() + PAUSE).await;
            }
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{BuildRequest, ModuleState, NewBuild};
    use crate::plan::{PlanComponent, PlanInput, plan};
    use crate::store::MemoryStore;
    use crate::{Arch, Blame, ComponentName, Owner};
    use async_trait::async_trait;
    use chrono::{DateTime, Utc};
    use futures::executor::block_on;
    use std::collections::BTreeSet;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// A clock whose waits pass at once.
    struct Quick;

    #[async_trait]
    impl Clock for Quick {
        fn now(&self) -> DateTime<Utc> {
            DateTime::UNIX_EPOCH
        }
        async fn sleep_until(&self, _when: DateTime<Utc>) {}
    }

    fn new_build() -> NewBuild {
        let component = PlanComponent::new(ComponentName::new("alpha").expect("name"));
        let input = PlanInput { components: vec![component], modules: Vec::new() };
        let arch = Arch::new("x86_64").expect("arch");
        let plan = plan(&input, &BTreeSet::from([arch.clone()])).expect("plan");
        let request = BuildRequest::new("memory", arch, plan);
        NewBuild {
            nsvc: "one:1:1:c0ffee00".parse().expect("identity"),
            owner: Owner::new("ann").expect("owner"),
            scratch: false,
            request: Arc::new(request),
        }
    }

    fn stored() -> (MemoryStore, BuildId) {
        let store = MemoryStore::new();
        let created = block_on(store.create(&[new_build()], DateTime::UNIX_EPOCH)).expect("created");
        (store, created[0].header.id)
    }

    fn cancel() -> Event {
        Event::CancelAsked { by: "ann".to_owned() }
    }

    #[test]
    fn a_cancel_is_recorded_without_a_lease_and_fails_the_build_with_the_users_blame() {
        let (store, id) = stored();
        // Somebody drives the build; the request does not need his fence.
        block_on(store.acquire_lease(id, "other", DateTime::UNIX_EPOCH)).expect("lease");
        let build = block_on(request(&store, &Quick, id, cancel())).expect("recorded");
        assert_eq!(build.state(), ModuleState::Failed);
        assert_eq!(build, block_on(store.load(id)).expect("stored"));
        let failure = build.failure().expect("failure");
        assert_eq!((failure.blame, failure.reason.as_str()), (Blame::User, "Canceled by ann."));
    }

    #[test]
    fn what_the_state_does_not_allow_is_refused_and_not_written() {
        let (store, id) = stored();
        let resume = Event::ResumeAsked { by: "ann".to_owned() };
        let error = block_on(request(&store, &Quick, id, resume)).expect_err("not failed");
        assert!(matches!(error, RequestError::Refused { .. }), "{error:?}");
        assert_eq!(error.to_string(), "build 1 is in state `init`: only a failed build can be resumed");
        assert_eq!(block_on(store.load(id)).expect("stored").revision(), 1);
        let error = block_on(request(&store, &Quick, BuildId(9), cancel())).expect_err("no such build");
        assert_eq!(error.to_string(), "there is no build 9");
    }

    /// A store to which somebody else writes between load and append, so many times.
    struct Contended {
        store: MemoryStore,
        left: AtomicU32,
        rival: Option<Event>,
    }

    #[async_trait]
    impl Store for Contended {
        async fn append(&self, writes: &[Append]) -> Result<crate::store::Appended, StoreError> {
            if self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1)).is_err() {
                return self.store.append(writes).await;
            }
            let Append { build, expected_revision, .. } = writes[0];
            if let Some(event) = self.rival.clone() {
                request(&self.store, &Quick, build, event).await.expect("the rival is faster");
            }
            Err(StoreError::Stale { build, expected: expected_revision, found: expected_revision + 1 })
        }
        async fn submit(
            &self,
            parts: &[crate::store::SubmitPart],
            now: DateTime<Utc>,
        ) -> Result<Vec<crate::store::Created>, StoreError> {
            self.store.submit(parts, now).await
        }
        async fn modules(&self, name: &crate::ModuleName) -> Result<Vec<crate::store::StoredModule>, StoreError> {
            self.store.modules(name).await
        }
        async fn reusable(
            &self,
            name: &crate::ModuleName,
            stream: &crate::StreamName,
        ) -> Result<Vec<BuildSummary>, StoreError> {
            self.store.reusable(name, stream).await
        }
        async fn load(&self, build: BuildId) -> Result<ModuleBuild, StoreError> {
            self.store.load(build).await
        }
        async fn history(
            &self,
            build: BuildId,
            after: u64,
            limit: u64,
        ) -> Result<Vec<crate::build::LogEntry>, StoreError> {
            self.store.history(build, after, limit).await
        }
        async fn pending(&self, build: BuildId) -> Result<Vec<crate::build::StoredEffect>, StoreError> {
            self.store.pending(build).await
        }
        async fn unfinished(&self, now: DateTime<Utc>) -> Result<Vec<BuildId>, StoreError> {
            self.store.unfinished(now).await
        }
        async fn defer(
            &self,
            build: BuildId,
            effect: crate::build::EffectSeq,
            fence: u64,
            due: DateTime<Utc>,
            failures: u32,
        ) -> Result<(), StoreError> {
            self.store.defer(build, effect, fence, due, failures).await
        }
        async fn revisions(&self, builds: &[BuildId]) -> Result<std::collections::BTreeMap<BuildId, u64>, StoreError> {
            self.store.revisions(builds).await
        }
        async fn slots(&self, backend: &str) -> Result<crate::store::Slots, StoreError> {
            self.store.slots(backend).await
        }
        async fn undriven(
            &self,
            builds: &[BuildId],
            now: DateTime<Utc>,
        ) -> Result<std::collections::BTreeSet<BuildId>, StoreError> {
            self.store.undriven(builds, now).await
        }
        async fn acquire_lease(
            &self,
            build: BuildId,
            holder: &str,
            now: DateTime<Utc>,
        ) -> Result<crate::store::Lease, StoreError> {
            self.store.acquire_lease(build, holder, now).await
        }
        async fn renew_lease(&self, lease: &crate::store::Lease, now: DateTime<Utc>) -> Result<(), StoreError> {
            self.store.renew_lease(lease, now).await
        }
        async fn release_lease(&self, lease: &crate::store::Lease) -> Result<(), StoreError> {
            self.store.release_lease(lease).await
        }
        fn lease_time(&self) -> Option<TimeDelta> {
            self.store.lease_time()
        }
        async fn find(
            &self,
            query: &crate::store::BuildQuery,
            page: crate::store::Page,
        ) -> Result<(Vec<BuildSummary>, u64), StoreError> {
            self.store.find(query, page).await
        }
        async fn remove(&self, build: BuildId) -> Result<(), StoreError> {
            self.store.remove(build).await
        }
        async fn durations(
            &self,
            name: &crate::ModuleName,
            stream: &crate::StreamName,
        ) -> Result<std::collections::BTreeMap<ComponentName, u64>, StoreError> {
            self.store.durations(name, stream).await
        }
    }

    #[test]
    fn a_conflict_is_decided_anew_but_not_for_ever() {
        let (store, id) = stored();
        let contended = Contended { store: store.clone(), left: AtomicU32::new(3), rival: None };
        block_on(request(&contended, &Quick, id, cancel())).expect("recorded at the fourth try");
        assert_eq!(block_on(store.load(id)).expect("stored").state(), ModuleState::Failed);

        let (store, id) = stored();
        let contended = Contended { store, left: AtomicU32::new(u32::MAX), rival: None };
        let error = block_on(request(&contended, &Quick, id, cancel())).expect_err("never comes through");
        assert!(matches!(error, RequestError::Store(StoreError::Stale { .. })), "{error:?}");
    }

    #[test]
    fn after_a_conflict_the_new_state_decides() {
        let (store, id) = stored();
        let rival = Some(Event::CancelAsked { by: "bob".to_owned() });
        let contended = Contended { store: store.clone(), left: AtomicU32::new(1), rival };
        let error = block_on(request(&contended, &Quick, id, cancel())).expect_err("bob was faster");
        assert!(matches!(error, RequestError::Refused { .. }), "{error:?}");
        let failure = block_on(store.load(id)).expect("stored").failure().expect("failure");
        assert_eq!(failure.reason, "Canceled by bob.");
    }
}
