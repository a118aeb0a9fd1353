//! One run from its seed to its end.

use super::faults::Faults;
use super::jobs::{Agenda, Job};
use super::model::Model;
use super::modules;
use super::process::process;
use super::trace::{Moment, Trace, What};
use super::violation::Violation;
use super::world::{DRIVERS, Port, Shared, World};
use crate::SimClock;
use chrono::{DateTime, TimeDelta, Utc};
use fastrand::Rng;
use futures::FutureExt;
use futures::future::BoxFuture;
use futures::task::{ArcWake, waker};
use mbs_core::BuildId;
use mbs_core::build::{Event, ModuleState};
use mbs_core::clock::Clock;
use mbs_core::store::{MemoryStore, Store};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Waker};

/// After the faults end, everything must be over within this time.
const PATIENCE: TimeDelta = TimeDelta::hours(6);

/// A run that takes more turns goes round in circles.
const MAX_TURNS: u64 = 2_000_000;

/// What to run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Simulation {
    /// Decides everything.
    pub seed: u64,
    /// Whether the whole trace is kept, not its end alone.
    pub full_trace: bool,
    /// Instead of everything that the seed draws: one module of ten components without faults, whose driver crashes once,
    /// at this moment: 0 is never, 1 before the first write, 2 after it, and so on.
    pub crash_at: Option<u64>,
    /// Whether some builds take components from earlier ones. What a seed draws beside is the same with and without.
    pub reuse: bool,
}

impl Simulation {
    /// A run of a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, full_trace: false, crash_at: None, reuse: true }
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// How many module builds it had.
    pub builds: usize,
    /// How many components these have, the macros not counted.
    pub components: usize,
    /// How many tasks the backend ran.
    pub tasks: usize,
    /// How often a driver crashed.
    pub crashes: usize,
    /// How many moments of writes there were at which a driver may crash.
    pub moments: u64,
    /// State and name-version-release of every component of each build at the end.
    pub results: Vec<(ModuleState, Vec<Option<String>>)>,
    /// SHA-256 over everything that happened, in hex.
    pub hash: String,
    /// The first rule that was broken.
    pub violation: Option<Violation>,
    /// The end of what happened, or all of it.
    pub trace: Vec<Moment>,
}

/// Runs a seed to its end or to the first broken rule.
pub fn simulate(simulation: Simulation) -> Outcome {
    Run::new(simulation).run()
}

struct Process {
    future: Option<BoxFuture<'static, ()>>,
    woken: Arc<Woken>,
    waker: Waker,
    frozen: bool,
}

struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.store(true, Ordering::Relaxed);
    }
}

struct Run {
    simulation: Simulation,
    shared: Arc<Shared>,
    processes: Vec<Process>,
    crashes: usize,
    deadline: Option<DateTime<Utc>>,
    resumed: bool,
}

impl Run {
    fn new(simulation: Simulation) -> Self {
        let mut rng = Rng::with_seed(simulation.seed);
        let clock = SimClock::default();
        let start = clock.now();
        let mut faults = Faults::draw(&mut rng);
        let plain = simulation.crash_at.is_some();
        if plain {
            faults.calm();
        }
        // A source of its own, so that the rest of the run is drawn alike with and without.
        let reuse = simulation.reuse.then(|| Rng::with_seed(simulation.seed ^ 0x5265_7573_6521));
        // The texts that modules are made of are names.
        let drawn = modules::draw(&mut rng, plain.then_some(10), reuse).expect("drawn names are good");
        let store = MemoryStore::new();
        let mut trace = Trace::new(start, simulation.full_trace);
        let mut models = BTreeMap::new();
        let mut failures = BTreeMap::new();
        for module in drawn {
            let created = store.create(std::slice::from_ref(&module.new), start).now_or_never();
            let created = created.expect("the memory store never waits").expect("drawn modules do not collide");
            let Some(header) = created.into_iter().next().map(|created| created.header) else { continue };
            let request = &header.request;
            trace.note(
                start,
                What::Module {
                    build: header.id.0,
                    components: request.plan.components.len(),
                    keep_going: request.options.keep_going,
                    graph: request.plan.order == mbs_core::plan::Order::Graph,
                },
            );
            failures.insert(header.id, module.failures);
            models.insert(header.id, Model::new(header));
        }
        let mut agenda = Agenda::default();
        for driver in 0..DRIVERS {
            let after = TimeDelta::milliseconds(rng.i64(0..10_000));
            agenda.plan(start + after, Job::Start(driver));
        }
        if plain {
            agenda.plan(start, Job::Calm);
        } else {
            agenda.plan(start + faults.until, Job::Calm);
            agenda.plan(start + faults.meddle / 2, Job::Meddle);
        }
        let world = World {
            clock,
            rng,
            faults,
            agenda,
            trace,
            tasks: Vec::new(),
            keys: BTreeMap::new(),
            repos: BTreeMap::new(),
            ports: std::array::from_fn(|_| Port::default()),
            holders: BTreeMap::new(),
            models,
            failures,
            healed: plain,
            violation: None,
            crash_at: simulation.crash_at,
            writes: 0,
        };
        let processes = (0..DRIVERS)
            .map(|_| {
                let woken = Arc::new(Woken(AtomicBool::new(false)));
                Process { future: None, waker: waker(Arc::clone(&woken)), woken, frozen: false }
            })
            .collect();
        let shared = Arc::new(Shared::new(store, world));
        Self { simulation, shared, processes, crashes: 0, deadline: None, resumed: plain }
    }

