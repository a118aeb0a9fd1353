//! Faults between the client and the hub.

use serde::Deserialize;
use std::time::Duration;

/// What goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Injected {
    /// A proxy answers with this status; the hub sees nothing.
    Status(u16),
    /// A proxy answers 200 with a page; the hub sees nothing.
    Html,
    /// The connection is reset; the hub sees nothing.
    ResetBefore,
    /// The hub does the call, but the connection is reset before the answer.
    ResetAfter,
    /// The hub does the call, but its answer ends after so many bytes.
    Cut(usize),
    /// The hub gets the request twice; the client gets the second answer.
    Twice,
    /// The hub gets the request twice; the client gets the first answer.
    TwiceFirst,
    /// The hub answers this fault and does nothing.
    Fault {
        /// Number of the kind.
        code: i64,
        /// Text.
        text: String,
    },
    /// The answer comes late by so many milliseconds.
    Late(u64),
    /// All sessions expire before the request.
    Expire,
}

/// Which requests something goes wrong with. All that is given has to fit.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// The number of the request, from 1; none: any.
    #[serde(default)]
    pub request: Option<u64>,
    /// The method, also inside a multicall; `upload` for uploads; none: any.
    #[serde(default)]
    pub method: Option<String>,
    /// How many fitting requests are let through first.
    #[serde(default)]
    pub after: u64,
    /// With how many it goes wrong.
    #[serde(default = "one")]
    pub times: u64,
    /// What goes wrong.
    pub what: Injected,
}

fn one() -> u64 {
    1
}

impl Rule {
    /// For the next request whatever it is.
    pub fn next(what: Injected) -> Self {
        Self { request: None, method: None, after: 0, times: 1, what }
    }

    /// For the request with this number, from 1.
    pub fn at(request: u64, what: Injected) -> Self {
        Self { request: Some(request), ..Self::next(what) }
    }

    /// For the next request with this method.
    pub fn method(name: &str, what: Injected) -> Self {
        Self { method: Some(name.to_owned()), ..Self::next(what) }
    }

    /// The same for so many requests.
    pub fn times(self, times: u64) -> Self {
        Self { times, ..self }
    }
}

/// When the hub falls silent, so that whoever drives the client can stop it there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stop {
    /// Before it does the request with this number, from 1.
    Before(u64),
    /// After it has done the request with this number, from 1; the answer is lost.
    After(u64),
}

/// What is going to go wrong.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultPlan {
    /// Looked at in order; the first that fits counts.
    pub rules: Vec<Rule>,
    /// Where the hub falls silent.
    pub stop: Option<Stop>,
    /// How late every answer is, in milliseconds.
    pub latency_ms: u64,
}

impl FaultPlan {
    /// What goes wrong with this request.
    pub(super) fn take(&mut self, number: u64, methods: &[&str]) -> Option<Injected> {
        for rule in &mut self.rules {
            let fits = rule.request.is_none_or(|wanted| wanted == number)
                && rule.method.as_ref().is_none_or(|wanted| methods.contains(&wanted.as_str()));
            if !fits || rule.times == 0 {
                continue;
            }
            if rule.after > 0 {
                rule.after -= 1;
                continue;
            }
            rule.times -= 1;
            return Some(rule.what.clone());
        }
        None
    }

    pub(super) fn latency(&self) -> Duration {
        Duration::from_millis(self.latency_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_counts_only_what_fits() {
        let rule = Rule { after: 1, ..Rule::method("build", Injected::Html).times(2) };
        let mut plan = FaultPlan { rules: vec![rule], ..FaultPlan::default() };
        let taken: Vec<bool> = ["build", "getTag", "build", "build", "build"]
            .into_iter()
            .zip(1..)
            .map(|(method, number)| plan.take(number, &["multiCall", method]).is_some())
            .collect();
        assert_eq!(taken, [false, false, true, true, false]);
    }
}
