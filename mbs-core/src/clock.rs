//! Time, handed in and never global, so that a test can run a year in milliseconds.

use async_trait::async_trait;
use chrono::{DateTime, Utc};

/// Where the engine gets its time from.
#[async_trait]
pub trait Clock: Send + Sync {
    /// The present moment in UTC.
    fn now(&self) -> DateTime<Utc>;

    /// Waits until `when`; returns at once if that moment has passed.
    async fn sleep_until(&self, when: DateTime<Utc>);
}
