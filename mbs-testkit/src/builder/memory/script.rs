//! What becomes of a component.

use chrono::TimeDelta;
use mbs_core::{ComponentName, Failure};

/// How a task ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Built, with binary packages of these names; none given: one that is called like the component.
    Complete(Vec<String>),
    /// Failed for good.
    Fail(Failure),
    /// Lost: nobody works on it and there is no result.
    Lost(String),
    /// Ended by somebody.
    Canceled,
}

/// When a task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// In the call that submits it.
    AtOnce,
    /// This long after its submission.
    After(TimeDelta),
    /// When [`MemoryBuilder::finish`](super::MemoryBuilder::finish) is called; never otherwise.
    ByHand,
}

/// What becomes of a component, attempt by attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    first: Outcome,
    later: Vec<Outcome>,
    pub(super) ends: Ends,
    pub(super) errors: u32,
    pub(super) needs: Vec<ComponentName>,
    pub(super) uses: Vec<ComponentName>,
}

impl Default for Script {
    fn default() -> Self {
        Self::complete()
    }
}

impl Script {
    /// Every attempt ends like this, at once.
    pub fn new(outcome: Outcome) -> Self {
        Self { first: outcome, later: Vec::new(), ends: Ends::AtOnce, errors: 0, needs: Vec::new(), uses: Vec::new() }
    }

    /// Built, with one package of its own name.
    pub fn complete() -> Self {
        Self::new(Outcome::Complete(Vec::new()))
    }

    /// Failed for good.
    pub fn fail(failure: Failure) -> Self {
        Self::new(Outcome::Fail(failure))
    }

    /// Lost again and again.
    pub fn lost(reason: impl Into<String>) -> Self {
        Self::new(Outcome::Lost(reason.into()))
    }

    /// The next attempt ends like this, and so do all after it.
    pub fn then(mut self, outcome: Outcome) -> Self {
        self.later.push(outcome);
        self
    }

    /// Tasks end this long after their submission.
    pub fn after(mut self, delay: TimeDelta) -> Self {
        self.ends = Ends::After(delay);
        self
    }

    /// Tasks end when they are told to.
    pub fn by_hand(mut self) -> Self {
        self.ends = Ends::ByHand;
        self
    }

    /// The first `calls` submissions of every attempt find the build system out of order.
    pub fn unavailable(mut self, calls: u32) -> Self {
        self.errors = calls;
        self
    }

    /// Fails unless its buildroot can see this component of its module.
    pub fn needing(mut self, component: ComponentName) -> Self {
        self.needs.push(component);
        self
    }

    /// Fails unless this component of its module is installed into every buildroot.
    pub fn using(mut self, component: ComponentName) -> Self {
        self.uses.push(component);
        self
    }

    /// How an attempt ends; attempts count from 1.
    pub fn outcome(&self, attempt: u32) -> &Outcome {
        let later = (attempt as usize).saturating_sub(1).min(self.later.len());
        if later == 0 { &self.first } else { self.later.get(later - 1).unwrap_or(&self.first) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_outcome_is_that_of_all_later_attempts() {
        let script = Script::lost("power cut").then(Outcome::Canceled).then(Outcome::Complete(Vec::new()));
        let lost = Outcome::Lost("power cut".to_owned());
        let all: Vec<_> = (1..=4).map(|attempt| script.outcome(attempt).clone()).collect();
        let complete = Outcome::Complete(Vec::new());
        assert_eq!(all, [lost, Outcome::Canceled, complete.clone(), complete]);
    }
}
