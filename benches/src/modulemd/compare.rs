//! A figure beside its peer's, and what it shall reach.

use crate::{Format, Row};
use serde_json::json;
use std::fmt;

/// What a figure shall reach.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Goal {
    /// Nothing; the figure explains another one.
    None,
    /// The peer's figure is so many times as large at least.
    Faster(f64),
    /// The figure is so many times the peer's at most.
    NotMore(f64),
    /// The figure is this at most, whatever the peer's.
    AtMost(f64),
}

/// A row with a goal.
#[derive(Debug, Clone)]
pub struct Comparison {
    /// The figure and its peer's.
    pub row: Row,
    /// What is wanted.
    pub goal: Goal,
}

impl Comparison {
    /// The peer's figure divided by this one: above 1 is better than the peer.
    pub fn ratio(&self) -> Option<f64> {
        self.row.peer.map(|(_, peer)| peer / self.row.value)
    }

    /// Whether the goal is reached; `None` without a goal or a peer.
    pub fn reached(&self) -> Option<bool> {
        match self.goal {
            Goal::None => None,
            Goal::Faster(times) => Some(self.ratio()? >= times),
            Goal::NotMore(times) => Some(self.ratio()? * times >= 1.0),
            Goal::AtMost(most) => Some(self.row.value <= most),
        }
    }

    /// Prints it to standard output.
    #[expect(clippy::print_stdout, reason = "the output of a benchmark")]
    pub fn print(&self, format: Format) {
        let verdict = self.reached().map(|reached| if reached { "pass" } else { "miss" });
        if format == Format::Json {
            let mut object = self.row.json();
            let goal = (self.goal != Goal::None).then(|| self.goal.to_string());
            for (key, value) in [("ratio", json!(self.ratio())), ("goal", json!(goal)), ("verdict", json!(verdict))] {
                if !value.is_null() {
                    object[key] = value;
                }
            }
            println!("{object}");
            return;
        }
        let ratio = self.ratio().map(|ratio| format!("  {ratio:.2}x")).unwrap_or_default();
        let goal = verdict.map(|verdict| format!("  {}: {verdict}", self.goal)).unwrap_or_default();
        println!("{}{ratio}{goal}", self.row.text());
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => Ok(()),
            Self::Faster(times) => write!(f, "at least {times}x faster"),
            Self::NotMore(times) if (times - 1.0).abs() < f64::EPSILON => f.write_str("not more"),
            Self::NotMore(times) => write!(f, "at most {times}x"),
            Self::AtMost(most) => write!(f, "at most {most}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reached(value: f64, peer: Option<f64>, goal: Goal) -> Option<bool> {
        let peer = peer.map(|figure| ("peer", figure));
        Comparison { row: Row { bench: "b", case: "c".into(), value, unit: "ms", peer }, goal }.reached()
    }

    #[test]
    fn a_goal_is_met_at_its_border_and_needs_a_peer() {
        assert_eq!(reached(1.0, Some(20.0), Goal::Faster(20.0)), Some(true));
        assert_eq!(reached(1.0, Some(19.0), Goal::Faster(20.0)), Some(false));
        assert_eq!(reached(2.0, Some(2.0), Goal::NotMore(1.0)), Some(true));
        assert_eq!(reached(2.3, Some(2.0), Goal::NotMore(1.1)), Some(false));
        assert_eq!(reached(1.0, None, Goal::AtMost(1.0)), Some(true));
        assert_eq!(reached(1.1, Some(9.0), Goal::AtMost(1.0)), Some(false));
        assert_eq!(reached(1.0, None, Goal::Faster(2.0)), None);
        assert_eq!(reached(1.0, Some(2.0), Goal::None), None);
    }
}
