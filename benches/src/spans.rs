//! Stretches of time.

/// From when to when, in nanoseconds.
pub type Span = (u64, u64);

/// How long at least one of the spans lasts, inside of the whole one.
pub fn covered(whole: Span, spans: &[Span]) -> u64 {
    let mut spans: Vec<Span> =
        spans.iter().map(|(from, to)| ((*from).clamp(whole.0, whole.1), (*to).clamp(whole.0, whole.1))).collect();
    spans.sort_unstable();
    let (mut sum, mut until) = (0, whole.0);
    for (from, to) in spans {
        sum += to.saturating_sub(from.max(until));
        until = until.max(to);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn what_overlaps_or_lies_outside_counts_once_or_not_at_all() {
        assert_eq!(covered((10, 20), &[]), 0);
        assert_eq!(covered((10, 20), &[(12, 14), (13, 16), (18, 30), (0, 11), (12, 13)]), 1 + 4 + 2);
        assert_eq!(covered((10, 20), &[(0, 9), (21, 30)]), 0);
    }
}
