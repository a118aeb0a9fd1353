//! One loop over some work, measured from inside its process; `peers/measure.h` is the same in C.

use super::child::Effort;
use crate::usage;
use std::error::Error;
use std::time::Duration;

/// What one iteration cost.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cost {
    /// Time in user mode, the mean of all iterations.
    pub(super) user: Duration,
    /// The fastest iteration, time in the kernel included.
    pub(super) best: Duration,
    /// Instructions in user mode; 0 where the system does not let a process count its own.
    pub(super) instructions: u64,
    /// What the work produced the last time.
    pub(super) result: u64,
}

/// Repeats the work. It returns a number that shows that it was done; 0 is a failure.
pub(super) fn measure(effort: &Effort, mut work: impl FnMut() -> u64) -> Result<Cost, Box<dyn Error>> {
    let mut result = 0;
    for _ in 0..effort.warm_up {
        result = work();
    }
    let counter = Counter::open();
    let spend = Duration::from_millis(effort.milliseconds);
    let (mut total, mut best, mut iterations) = (Duration::ZERO, Duration::MAX, 0_u32);
    let before = usage().user;
    counter.enable();
    while u64::from(iterations) < effort.at_least || total < spend {
        let begin = thread_time();
        result = work();
        let took = thread_time().saturating_sub(begin);
        best = best.min(took);
        total += took;
        iterations += 1;
        if result == 0 {
            return Err("the work failed".into());
        }
    }
    let instructions = counter.read();
    let user = usage().user.saturating_sub(before);
    let iterations = iterations.max(1);
    Ok(Cost { user: user / iterations, best, instructions: instructions / u64::from(iterations), result })
}

/// Processor time of this thread.
fn thread_time() -> Duration {
    let mut raw = std::mem::MaybeUninit::<libc::timespec>::zeroed();
    // SAFETY: the pointer is valid for a write of one `timespec`, and all zeroes is a valid value of it if the call fails.
    let raw = unsafe {
        libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, raw.as_mut_ptr());
        raw.assume_init()
    };
    Duration::new(u64::try_from(raw.tv_sec).unwrap_or(0), u32::try_from(raw.tv_nsec).unwrap_or(0))
}

/// Instructions of this thread in user mode, counted by the processor.
struct Counter(libc::c_int);

/// The first version of the kernel's `perf_event_attr`, which all later ones take as well.
#[repr(C)]
#[derive(Default)]
struct Attributes {
    kind: u32,
    size: u32,
    config: u64,
    sample_period: u64,
    sample_type: u64,
    read_format: u64,
    flags: u64,
    wakeup_events: u32,
    breakpoint_type: u32,
    breakpoint_address: u64,
}

/// `PERF_TYPE_HARDWARE` and `PERF_COUNT_HW_INSTRUCTIONS`.
const HARDWARE: u32 = 0;
const INSTRUCTIONS: u64 = 1;
/// Bits of the flags: not yet counting, without kernel, without hypervisor.
const DISABLED: u64 = 1;
const EXCLUDE_KERNEL: u64 = 1 << 5;
const EXCLUDE_HYPERVISOR: u64 = 1 << 6;
/// `PERF_EVENT_IOC_ENABLE` and `PERF_EVENT_IOC_DISABLE`.
const ENABLE: libc::c_ulong = 0x2400;
const DISABLE: libc::c_ulong = 0x2401;

impl Counter {
    fn open() -> Self {
        let attributes = Attributes {
            kind: HARDWARE,
            size: 64,
            config: INSTRUCTIONS,
            flags: DISABLED | EXCLUDE_KERNEL | EXCLUDE_HYPERVISOR,
            ..Attributes::default()
        };
        // SAFETY: the kernel reads 64 bytes behind the pointer, as `size` says, and that is the size of the struct.
        let file = unsafe { libc::syscall(libc::SYS_perf_event_open, &raw const attributes, 0, -1, -1, 0) };
        Self(libc::c_int::try_from(file).unwrap_or(-1))
    }

    fn enable(&self) {
        // SAFETY: this request takes no pointer; on a bad descriptor it fails.
        unsafe { libc::ioctl(self.0, ENABLE, 0) };
    }

    /// Stops counting; 0 where there is no counter.
    fn read(&self) -> u64 {
        let mut value = 0_u64;
        // SAFETY: the descriptor gives 8 bytes, and the pointer is valid for a write of them; a bad one fails.
        let read = unsafe {
            libc::ioctl(self.0, DISABLE, 0);
            libc::read(self.0, (&raw mut value).cast(), size_of::<u64>())
        };
        if read == 8 { value } else { 0 }
    }
}

impl Drop for Counter {
    fn drop(&mut self) {
        // SAFETY: the descriptor is this value's own, or -1, which fails.
        unsafe { libc::close(self.0) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_struct_is_as_long_as_it_says() {
        assert_eq!(size_of::<Attributes>(), 64);
    }

    #[test]
    fn work_is_repeated_as_often_as_asked_and_a_failure_ends_it() {
        let mut times = 0_u64;
        let effort = Effort { warm_up: 2, at_least: 5, milliseconds: 0 };
        let cost = measure(&effort, || {
            times += 1;
            times
        });
        assert_eq!(cost.expect("works").result, 7);
        assert!(measure(&effort, || 0).is_err());
    }
}