    fn run(mut self) -> Outcome {
        for _ in 0..MAX_TURNS {
            if self.shared.lock().violation.is_some() || !self.turn() {
                return self.finish();
            }
        }
        self.shared.lock().broken(Violation::new(BuildId(0), "every run ends", "too many turns"));
        self.finish()
    }

    /// One turn of one driver, or a step of the time; false at the end.
    fn turn(&mut self) -> bool {
        let ready: Vec<usize> = (0..DRIVERS)
            .filter(|n| {
                let process = &self.processes[*n];
                process.future.is_some() && !process.frozen && process.woken.0.load(Ordering::Relaxed)
            })
            .collect();
        if ready.is_empty() {
            return self.pass_time();
        }
        let driver = ready[if ready.len() > 1 { self.shared.lock().rng.usize(..ready.len()) } else { 0 }];
        let process = &mut self.processes[driver];
        process.woken.0.store(false, Ordering::Relaxed);
        if let Some(future) = &mut process.future {
            // A process never ends by itself.
            let _ = future.as_mut().poll(&mut Context::from_waker(&process.waker));
        }
        if self.shared.lock().ports[driver].crash {
            self.crash(driver);
        }
        true
    }

    fn pass_time(&mut self) -> bool {
        if self.deadline.is_some() && self.all_settled() {
            if self.resumed || !self.resume_failed() {
                return false;
            }
            self.resumed = true;
        }
        let mut world = self.shared.lock();
        let now = world.now();
        let next = world.agenda.next().into_iter().chain(world.clock.next_sleeper()).min();
        let Some(next) = next.map(|next| next.max(now)) else {
            world.broken(Violation::new(BuildId(0), "something always goes on", "everybody waits for ever"));
            return false;
        };
        if self.deadline.is_some_and(|deadline| next > deadline) {
            let stuck: Vec<_> =
                world.models.values().filter(|m| !m.is_settled()).map(|m| (m.id(), m.state, &m.pending)).collect();
            let detail = format!("after {PATIENCE}: {stuck:?}");
            world.broken(Violation::new(BuildId(0), "everything settles when the faults end", detail));
            return false;
        }
        world.clock.advance(next - now);
        loop {
            let Some(job) = world.agenda.take_due(next) else { return true };
            match job {
                Job::TaskOver(task) => world.task_over(task),
                Job::Regenerated(build) => world.regenerated(build),
                Job::Call(call) => call(&mut world),
                Job::Hint(driver, wakeup) => world.deliver_hint(driver, &wakeup),
                other => {
                    drop(world);
                    self.perform(&other);
                    world = self.shared.lock();
                }
            }
        }
    }

    fn perform(&mut self, job: &Job) {
        match *job {
            Job::Kill(driver) => {
                if self.shared.lock().ports[driver].hung {
                    self.crash(driver);
                }
            }
            Job::Start(driver) => self.start(driver),
            Job::Thaw(driver) => self.processes[driver].frozen = false,
            Job::Meddle => self.meddle(),
            Job::Calm => {
                let mut world = self.shared.lock();
                world.note(What::FaultsEnd);
                world.faults.calm();
                world.agenda.forget_meddling();
                self.deadline = Some(world.now() + PATIENCE);
            }
            Job::TaskOver(_) | Job::Regenerated(_) | Job::Call(_) | Job::Hint(..) => {}
        }
    }

