//! How much goes into one multicall.

use super::call::Effect;

/// How much goes into one multicall. A multicall is one transaction on the hub: many writes in it hold locks for long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitLimits {
    /// Most calls that change something. 250.
    pub writes: usize,
    /// Most calls that only read. 2,000.
    pub reads: usize,
    /// Most bytes of a request; hubs read up to 4 MiB as they come. 3.5 MiB.
    pub bytes: usize,
}

impl Default for SplitLimits {
    fn default() -> Self {
        Self { writes: 250, reads: 2_000, bytes: 3_670_016 }
    }
}

/// The part that is being filled.
#[derive(Default)]
struct Part {
    calls: usize,
    writes: usize,
    bytes: usize,
}

/// Lengths of the parts that calls of these effects and sizes are sent in, in order.
pub(super) fn parts(calls: impl Iterator<Item = (Effect, usize)>, limits: &SplitLimits) -> Vec<usize> {
    let mut parts = Vec::new();
    let mut part = Part::default();
    for (effect, bytes) in calls {
        let write = usize::from(effect == Effect::Write);
        let full = part.writes + write > limits.writes
            || part.calls - part.writes + (1 - write) > limits.reads
            || part.bytes + bytes > limits.bytes;
        if full && part.calls > 0 {
            parts.push(part.calls);
            part = Part::default();
        }
        part.calls += 1;
        part.writes += write;
        part.bytes += bytes;
    }
    if part.calls > 0 {
        parts.push(part.calls);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;
    use Effect::{Read, Write};

    #[test]
    fn each_limit_ends_a_part() {
        let limits = SplitLimits { writes: 2, reads: 3, bytes: 100 };
        let split = |calls: &[(Effect, usize)]| parts(calls.iter().copied(), &limits);
        assert_eq!(split(&[]), Vec::<usize>::new());
        assert_eq!(split(&[(Write, 1); 5]), [2, 2, 1]);
        assert_eq!(split(&[(Read, 1); 7]), [3, 3, 1]);
        assert_eq!(split(&[(Read, 60), (Read, 40), (Read, 1)]), [2, 1]);
        assert_eq!(split(&[(Read, 1), (Write, 1), (Read, 1), (Write, 1), (Read, 1), (Write, 1)]), [5, 1]);
        // One that is too large goes alone.
        assert_eq!(split(&[(Read, 1), (Write, 500), (Read, 1)]), [1, 1, 1]);
    }
}
