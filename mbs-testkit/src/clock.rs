//! Time that moves only when a test says so, or when nothing else can happen.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use futures::executor::LocalPool;
use futures::task::{ArcWake, waker};
use mbs_core::clock::Clock;
use std::collections::BTreeMap;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

/// A virtual [`Clock`]. Clones are the same clock.
///
/// Sleepers are woken in the order of their moments, and in the order in which they began to wait where the moments are
/// equal. With one thread, the same program therefore runs the same way every time.
#[derive(Debug, Clone)]
pub struct SimClock {
    inner: Arc<Mutex<Inner>>,
}

#[derive(Debug)]
struct Inner {
    now: DateTime<Utc>,
    next_id: u64,
    sleepers: BTreeMap<(DateTime<Utc>, u64), Waker>,
}

/// Nothing can run, nobody sleeps, and the future is not done: it waits for something that never comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("nothing can run and nobody sleeps, at {now}: something waits for what never comes")]
pub struct Deadlock {
    /// When.
    pub now: DateTime<Utc>,
}

impl Default for SimClock {
    fn default() -> Self {
        Self::new(DateTime::UNIX_EPOCH + TimeDelta::days(20_000))
    }
}

impl SimClock {
    /// A clock that stands at `start`.
    pub fn new(start: DateTime<Utc>) -> Self {
        Self { inner: Arc::new(Mutex::new(Inner { now: start, next_id: 0, sleepers: BTreeMap::new() })) }
    }

    /// Moves the time on. Whoever sleeps until a moment on the way is woken, and so is whoever sleeps until the end.
    pub fn advance(&self, by: TimeDelta) {
        let until = self.now() + by;
        while self.next_sleeper().is_some_and(|next| next <= until) {
            self.advance_to_next();
        }
        let mut inner = self.lock();
        inner.now = inner.now.max(until);
    }

    /// Moves the time to the next moment somebody sleeps until, and wakes all who sleep until it. False if nobody sleeps.
    pub fn advance_to_next(&self) -> bool {
        let mut inner = self.lock();
        let Some(&(next, _)) = inner.sleepers.first_key_value().map(|(key, _)| key) else { return false };
        inner.now = inner.now.max(next);
        let later = inner.sleepers.split_off(&(next, u64::MAX));
        let due = std::mem::replace(&mut inner.sleepers, later);
        drop(inner);
        due.into_values().for_each(Waker::wake);
        true
    }

    /// The next moment that somebody sleeps until.
    pub fn next_sleeper(&self) -> Option<DateTime<Utc>> {
        self.lock().sleepers.first_key_value().map(|((when, _), _)| *when)
    }

    /// How many sleep.
    pub fn sleepers(&self) -> usize {
        self.lock().sleepers.len()
    }

    /// Runs a future to its end on this thread; when it cannot go on, the time moves to the next sleeper.
    ///
    /// # Errors
    /// [`Deadlock`] if nobody sleeps and the future still waits.
    pub fn run<F: Future>(&self, future: F) -> Result<F::Output, Deadlock> {
        let woken = Arc::new(Woken(AtomicBool::new(true)));
        let waker = waker(Arc::clone(&woken));
        let mut context = Context::from_waker(&waker);
        let mut future = pin!(future);
        loop {
            while woken.0.swap(false, Ordering::AcqRel) {
                if let Poll::Ready(output) = future.as_mut().poll(&mut context) {
                    return Ok(output);
                }
            }
            if !self.advance_to_next() {
                return Err(Deadlock { now: self.now() });
            }
        }
    }

