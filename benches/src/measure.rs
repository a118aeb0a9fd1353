//! What this process has used so far, by the system's own accounting.

use std::time::Duration;

/// Resources of this process since its start.
#[derive(Debug, Clone, Copy)]
pub struct Usage {
    /// Time in user mode, over all threads.
    pub user: Duration,
    /// Time in the kernel, over all threads.
    pub system: Duration,
    /// Largest resident size so far, in bytes.
    pub peak: u64,
}

/// Asks the system.
pub fn usage() -> Usage {
    let mut raw = std::mem::MaybeUninit::<libc::rusage>::zeroed();
    // SAFETY: the pointer is valid for a write of one `rusage`, and all zeroes is a valid value of it if the call fails.
    let raw = unsafe {
        libc::getrusage(libc::RUSAGE_SELF, raw.as_mut_ptr());
        raw.assume_init()
    };
    let time = |value: libc::timeval| {
        let seconds = u64::try_from(value.tv_sec).unwrap_or(0);
        let micros = u64::try_from(value.tv_usec).unwrap_or(0);
        Duration::from_secs(seconds) + Duration::from_micros(micros)
    };
    Usage {
        user: time(raw.ru_utime),
        system: time(raw.ru_stime),
        peak: u64::try_from(raw.ru_maxrss).unwrap_or(0) * 1024,
    }
}

/// Processor time of this process over all threads, in the kernel and outside; finer than [`usage`].
pub fn processor_time() -> Duration {
    read(libc::CLOCK_PROCESS_CPUTIME_ID)
}

/// The middle one of some figures; of an even number, the upper of the two. Sorts them.
///
/// # Panics
/// If there is none.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// Nanoseconds of the system's monotonic clock, which is the same for all processes.
pub fn monotonic() -> u64 {
    u64::try_from(read(libc::CLOCK_MONOTONIC).as_nanos()).unwrap_or(u64::MAX)
}

fn read(clock: libc::clockid_t) -> Duration {
    let mut raw = std::mem::MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the pointer is valid for a write of one `timespec`, and all zeroes is a valid value of it if the call fails.
    let raw = unsafe {
        libc::clock_gettime(clock, raw.as_mut_ptr());
        raw.assume_init()
    };
    Duration::new(u64::try_from(raw.tv_sec).unwrap_or(0), u32::try_from(raw.tv_nsec).unwrap_or(0))
}
