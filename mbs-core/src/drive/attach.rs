//! Taking builds over, keeping them, and noticing what others write to them.

use super::config::{DriveError, DriverConfig, Ports};
use super::driver::{Driver, Input};
use super::held::Held;
use super::patience::patiently;
use crate::build::{ComponentState, EffectSeq, Event, ModuleBuild, StoredEffect};
use crate::builder::ModuleContext;
use crate::store::{Lease, StoreError};
use crate::{BuildId, Failure};
use chrono::{DateTime, Utc};
use std::collections::BTreeSet;
use std::sync::Arc;

impl Driver {
    /// Takes a build over: everything that an earlier driver left undone is done by this one.
    ///
    /// # Errors
    /// [`StoreError::LeaseHeld`] if another driver has it, and whatever else the store reports.
    pub async fn attach(&mut self, id: BuildId) -> Result<(), DriveError> {
        let now = self.ports.clock.now();
        let Self { ports, config, .. } = &*self;
        let lease = patiently(ports, config, || ports.store.acquire_lease(id, &config.holder, now)).await?;
        let result = self.take_over(id, lease.clone(), now).await;
        if result.is_err() {
            self.lost(id);
            // The store may be what has failed: then the lease lapses.
            if let Err(error) = self.ports.store.release_lease(&lease).await {
                tracing::debug!("lease not given back: {error}");
            }
        }
        result
    }

    async fn take_over(&mut self, id: BuildId, lease: Lease, now: DateTime<Utc>) -> Result<(), DriveError> {
        if let Some(every) = self.ports.store.lease_time() {
            self.next_renewal = self.next_renewal.min(now + every / 3);
        } else {
            self.next_renewal = DateTime::<Utc>::MAX_UTC;
        }
        let (build, pending) = read(&self.ports, &self.config, id).await?;
        let context = Arc::new(ModuleContext::of(&build)?);
        let fence = lease.fence;
        let mut held = Held::new(build, context, lease);
        for effect in pending {
            held.enqueue(effect, true);
        }
        self.inbox.push_back(Input { build: id, event: Some(Event::Attached { fence }), done: Vec::new() });
        self.watch_tasks(&held);
        self.builds.insert(id, held);
        self.slots = None;
        self.absorb().await
    }

    /// Waits for the tasks of running components from now on.
    fn watch_tasks(&mut self, held: &Held) {
        let id = held.build.id();
        self.tasks.forget(id);
        for ix in held.build.running() {
            let Some(component) = held.build.component(ix) else { continue };
            let attempt = component.attempt;
            if let Some(task) = &component.task {
                self.tasks.insert(task.clone(), (id, ix, attempt));
            } else if component.state == ComponentState::Building && !held.has_submission(ix, attempt) {
                let failure = Failure::infra("its submission was lost");
                let event = Some(Event::TaskLost { component: ix, attempt, failure });
                self.inbox.push_back(Input { build: id, event, done: Vec::new() });
            }
        }
        self.tasks.ask_all();
    }

    /// Renews leases and looks for what others wrote, when it is time for that.
    pub(super) async fn look_around(&mut self) -> Result<(), DriveError> {
        let now = self.ports.clock.now();
        if let Some(every) = self.ports.store.lease_time()
            && now >= self.next_renewal
        {
            self.next_renewal = now + every / 3;
            let leases: Vec<_> = self.builds.values().map(|held| held.lease.clone()).collect();
            for lease in leases {
                let Self { ports, config, .. } = &*self;
                match patiently(ports, config, || ports.store.renew_lease(&lease, now)).await {
                    Ok(()) => {}
                    Err(StoreError::Fenced { build, .. } | StoreError::NotFound(build)) => self.lost(build),
                    Err(error) => return Err(error.into()),
                }
            }
        }
        if now >= self.next_watch {
            self.next_watch = now + self.config.watch;
            self.slots = None;
            let ids: Vec<BuildId> = self.builds.keys().copied().collect();
            let Self { ports, config, .. } = &*self;
            let revisions = patiently(ports, config, || ports.store.revisions(&ids)).await?;
            for id in ids {
                let ours = self.builds.get(&id).map(|held| held.build.revision());
                match revisions.get(&id) {
                    None => self.lost(id),
                    Some(revision) if ours.is_some_and(|ours| ours != *revision) => self.reload(id).await?,
                    Some(_) => {}
                }
            }
        }
        Ok(())
    }

    /// Another driver has the build, or it is gone.
    pub(super) fn lost(&mut self, id: BuildId) {
        tracing::warn!(build = %id, "another driver has taken the build over");
        self.builds.remove(&id);
        self.tasks.forget(id);
        self.inbox.retain(|input| input.build != id);
        self.deferred.retain(|effect| effect.build != id);
    }

    /// Reads a build again after somebody else wrote to it, or after a write of ours failed.
    pub(super) async fn reload(&mut self, id: BuildId) -> Result<(), DriveError> {
        let (build, pending) = match read(&self.ports, &self.config, id).await {
            Ok(read) => read,
            Err(StoreError::NotFound(_)) => {
                self.lost(id);
                return Ok(());
            }
            Err(error) => return Err(error.into()),
        };
        // What waits to be put off is enqueued when that is done; what is answered already is not delivered again.
        let deferred = self.deferred.iter().filter(|effect| effect.build == id).map(|effect| effect.seq);
        let answered = self.inbox.iter().filter(|input| input.build == id).flat_map(|input| &input.done).copied();
        let taken: BTreeSet<EffectSeq> = deferred.chain(answered).collect();
        let Some(mut held) = self.builds.remove(&id) else { return Ok(()) };
        held.build = build;
        held.replace_queue(pending, &taken);
        self.rewatch(&held);
        self.builds.insert(id, held);
        Ok(())
    }

    /// As [`Self::watch_tasks`], but the answers that are already here are not asked for again.
    fn rewatch(&mut self, held: &Held) {
        let id = held.build.id();
        for ix in held.build.running() {
            if let Some((task, attempt)) = held.build.component(ix).and_then(|c| Some((c.task.clone()?, c.attempt)))
                && !self.answered(id, ix, attempt)
            {
                self.tasks.insert(task, (id, ix, attempt));
            }
        }
    }

    fn answered(&self, id: BuildId, ix: crate::plan::ComponentIx, wanted: u32) -> bool {
        self.inbox.iter().filter(|input| input.build == id).any(|input| match &input.event {
            Some(
                Event::ComponentCompleted { component, attempt, .. }
                | Event::ComponentFailed { component, attempt, .. }
                | Event::TaskLost { component, attempt, .. }
                | Event::TaskGivenUp { component, attempt, .. },
            ) => *component == ix && *attempt == wanted,
            _ => false,
        })
    }
}

/// Reads a build and its effects as of one moment: somebody may ask for a cancel between the two questions.
async fn read(
    ports: &Ports,
    config: &DriverConfig,
    id: BuildId,
) -> Result<(ModuleBuild, Vec<StoredEffect>), StoreError> {
    let ids = &[id];
    loop {
        let build = patiently(ports, config, || ports.store.load(id)).await?;
        let pending = patiently(ports, config, || ports.store.pending(id)).await?;
        let revisions = patiently(ports, config, || ports.store.revisions(ids)).await?;
        match revisions.get(&id) {
            None => return Err(StoreError::NotFound(id)),
            Some(revision) if *revision == build.revision() => return Ok((build, pending)),
            Some(_) => {}
        }
    }
}
