//! Everything that outlives a driver: tasks, repositories, messages, and what the checks know.

use super::faults::Faults;
use super::jobs::{Agenda, Job};
use super::model::Model;
use super::trace::{Trace, What};
use super::violation::Violation;
use crate::SimClock;
use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use futures::channel::{mpsc, oneshot};
use mbs_core::BuildId;
use mbs_core::build::TaskId;
use mbs_core::builder::{RequestKey, Wakeup};
use mbs_core::clock::Clock;
use mbs_core::plan::ComponentIx;
use mbs_core::store::{Lease, MemoryStore};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many drivers compete.
pub(super) const DRIVERS: usize = 2;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It works; `detached`: also if the caller is gone before.
    Serve { detached: bool },
    /// It fails and has done nothing.
    Refuse,
    /// It does its work and fails.
    LoseAnswer,
    /// It does its work and never returns.
    Hang,
}

/// How a task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    Complete,
    /// Taken from an earlier build.
    Taken,
    Failed,
    Canceled,
    Lost,
}

/// A piece of work in the backend.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) key: RequestKey,
    pub(super) ix: ComponentIx,
    pub(super) began: DateTime<Utc>,
    pub(super) ends: DateTime<Utc>,
    pub(super) end: End,
    pub(super) told: bool,
}

/// The repository of a build.
#[derive(Debug, Default)]
pub(super) struct Repo {
    pub(super) connected: bool,
    pub(super) tagged: BTreeMap<ComponentIx, u32>,
    pub(super) holds: BTreeMap<ComponentIx, u32>,
    pub(super) regenerating: usize,
    pub(super) finished: bool,
}

/// What the outside knows of a driver.
#[derive(Default)]
pub(super) struct Port {
    pub(super) hints: Vec<mpsc::UnboundedSender<Wakeup>>,
    pub(super) stops: Vec<oneshot::Sender<()>>,
    pub(super) crash: bool,
    pub(super) hung: bool,
    pub(super) leases: Vec<Lease>,
}

pub(super) struct World {
    pub(super) clock: SimClock,
    pub(super) rng: Rng,
    pub(super) faults: Faults,
    pub(super) agenda: Agenda,
    pub(super) trace: Trace,
    pub(super) tasks: Vec<Task>,
    pub(super) keys: BTreeMap<RequestKey, u64>,
    pub(super) repos: BTreeMap<BuildId, Repo>,
    pub(super) ports: [Port; DRIVERS],
    /// The driver that took each build over last.
    pub(super) holders: BTreeMap<BuildId, usize>,
    pub(super) models: BTreeMap<BuildId, Model>,
    pub(super) failures: BTreeMap<BuildId, Vec<u32>>,
    /// Whether components and sources that failed are mended.
    pub(super) healed: bool,
    pub(super) violation: Option<Violation>,
    /// Writes until a crash is forced; none: crashes are drawn.
    pub(super) crash_at: Option<u64>,
    pub(super) writes: u64,
}

/// One run, as its parts share it.
pub(super) struct Shared {
    pub(super) store: MemoryStore,
    pub(super) clock: SimClock,
    world: Mutex<World>,
}

