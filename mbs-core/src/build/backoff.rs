//! How long to wait before something is tried again.

use chrono::TimeDelta;

/// Delay before the next try after `failures` failed ones: 1 s, doubled each time, at most 5 minutes.
pub fn backoff(failures: u32) -> TimeDelta {
    let seconds = 1i64 << failures.saturating_sub(1).min(9);
    TimeDelta::seconds(seconds.min(300))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_up_to_five_minutes() {
        let seconds: Vec<_> = [0, 1, 2, 3, 9, 10, 1000].map(|n| backoff(n).num_seconds()).into();
        assert_eq!(seconds, [1, 1, 2, 4, 256, 300, 300]);
    }
}
