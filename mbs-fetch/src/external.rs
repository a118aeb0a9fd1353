//! Tells when git ran, for whoever measures what a build spends outside of mbs.
//!
//! Each run that ended is one event of the target [`TARGET`] at level trace, with the program and the moments at which it
//! began and ended in nanoseconds of the system's monotonic clock, which is the same for all processes.

use rustix::time::{ClockId, clock_gettime};

/// Target of the events.
const TARGET: &str = "mbs::external";

/// Nanoseconds of the monotonic clock.
pub(crate) fn monotonic() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    part(now.tv_sec).saturating_mul(1_000_000_000).saturating_add(part(now.tv_nsec))
}

/// A program has run, and ends now.
pub(crate) fn ran(program: &str, began: u64) {
    tracing::trace!(target: TARGET, program, began, ended = monotonic());
}