    fn start(&mut self, driver: usize) {
        let process = &mut self.processes[driver];
        if process.future.is_some() {
            return;
        }
        process.future = Some(Box::pin(process_of(&self.shared, driver)));
        process.woken.0.store(true, Ordering::Relaxed);
        self.shared.lock().note(What::Starts { driver });
    }

    /// A driver is gone, with everything that it had in memory.
    fn crash(&mut self, driver: usize) {
        self.crashes += 1;
        let process = &mut self.processes[driver];
        process.frozen = false;
        let future = process.future.take();
        let leases = {
            let mut world = self.shared.lock();
            let free = world.rng.bool();
            world.note(What::Crashed { driver, free });
            let after = if world.rng.bool() { TimeDelta::zero() } else { world.time(1, 120_000) };
            let when = world.now() + after;
            world.agenda.plan(when, Job::Start(driver));
            let leases = std::mem::take(&mut world.ports[driver]).leases;
            if free { leases } else { Vec::new() }
        };
        // Its calls are dropped while the world is not locked: they may look at it.
        drop(future);
        for lease in leases {
            // As a file lock, which ends with its process.
            let _ = self.shared.store.release_lease(&lease).now_or_never();
        }
        self.shared.check_all();
    }

    fn meddle(&mut self) {
        let draw = {
            let mut world = self.shared.lock();
            let every = u32::try_from(world.faults.meddle.num_milliseconds()).unwrap_or(u32::MAX);
            let next = world.now() + world.time(every / 8, every);
            world.agenda.plan(next, Job::Meddle);
            world.rng.u8(..)
        };
        let driver = usize::from(draw % 2);
        match draw {
            0..40 => {
                let mut world = self.shared.lock();
                let lasts = world.time(100, 200_000);
                let when = world.now() + lasts;
                world.note(What::Frozen { driver, milliseconds: lasts.num_milliseconds() });
                world.agenda.plan(when, Job::Thaw(driver));
                self.processes[driver].frozen = true;
            }
            40..90 => {
                let mut world = self.shared.lock();
                for stop in std::mem::take(&mut world.ports[driver].stops) {
                    if stop.send(()).is_ok() {
                        world.note(What::StopAsked { driver });
                    }
                }
            }
            90..110 => self.crash(driver),
            _ => self.shared.meddle(),
        }
    }

    fn all_settled(&self) -> bool {
        self.shared.lock().models.values().all(Model::is_settled)
    }

    /// Everything is mended, and whatever has failed is asked to go on: it has to succeed now.
    fn resume_failed(&mut self) -> bool {
        let failed: Vec<BuildId> = {
            let mut world = self.shared.lock();
            world.note(What::Settled);
            world.healed = true;
            self.deadline = Some(world.now() + PATIENCE);
            world.models.values().filter(|model| model.state == ModuleState::Failed).map(Model::id).collect()
        };
        let mut any = false;
        for id in failed {
            any |= self.shared.operate(id, Event::ResumeAsked { by: "bob".into() });
        }
        any
    }

    fn finish(mut self) -> Outcome {
        for process in &mut self.processes {
            process.future = None;
        }
        if self.shared.lock().violation.is_none() {
            self.shared.check_end();
        }
        let mut results = Vec::new();
        let ids: Vec<BuildId> = self.shared.lock().models.keys().copied().collect();
        for id in ids {
            if let Some(Ok(build)) = self.shared.store.load(id).now_or_never() {
                let nvrs =
                    build.components().map(|(_, _, c)| c.built.as_ref().map(|built| built.nvr.clone())).collect();
                results.push((build.state(), nvrs));
            }
        }
        let mut world = self.shared.lock();
        if self.resumed
            && let Some(n) = results.iter().position(|(state, _)| *state == ModuleState::Failed)
        {
            let build = BuildId(n as u64 + 1);
            world.must(false, build, "a build whose faults are mended succeeds when it is resumed", String::new);
        }
        let start = world.now();
        let trace = std::mem::replace(&mut world.trace, Trace::new(start, false));
        let (hash, trace) = trace.finish();
        Outcome {
            seed: self.simulation.seed,
            builds: world.models.len(),
            components: world.models.values().map(|model| model.parts.len().saturating_sub(1)).sum(),
            tasks: world.tasks.len(),
            crashes: self.crashes,
            moments: world.writes,
            results,
            hash,
            violation: world.violation.take(),
            trace,
        }
    }
}

fn process_of(shared: &Arc<Shared>, driver: usize) -> impl Future<Output = ()> + Send + 'static {
    process(Arc::clone(shared), driver)
}
