//! What a process holds in memory; `peers/measure.h` asks the same in C.

/// Resident memory of this process, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resident {
    /// The most it held so far. `getrusage` would count what ran before `execve`.
    pub peak: u64,
    /// What it holds now and made itself: heap and stack.
    pub own: u64,
    /// What it holds now of files: its program and its libraries, as far as they were touched.
    pub files: u64,
}

impl Resident {
    /// Asks the system; 0 where it does not tell.
    pub fn now() -> Self {
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let bytes = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name));
            line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok()).unwrap_or(0) * 1024
        };
        Self { peak: bytes("VmHWM:"), own: bytes("RssAnon:"), files: bytes("RssFile:") }
    }

    /// By how much it grew.
    #[must_use]
    pub fn since(self, before: Self) -> Self {
        Self {
            peak: self.peak.saturating_sub(before.peak),
            own: self.own.saturating_sub(before.own),
            files: self.files.saturating_sub(before.files),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_process_has_a_peak_and_it_is_made_of_both_parts() {
        let now = Resident::now();
        assert!(now.own > 10_000 && now.files > 10_000);
        assert!(now.peak > 100_000);
    }

    #[test]
    fn a_part_that_shrank_grew_by_nothing() {
        let before = Resident { peak: 5, own: 5, files: 5 };
        let grown = Resident { peak: 7, own: 4, files: 5 }.since(before);
        assert_eq!(grown, Resident { peak: 2, own: 0, files: 0 });
    }
}
