//! The driver and its loop.

use super::config::{DriveError, DriverConfig, Ports};
use super::deliver::{Answer, Delivered, deliver};
use super::held::Held;
use super::patience::patiently;
use super::watch::{Polled, Tasks};
use crate::build::{EffectSeq, Event, StoredEffect, Turn, backoff};
use crate::builder::Wakeup;
use crate::store::Slots;
use crate::{BuildId, build::ModuleBuild};
use chrono::{DateTime, Utc};
use futures::future::{BoxFuture, Either, FutureExt, select};
use futures::stream::{BoxStream, FuturesUnordered, StreamExt};
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::pin::pin;

/// Messages of one build that leave between two transactions. A crash repeats at most so many.
const BURST: usize = 500;

/// Why [`Driver::run`] returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing is left to do for any build of the driver.
    Settled,
    /// The driver was asked to stop; running components went back to waiting without blame.
    Stopped,
}

/// Drives module builds: performs their effects and records what comes of it.
pub struct Driver {
    pub(super) ports: Ports,
    pub(super) config: DriverConfig,
    pub(super) builds: BTreeMap<BuildId, Held>,
    pub(super) inbox: VecDeque<Input>,
    pub(super) deliveries: FuturesUnordered<BoxFuture<'static, Delivered>>,
    pub(super) polls: FuturesUnordered<BoxFuture<'static, Polled>>,
    pub(super) wakeups: BoxStream<'static, Wakeup>,
    pub(super) tasks: Tasks,
    pub(super) deferred: Vec<StoredEffect>,
    pub(super) slots: Option<Slots>,
    pub(super) turn: Turn,
    pub(super) next_watch: DateTime<Utc>,
    pub(super) next_renewal: DateTime<Utc>,
}

/// Something to record.
pub(super) struct Input {
    pub(super) build: BuildId,
    pub(super) event: Option<Event>,
    pub(super) done: Vec<EffectSeq>,
}

impl Driver {
    /// A driver without builds.
    pub fn new(ports: Ports, config: DriverConfig) -> Self {
        let now = ports.clock.now();
        Self {
            wakeups: ports.builder.wakeups(),
            next_watch: now + config.watch,
            next_renewal: now,
            ports,
            config,
            builds: BTreeMap::new(),
            inbox: VecDeque::new(),
            deliveries: FuturesUnordered::new(),
            polls: FuturesUnordered::new(),
            tasks: Tasks::default(),
            deferred: Vec::new(),
            slots: None,
            turn: Turn::default(),
        }
    }

    /// A build that the driver holds, as far as it has come.
    pub fn build(&self, id: BuildId) -> Option<&ModuleBuild> {
        self.builds.get(&id).map(|held| &held.build)
    }

    /// Drives all builds it holds until nothing is left to do for any of them, or `stop` is over.
    ///
    /// A build is settled when it is in a state where no work goes on, every task of it has ended and every effect is
    /// delivered. Settled builds are let go. May be called again after more builds were attached.
    ///
    /// # Errors
    /// [`DriveError`] if the store fails for good. The leases are given back; nothing that was stored is lost.
    pub async fn run(&mut self, stop: impl Future<Output = ()> + Send) -> Result<Ended, DriveError> {
        let result = self.work(stop).await;
        if result.is_err() {
            self.give_up().await;
        }
        result
    }

    async fn work(&mut self, stop: impl Future<Output = ()> + Send) -> Result<Ended, DriveError> {
        let mut stop = pin!(stop.fuse());
        loop {
            self.absorb().await?;
            self.start_effects();
            self.start_poll();
            self.let_go().await?;
            if self.builds.is_empty() {
                return Ok(Ended::Settled);
            }
            let stopped = {
                let wait = pin!(self.wait());
                matches!(select(&mut stop, wait).await, Either::Left(_))
            };
            if stopped {
                self.interrupt().await?;
                return Ok(Ended::Stopped);
            }
            self.look_around().await?;
        }
    }

    /// Forgets everything, so that another driver, or this one, can take the builds over.
    async fn give_up(&mut self) {
        self.deliveries.clear();
        self.polls.clear();
        self.inbox.clear();
        self.deferred.clear();
        self.tasks = Tasks::default();
        self.slots = None;
        for (_, held) in std::mem::take(&mut self.builds) {
            // The store may be what has failed: then the lease lapses.
            if let Err(error) = self.ports.store.release_lease(&held.lease).await {
                tracing::debug!("lease not given back: {error}");
            }
        }
    }

    /// Starts the delivery of every effect that is due.
    fn start_effects(&mut self) {
        let now = self.ports.clock.now();
        for held in self.builds.values_mut() {
            for waiting in held.take_due(now) {
                self.deliveries.push(deliver(&self.ports, self.config.poll, held, waiting));
            }
        }
    }

