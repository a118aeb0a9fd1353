//! Trying again after trouble with the network.

use crate::options::FetchOptions;
use chrono::{DateTime, TimeDelta, Utc};
use mbs_core::clock::Clock;
use mbs_core::source::SourceError;
use std::time::Duration;

/// The moment `after` from now; the end of time when that does not fit.
pub(crate) fn deadline(clock: &dyn Clock, after: Duration) -> DateTime<Utc> {
    let delta = TimeDelta::from_std(after).unwrap_or(TimeDelta::MAX);
    clock.now().checked_add_signed(delta).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// Counts the attempts of one piece of work and waits between them.
pub(crate) struct Attempts<'a> {
    clock: &'a dyn Clock,
    options: &'a FetchOptions,
    made: u32,
}

impl<'a> Attempts<'a> {
    pub(crate) fn new(clock: &'a dyn Clock, options: &'a FetchOptions) -> Self {
        Self { clock, options, made: 0 }
    }

    /// After a failed attempt: waits until the next one is due, or gives the error back when it is not about the
    /// network or no attempt is left.
    pub(crate) async fn after(&mut self, error: SourceError) -> Result<(), SourceError> {
        self.made += 1;
        if !matches!(error, SourceError::Network { .. }) || self.made >= self.options.attempts {
            return Err(error);
        }
        tracing::debug!(%error, attempt = self.made, "trying again");
        let factor = 1_u32.checked_shl(self.made - 1).unwrap_or(u32::MAX);
        self.clock.sleep_until(deadline(self.clock, self.options.backoff.saturating_mul(factor))).await;
        Ok(())
    }
}