    /// Runs the tasks of a pool until none can go on and nobody sleeps any more.
    pub fn run_pool(&self, pool: &mut LocalPool) {
        pool.run_until_stalled();
        while self.advance_to_next() {
            pool.run_until_stalled();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Clock for SimClock {
    fn now(&self) -> DateTime<Utc> {
        self.lock().now
    }

    async fn sleep_until(&self, when: DateTime<Utc>) {
        Sleep { clock: self, when, id: None }.await;
    }
}

/// A sleeper; dropped, it sleeps no more.
struct Sleep<'a> {
    clock: &'a SimClock,
    when: DateTime<Utc>,
    id: Option<u64>,
}

impl Future for Sleep<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut inner = self.clock.lock();
        if inner.now >= self.when {
            return Poll::Ready(());
        }
        let id = self.id.unwrap_or_else(|| {
            inner.next_id += 1;
            inner.next_id
        });
        inner.sleepers.insert((self.when, id), context.waker().clone());
        drop(inner);
        self.id = Some(id);
        Poll::Pending
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        if let Some(id) = self.id {
            self.clock.lock().sleepers.remove(&(self.when, id));
        }
    }
}

struct Woken(AtomicBool);

impl ArcWake for Woken {
    fn wake_by_ref(this: &Arc<Self>) {
        this.0.store(true, Ordering::Release);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join;
    use futures::task::LocalSpawnExt;
    use std::cell::RefCell;
    use std::rc::Rc;

    #[test]
    fn a_year_of_sleeping_takes_no_time() {
        let clock = SimClock::default();
        let start = clock.now();
        clock
            .run(async {
                for day in 1..=365 {
                    clock.sleep_until(start + TimeDelta::days(day)).await;
                }
            })
            .expect("a sleeper is always there");
        assert_eq!(clock.now() - start, TimeDelta::days(365));
    }

    #[test]
    fn sleepers_wake_in_the_order_of_their_moments_then_of_their_beginning() {
        let clock = SimClock::default();
        let start = clock.now();
        let woken = Rc::new(RefCell::new(Vec::new()));
        let mut pool = LocalPool::new();
        for (name, seconds) in [("late", 9), ("first", 5), ("second", 5)] {
            let (clock, woken) = (clock.clone(), Rc::clone(&woken));
            let task = async move {
                clock.sleep_until(start + TimeDelta::seconds(seconds)).await;
                woken.borrow_mut().push(name);
            };
            pool.spawner().spawn_local(task).expect("pool");
        }
        clock.run_pool(&mut pool);
        assert_eq!(*woken.borrow(), ["first", "second", "late"]);
    }

    #[test]
    fn a_moment_that_has_passed_is_not_waited_for() {
        let clock = SimClock::default();
        clock.run(clock.sleep_until(clock.now())).expect("returns at once");
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn a_dropped_sleeper_is_forgotten() {
        let clock = SimClock::default();
        let mut sleep = clock.sleep_until(clock.now() + TimeDelta::hours(1));
        let mut context = Context::from_waker(Waker::noop());
        assert!(sleep.as_mut().poll(&mut context).is_pending());
        assert_eq!(clock.sleepers(), 1);
        drop(sleep);
        assert_eq!(clock.sleepers(), 0);
    }

    #[test]
    fn waiting_for_what_never_comes_is_told() {
        let clock = SimClock::default();
        let never = join(std::future::pending::<()>(), clock.sleep_until(clock.now() + TimeDelta::hours(1)));
        let deadlock = clock.run(never).expect_err("never ends");
        assert_eq!(deadlock.now, clock.now());
    }

    #[test]
    fn advancing_stops_at_the_end_and_wakes_what_lies_before() {
        let clock = SimClock::default();
        let start = clock.now();
        let (mut near, mut far) =
            (clock.sleep_until(start + TimeDelta::seconds(1)), clock.sleep_until(start + TimeDelta::seconds(9)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(near.as_mut().poll(&mut context).is_pending() && far.as_mut().poll(&mut context).is_pending());
        clock.advance(TimeDelta::seconds(5));
        assert!(near.as_mut().poll(&mut context).is_ready() && far.as_mut().poll(&mut context).is_pending());
        assert_eq!(clock.now(), start + TimeDelta::seconds(5));
    }
}
