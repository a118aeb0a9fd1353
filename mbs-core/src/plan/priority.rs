//! Which of the components that may run starts first.

use super::input::Weight;
use crate::ComponentName;
use std::cmp::{Ordering, Reverse};
use std::time::Duration;

/// A component that may run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate<'a> {
    /// Its name.
    pub name: &'a ComponentName,
    /// How much work it is said to be.
    pub weight: Weight,
    /// How long an earlier build of it took, if one is known.
    pub measured: Option<Duration>,
}

/// How long a component is expected to take.
///
/// That is what an earlier build took. Without one, the weight is turned back into a time by the rule that makes
/// weights: 1.5 and 1 more for each 4800 seconds.
pub fn expected_time(weight: Weight, measured: Option<Duration>) -> Duration {
    const MILLISECONDS_PER_THOUSANDTH: u64 = 4800;
    measured.unwrap_or_else(|| {
        let above = weight.0.saturating_sub(Weight::UNKNOWN.0);
        Duration::from_millis(above.saturating_mul(MILLISECONDS_PER_THOUSANDTH))
    })
}

/// Orders components that may run: the longest first, ties by name.
pub fn longest_first(a: &Candidate<'_>, b: &Candidate<'_>) -> Ordering {
    let key = |it: &Candidate<'_>| Reverse((expected_time(it.weight, it.measured), it.weight));
    key(a).cmp(&key(b)).then_with(|| a.name.cmp(b.name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn measured_times_beat_weights_and_names_break_ties() {
        let names: Vec<ComponentName> =
            ["a", "b", "c", "d", "e"].into_iter().map(|name| ComponentName::new(name).expect("name")).collect();
        let candidate = |at: usize, weight, seconds: Option<u64>| Candidate {
            name: &names[at],
            weight: Weight(weight),
            measured: seconds.map(Duration::from_secs),
        };
        let mut list = [
            candidate(4, 1500, Some(60)),
            candidate(1, 1500, None),
            candidate(0, 1500, None),
            candidate(2, 2500, None),
            candidate(3, 9999, Some(4801)),
        ];
        list.sort_by(longest_first);
        let order: Vec<&str> = list.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(order, ["d", "c", "e", "a", "b"]);
        assert_eq!(expected_time(Weight(2500), None), Duration::from_mins(80));
        assert_eq!(expected_time(Weight(0), None), Duration::ZERO);
    }
}