impl Shared {
    pub(super) fn new(store: MemoryStore, world: World) -> Self {
        Self { store, clock: world.clock.clone(), world: Mutex::new(world) }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Draws what becomes of a call to the outside.
    pub(super) fn verdict(&self, driver: usize, call: &'static str, build: BuildId, component: u32) -> Verdict {
        let mut world = self.lock();
        let faults = &world.faults;
        let (error, lost, hang, detached) = (faults.error, faults.lost, faults.hang, faults.detached);
        let verdict = if world.chance(error) {
            Verdict::Refuse
        } else if world.chance(lost) {
            Verdict::LoseAnswer
        } else if world.chance(hang) {
            world.hung(driver);
            Verdict::Hang
        } else {
            Verdict::Serve { detached: world.chance(detached) }
        };
        let fault = match verdict {
            Verdict::Serve { detached: false } => "none",
            Verdict::Serve { detached: true } => "detached",
            Verdict::Refuse => "refused",
            Verdict::LoseAnswer => "answer lost",
            Verdict::Hang => "hangs",
        };
        world.note(What::Asked { driver, call, build: build.0, component, fault });
        verdict
    }

    /// The time that a call takes.
    pub(super) async fn latency(&self, verdict: Verdict) {
        let until = self.lock().draw_latency(verdict);
        self.pause(until).await;
    }

    /// Waits; `None`: gives others their turn.
    pub(super) async fn pause(&self, until: Option<DateTime<Utc>>) {
        match until {
            Some(until) if until <= self.clock.now() => {}
            Some(until) => self.clock.sleep_until(until).await,
            None => yield_now().await,
        }
    }
}

/// Gives others their turn.
async fn yield_now() {
    let mut yielded = false;
    futures::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}

impl World {
    pub(super) fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    pub(super) fn note(&mut self, what: What) {
        let now = self.now();
        self.trace.note(now, what);
    }

    /// Whether something with a chance in thousandths happens.
    pub(super) fn chance(&mut self, thousandths: u32) -> bool {
        thousandths > 0 && self.rng.u32(..1000) < thousandths
    }

    /// A time between the two, short ones as likely as long ones.
    pub(super) fn time(&mut self, from_ms: u32, to_ms: u32) -> TimeDelta {
        let octaves = (to_ms / from_ms.max(1)).max(1).ilog2() + 1;
        let base = i64::from(from_ms.max(1)) << self.rng.u32(..octaves);
        TimeDelta::milliseconds((base + self.rng.i64(0..base)).min(i64::from(to_ms)))
    }

    pub(super) fn broken(&mut self, violation: Violation) {
        self.violation.get_or_insert(violation);
    }

    pub(super) fn must(&mut self, holds: bool, build: BuildId, rule: &'static str, detail: impl FnOnce() -> String) {
        if !holds {
            self.broken(Violation::new(build, rule, detail()));
        }
    }

    fn draw_latency(&mut self, verdict: Verdict) -> Option<DateTime<Utc>> {
        if verdict == (Verdict::Serve { detached: true }) {
            return Some(self.now() + self.time(1, 5000));
        }
        let slow = self.faults.slow;
        if self.chance(slow) {
            Some(self.now() + self.time(1, 4000))
        } else if self.rng.bool() {
            None
        } else {
            Some(self.now())
        }
    }

    /// A driver waits for what never comes: it is killed some time later.
    pub(super) fn hung(&mut self, driver: usize) {
        if !std::mem::replace(&mut self.ports[driver].hung, true) {
            let when = self.now() + self.time(1000, 300_000);
            self.agenda.plan(when, Job::Kill(driver));
        }
    }

    pub(super) fn task_id(number: u64) -> TaskId {
        TaskId(format!("t{number}"))
    }

    pub(super) fn task_number(task: &TaskId) -> Option<usize> {
        task.0.strip_prefix('t')?.parse().ok()
    }

    /// Sends a hint to all drivers, or loses it.
    pub(super) fn hint(&mut self, wakeup: &Wakeup) {
        for driver in 0..DRIVERS {
            let lost = self.faults.hint_lost;
            if self.ports[driver].hints.is_empty() || self.chance(lost) {
                continue;
            }
            if self.rng.bool() {
                self.deliver_hint(driver, wakeup);
            } else {
                let when = self.now() + self.time(1, 8000);
                self.agenda.plan(when, Job::Hint(driver, wakeup.clone()));
            }
        }
    }

    pub(super) fn deliver_hint(&mut self, driver: usize, wakeup: &Wakeup) {
        let what = match wakeup {
            Wakeup::Task(_) => "task",
            Wakeup::Repo => "repo",
            Wakeup::Any => "any",
        };
        let hints = &mut self.ports[driver].hints;
        hints.retain(|hints| hints.unbounded_send(wakeup.clone()).is_ok());
        if !hints.is_empty() {
            self.note(What::Hint { driver, what });
        }
    }
}
