//! Calls to a store that is locked for a moment.

use super::config::{DriverConfig, Ports};
use crate::build::backoff;
use crate::store::StoreError;
use std::future::Future;

/// Makes a call again while it fails for a passing reason, at most as often as the driver tries anything.
///
/// Only for calls that may be repeated as they are; a write is decided anew instead.
pub(super) async fn patiently<T, F>(ports: &Ports, config: &DriverConfig, call: impl Fn() -> F) -> Result<T, StoreError>
where
    F: Future<Output = Result<T, StoreError>>,
{
    let mut failures = 0;
    loop {
        match call().await {
            Err(error) if error.is_transient() && failures < config.patience => {
                failures += 1;
                tracing::debug!(failures, "will try again: {error}");
                ports.clock.sleep_until(ports.clock.now() + backoff(failures)).await;
            }
            result => return result,
        }
    }
}
