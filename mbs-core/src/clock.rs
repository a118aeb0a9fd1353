//! Time as something that is handed in.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// The time of day and waiting for it.
///
/// Nothing else in mbs asks for the time or sleeps, so that a simulation can run a year in milliseconds.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment. Two calls may give the same value, and a corrected system clock may go back.
    fn now(&self) -> DateTime<Utc>;

    /// Returns once `until` has come; at once when it has passed already. Dropping the future ends the wait.
    async fn sleep_until(&self, until: DateTime<Utc>);
}
