//! Which calls go wrong, and how.

use crate::builder::call::Method;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum FaultKind {
    /// Nothing.
    #[default]
    None,
    /// It fails and has done nothing.
    Before,
    /// It is done, but the answer is lost.
    After,
    /// It is done twice; the caller gets the second answer.
    Repeat,
}

/// What happens to one call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fault {
    /// What goes wrong.
    pub kind: FaultKind,
    /// Time that passes before it and again before the answer.
    pub delay: TimeDelta,
    /// How often it gives way to others before it and again before the answer: points at which it can be dropped.
    pub pauses: u32,
}

impl From<FaultKind> for Fault {
    fn from(kind: FaultKind) -> Self {
        Self { kind, ..Self::default() }
    }
}

/// How often what happens, in percent of the calls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rates {
    /// [`FaultKind::Before`].
    pub before: u8,
    /// [`FaultKind::After`].
    pub after: u8,
    /// [`FaultKind::Repeat`].
    pub repeat: u8,
    /// Calls that take time, up to [`Rates::longest`].
    pub delayed: u8,
    /// The longest delay.
    pub longest: TimeDelta,
}

/// Decides the fault of every call.
#[derive(Debug, Clone)]
pub struct FaultPlan {
    usual: Fault,
    listed: BTreeMap<(Method, u64), Fault>,
    seeded: Option<(fastrand::Rng, Rates)>,
    calls: BTreeMap<Method, u64>,
}

impl FaultPlan {
    /// Every call passes.
    pub fn pass() -> Self {
        Self { usual: Fault::default(), listed: BTreeMap::new(), seeded: None, calls: BTreeMap::new() }
    }

    /// Every call passes, but gives way this often before it and again before its answer.
    pub fn pausing(pauses: u32) -> Self {
        Self { usual: Fault { pauses, ..Fault::default() }, ..Self::pass() }
    }

    /// Faults from a seed: the same seed and calls give the same faults.
    pub fn seeded(seed: u64, rates: Rates) -> Self {
        Self { seeded: Some((fastrand::Rng::with_seed(seed), rates)), ..Self::pass() }
    }

    /// The `nth` call of a method, from 1, meets this fault, whatever else the plan says.
    pub fn at(mut self, method: Method, nth: u64, fault: impl Into<Fault>) -> Self {
        self.listed.insert((method, nth), fault.into());
        self
    }

    /// The first `times` calls of a method fail before they do anything.
    pub fn failing(self, method: Method, times: u64) -> Self {
        (1..=times).fold(self, |plan, nth| plan.at(method, nth, FaultKind::Before))
    }

    /// The fault of the next call of a method.
    pub fn next(&mut self, method: Method) -> Fault {
        let nth = self.calls.entry(method).or_insert(0);
        *nth += 1;
        // The seed moves on in any case: a listed fault does not shift the others.
        let drawn = self.seeded.as_mut().map(|(random, rates)| draw(random, rates));
        self.listed.get(&(method, *nth)).copied().or(drawn).unwrap_or(self.usual)
    }
}

fn draw(random: &mut fastrand::Rng, rates: &Rates) -> Fault {
    let dice = random.u32(..100);
    let [before, after, repeat] = [rates.before, rates.after, rates.repeat].map(u32::from);
    let kind = if dice < before {
        FaultKind::Before
    } else if dice < before + after {
        FaultKind::After
    } else if dice < before + after + repeat {
        FaultKind::Repeat
    } else {
        FaultKind::None
    };
    let slow = random.u32(..100) < u32::from(rates.delayed);
    let milliseconds = random.i64(0..=rates.longest.num_milliseconds().max(0));
    Fault { kind, delay: TimeDelta::milliseconds(if slow { milliseconds } else { 0 }), pauses: 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_faults() {
        let rates = Rates { before: 20, after: 20, repeat: 20, delayed: 50, longest: TimeDelta::seconds(5) };
        let faults = |seed| {
            let mut plan = FaultPlan::seeded(seed, rates);
            (0..200).map(|_| plan.next(Method::Status)).collect::<Vec<_>>()
        };
        assert_eq!(faults(7), faults(7));
        assert_ne!(faults(7), faults(8));
        for kind in [FaultKind::None, FaultKind::Before, FaultKind::After, FaultKind::Repeat] {
            assert!(faults(7).iter().any(|fault| fault.kind == kind), "{kind:?}");
        }
    }

    #[test]
    fn listed_faults_meet_the_call_they_name() {
        let mut plan = FaultPlan::pass().at(Method::Submit, 2, FaultKind::After);
        assert_eq!(plan.next(Method::Submit).kind, FaultKind::None);
        assert_eq!(plan.next(Method::Status).kind, FaultKind::None);
        assert_eq!(plan.next(Method::Submit).kind, FaultKind::After);
        assert_eq!(plan.next(Method::Submit).kind, FaultKind::None);
    }
}
