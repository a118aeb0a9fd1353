//! How rough a run is: drawn once from the seed, so that some runs are calm and some are not.

use chrono::TimeDelta;
use fastrand::Rng;
use mbs_core::build::Limits;

/// Chances in thousandths, and times.
#[derive(Debug, Clone)]
pub(super) struct Faults {
    /// A driver crashes before or after a write becomes durable.
    pub(super) crash: u32,
    /// A store call fails for a passing reason.
    pub(super) busy: u32,
    /// A call to the outside fails before it has done anything.
    pub(super) error: u32,
    /// A call does its work and its answer is an error.
    pub(super) lost: u32,
    /// A call does its work or not, and never returns.
    pub(super) hang: u32,
    /// A call goes on although its caller is gone.
    pub(super) detached: u32,
    /// A task is lost by the backend.
    pub(super) task_lost: u32,
    /// A task is cancelled in the backend by somebody else.
    pub(super) task_cancelled: u32,
    /// A hint is not sent.
    pub(super) hint_lost: u32,
    /// A call takes its time.
    pub(super) slow: u32,
    /// How long things go wrong.
    pub(super) until: TimeDelta,
    /// How often something happens from outside: a freeze, a stop, an operator.
    pub(super) meddle: TimeDelta,
    /// Limits of all drivers.
    pub(super) limits: Limits,
    /// How often drivers ask.
    pub(super) poll: TimeDelta,
    /// How often drivers look for what others wrote.
    pub(super) watch: TimeDelta,
    /// How often drivers try.
    pub(super) patience: u32,
}

impl Faults {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let mut chance = |calm: u8, most: u32| if rng.u8(..) < calm { 0 } else { rng.u32(1..=most) };
        let mut faults = Self {
            crash: chance(60, 40),
            busy: chance(120, 30),
            error: chance(80, 120),
            lost: chance(80, 80),
            hang: chance(150, 8),
            detached: chance(80, 600),
            task_lost: chance(100, 80),
            task_cancelled: chance(180, 20),
            hint_lost: chance(80, 700),
            slow: chance(30, 500),
            until: TimeDelta::zero(),
            meddle: TimeDelta::zero(),
            limits: Limits::default(),
            poll: TimeDelta::zero(),
            watch: TimeDelta::zero(),
            patience: 0,
        };
        let mut limit = |most: usize| if rng.bool() { None } else { Some(rng.usize(1..=most)) };
        faults.limits = Limits { per_build: limit(4), per_owner: limit(5), per_backend: limit(6) };
        faults.until = TimeDelta::seconds(rng.i64(30..1200));
        faults.meddle = TimeDelta::seconds(rng.i64(20..600));
        faults.poll = TimeDelta::seconds(rng.i64(5..60));
        faults.watch = TimeDelta::milliseconds(rng.i64(500..15_000));
        faults.patience = rng.u32(2..9);
        faults
    }

    /// The end of all faults; times and limits stay.
    pub(super) fn calm(&mut self) {
        self.crash = 0;
        self.busy = 0;
        self.error = 0;
        self.lost = 0;
        self.hang = 0;
        self.detached = 0;
        self.task_lost = 0;
        self.task_cancelled = 0;
        self.hint_lost = 0;
    }
}