    /// Waits until something has happened, and takes in all of it.
    async fn wait(&mut self) {
        let now = self.ports.clock.now();
        let due = self.builds.values().filter_map(Held::next_due);
        let mut until = due.chain([self.next_watch, self.next_renewal]).chain(self.tasks.next_poll()).min();
        until = until.map(|moment| moment.max(now));
        let clock = std::sync::Arc::clone(&self.ports.clock);
        let mut timer = pin!(
            async move {
                match until {
                    Some(moment) => clock.sleep_until(moment).await,
                    None => std::future::pending().await,
                }
            }
            .fuse()
        );
        let mut delivered = Vec::new();
        let mut polled = Vec::new();
        let mut hints = Vec::new();
        futures::select_biased! {
            one = self.deliveries.select_next_some() => delivered.push(one),
            one = self.polls.select_next_some() => polled.push(one),
            one = self.wakeups.next().fuse() => match one {
                Some(hint) => hints.push(hint),
                // The builder gives no hints any more.
                None => self.wakeups = futures::stream::pending().boxed(),
            },
            () = timer => {}
        }
        // Whatever else is there already goes into the same transaction.
        while let Some(Some(one)) = self.deliveries.next().now_or_never() {
            delivered.push(one);
        }
        while let Some(Some(one)) = self.polls.next().now_or_never() {
            polled.push(one);
        }
        while let Some(Some(hint)) = self.wakeups.next().now_or_never() {
            hints.push(hint);
        }
        for one in delivered {
            self.delivered(one);
        }
        self.burst_of_messages();
        for one in polled {
            self.polled(one);
        }
        for hint in hints {
            self.tasks.hint(hint);
        }
    }

    /// Delivers further messages as long as the bus takes them at once, so that they are marked done in one transaction
    /// and not in one each.
    fn burst_of_messages(&mut self) {
        let now = self.ports.clock.now();
        for _ in 0..BURST {
            let mut started = false;
            for (id, held) in &mut self.builds {
                // A message that was not taken goes first; it is back in the queue when that is stored.
                if self.deferred.iter().any(|effect| effect.build == *id && effect.effect.kind.is_message()) {
                    continue;
                }
                if let Some(waiting) = held.take_message(now) {
                    self.deliveries.push(deliver(&self.ports, self.config.poll, held, waiting));
                    started = true;
                }
            }
            if !started {
                return;
            }
            while let Some(Some(one)) = self.deliveries.next().now_or_never() {
                self.delivered(one);
            }
        }
    }

    /// Takes in the outcome of a delivery.
    pub(super) fn delivered(&mut self, Delivered { build, mut waiting, answer }: Delivered) {
        let Some(held) = self.builds.get_mut(&build) else { return };
        let seq = waiting.stored.seq;
        held.in_flight.remove(&seq);
        let event = match answer {
            Answer::Done => None,
            Answer::Event(event) => Some(event),
            Answer::Again { after, reason, or_else } => {
                let failures = waiting.stored.failures + 1;
                match or_else {
                    Some(event) if failures >= self.config.patience => Some(event),
                    _ => {
                        tracing::warn!(%build, failures, "will try again: {reason}");
                        waiting.stored.failures = failures;
                        waiting.stored.effect.due = self.ports.clock.now() + after.max(backoff(failures));
                        self.deferred.push(waiting.stored);
                        return;
                    }
                }
            }
        };
        if let Some(Event::TaskAccepted { component, attempt, task }) = &event {
            self.tasks.insert(task.clone(), (build, *component, *attempt));
        }
        self.inbox.push_back(Input { build, event, done: vec![seq] });
    }

    /// Whether nothing is left to do for a build.
    fn is_settled(held: &Held) -> bool {
        !held.build.state().is_active() && held.build.closing().is_empty() && held.is_quiet()
    }

    /// Lets settled builds go.
    async fn let_go(&mut self) -> Result<(), DriveError> {
        let pending = |id: &BuildId| {
            self.inbox.iter().any(|input| input.build == *id) || self.deferred.iter().any(|effect| effect.build == *id)
        };
        let settled: Vec<BuildId> =
            self.builds.iter().filter(|(id, held)| Self::is_settled(held) && !pending(id)).map(|(id, _)| *id).collect();
        for id in settled {
            if let Some(held) = self.builds.remove(&id) {
                self.tasks.forget(id);
                let Self { ports, config, .. } = &*self;
                patiently(ports, config, || ports.store.release_lease(&held.lease)).await?;
            }
        }
        Ok(())
    }
}
