//! Tells when programs ran, for whoever measures what a build spends outside of mbs.
//!
//! Each program that ended is one event of the target [`TARGET`] at level trace, with its name and the moments at which
//! it began and ended in nanoseconds of the system's monotonic clock, which is the same for all processes. The time that
//! a sandbox takes to be set up and to be taken down is not in it.

use rustix::time::{ClockId, clock_gettime};

/// Target of the events.
const TARGET: &str = "mbs::external";

/// Nanoseconds of the monotonic clock. Allocates nothing and takes no lock.
pub(crate) fn monotonic() -> u64 {
    let now = clock_gettime(ClockId::Monotonic);
    let part = |number: i64| u64::try_from(number).unwrap_or(0);
    part(now.tv_sec).saturating_mul(1_000_000_000).saturating_add(part(now.tv_nsec))
}

/// A program has run.
pub(crate) fn ran(program: &str, began: u64, ended: u64) {
    tracing::trace!(target: TARGET, program, began, ended);
}
