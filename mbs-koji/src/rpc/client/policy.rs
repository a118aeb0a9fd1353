//! How long and how often a request is repeated.

use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::clock::Clock;
use std::time::Duration;

/// How long and how often a request is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How long a hub that does not answer, or is closed for maintenance, is waited for: from the first failed try of a call
    /// to its last. An hour.
    pub patience: Duration,
    /// How often a call is tried whose hub is there and refuses it for reasons that may pass. Waiting for a hub that is away
    /// is not counted. 10.
    pub tries: u32,
    /// Longest pause between two tries. The first repeat follows at once, the second after a second, and each further pause
    /// is twice as long. 20 s.
    pub longest_pause: Duration,
    /// Longest wait for an answer. 10 minutes.
    pub timeout: Duration,
    /// Longest wait for the answer to a login. A minute.
    pub login_timeout: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            patience: Duration::from_hours(1),
            tries: 10,
            longest_pause: Duration::from_secs(20),
            timeout: Duration::from_mins(10),
            login_timeout: Duration::from_mins(1),
        }
    }
}

/// Is the try counted, or is the hub away?
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::rpc) enum Wait {
    /// The hub is away: only patience ends this.
    ForHub,
    /// The hub is there: counted.
    Counted,
    /// Counted, and with the longest pause at once.
    Slowly,
    /// The hub is closed: not counted, with the longest pause.
    Closed,
}

/// The tries of one call.
pub(in crate::rpc) struct Tries<'a> {
    clock: &'a dyn Clock,
    policy: RetryPolicy,
    deadline: Option<DateTime<Utc>>,
    made: u32,
    counted: u32,
}

/// The moment `after` from now; the end of time when that does not fit.
pub(in crate::rpc) fn moment(clock: &dyn Clock, after: Duration) -> DateTime<Utc> {
    let delta = TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX);
    clock.now().checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl<'a> Tries<'a> {
    pub(in crate::rpc) fn new(clock: &'a dyn Clock, policy: RetryPolicy) -> Self {
        Self { clock, policy, deadline: None, made: 0, counted: 0 }
    }

    /// How many tries failed.
    pub(in crate::rpc) fn made(&self) -> u32 {
        self.made
    }

    /// After a failed try: waits until the next is due. False if there is none.
    pub(in crate::rpc) async fn again(&mut self, wait: Wait) -> bool {
        self.made += 1;
        if matches!(wait, Wait::Counted | Wait::Slowly) {
            self.counted += 1;
            if self.counted >= self.policy.tries {
                return false;
            }
        }
        let longest = self.policy.longest_pause;
        let pause = match (wait, self.made) {
            (Wait::Closed | Wait::Slowly, _) => longest,
            (_, 1) => Duration::ZERO,
            (_, made) => Duration::from_secs(1 << (made - 2).min(16)).min(longest),
        };
        let deadline = *self.deadline.get_or_insert_with(|| moment(self.clock, self.policy.patience));
        let next = moment(self.clock, pause);
        if next > deadline {
            return false;
        }
        if !pause.is_zero() {
            self.clock.sleep_until(next).await;
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mbs_testkit::SimClock;

    fn run(wait: Wait) -> (u32, i64) {
        let clock = SimClock::default();
        let began = clock.now();
        let tries = clock.run(async {
            let mut tries = Tries::new(&clock, RetryPolicy::default());
            while tries.again(wait).await {}
            tries.made()
        });
        (tries.expect("somebody always sleeps"), (clock.now() - began).num_seconds())
    }

    #[test]
    fn a_hub_that_is_away_is_waited_for_with_patience_and_one_that_refuses_is_not() {
        let (tries, seconds) = run(Wait::ForHub);
        assert!(tries > 150 && (3_570..=3_600).contains(&seconds), "{tries} in {seconds} s");
        let (tries, seconds) = run(Wait::Closed);
        assert_eq!((tries, seconds), (181, 3_600));
        let (tries, seconds) = run(Wait::Counted);
        assert_eq!((tries, seconds), (10, 1 + 2 + 4 + 8 + 16 + 20 + 20 + 20));
        assert_eq!(run(Wait::Slowly).0, 10);
    }
}
