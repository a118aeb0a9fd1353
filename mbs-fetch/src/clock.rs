//! The clock of the machine.

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::clock::Clock;
use std::time::Duration;

/// The clock of the machine; waits on tokio's timer.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

/// Longest single wait, so that a corrected system clock is noticed.
const LONGEST_NAP: Duration = Duration::from_mins(1);

#[async_trait]
impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }

    #[expect(clippy::disallowed_methods, reason = "this is the clock that everything else is handed")]
    async fn sleep_until(&self, until: DateTime<Utc>) {
        loop {
            let left = until - self.now();
            if left <= TimeDelta::zero() {
                return;
            }
            tokio::time::sleep(left.to_std().unwrap_or_default().min(LONGEST_NAP)).await;
        }
    }
}
